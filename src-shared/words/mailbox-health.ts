import type { HealthReason, HealthState } from '../model/mailbox-health.ts'
import { exactTime } from './times.ts'

export const healthStateWords: Record<HealthState, { name: string; gloss: string }> = {
  ramping: { name: 'Warming', gloss: 'The volume grows day by day.' },
  maintenance: { name: 'Maintenance', gloss: 'The mailbox is ready; a few messages a day keep it so.' },
  slowed: {
    name: 'Slowed',
    gloss: 'Half of the planned volume, until three days have passed without trouble.',
  },
  'rate-limited': { name: 'Rate limited', gloss: 'The server asked to wait; it goes on by itself.' },
  paused: { name: 'Paused', gloss: 'Nothing is sent. Messages are still found, rescued and read.' },
  offline: {
    name: 'Offline',
    gloss: 'The network is away. What would have been sent meanwhile is left out.',
  },
}

/** Why a mailbox stands where it stands, as a clause after its state: "Paused: …". */
export const healthReasonWords: Record<HealthReason, string> = {
  healthy: 'all is well.',
  'inbox-share-low': 'fewer than 90 of 100 messages land in the inbox.',
  'soft-blocked': 'a server turned a message away for now and named its rules.',
  'bounces-rising': 'two of 100 messages or more come back.',
  resuming: 'it begins again at half the volume after a pause.',
  'paused-by-person': 'you paused it.',
  'authentication-broken': 'SPF, DKIM or DMARC of the domain no longer passes.',
  'login-failing': 'the login failed three times in a row.',
  'policy-blocked': 'a server refused a message for good and named its rules.',
  'newly-listed': 'the domain or its address is on a blacklist that is widely used.',
  'bounces-high': 'five of 100 messages or more come back.',
  'inbox-share-very-low': 'fewer than 75 of 100 messages land in the inbox.',
  'score-low': 'its health fell below 80.',
  'rate-limited': 'the server asked to send more slowly.',
  'daily-quota': 'the provider lets it send no more today.',
  offline: 'there is no network, or the machine slept.',
}

/** "Paused: the login failed three times in a row. Looks again 23 Nov 2026, 09:00." */
export function healthSentence(
  { state, reason, reviewAt }: { state: HealthState; reason: HealthReason; reviewAt: number | null },
  timeZone?: string,
): string {
  const said = `${healthStateWords[state].name}: ${healthReasonWords[reason]}`
  if (reviewAt === null) return said
  const verb = state === 'rate-limited' ? 'Goes on' : 'Looks again'
  return `${said} ${verb} ${exactTime(reviewAt, timeZone)}.`
}
