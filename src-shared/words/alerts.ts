import type { Alert, AlertCode, AlertState } from '../model/alert.ts'
import type { HealthReason } from '../model/mailbox-health.ts'
import { checkWords } from './checks.ts'
import { healthReasonWords } from './mailbox-health.ts'
import { countOf, type Facts, factList, factNumber, factPhrase, factText, listOf } from './phrases.ts'
import { exactTime } from './times.ts'

type AlertWords = {
  /** What happened, about the domain or mailbox that stands beside it. */
  readonly title: (facts: Facts) => string
  /** What caused it and why it matters. */
  readonly cause: (facts: Facts) => string
  /** What to do next. */
  readonly next: (facts: Facts) => string
}

function checkName(facts: Facts): string {
  const check = factText(facts, 'check', '')
  return Object.hasOwn(checkWords, check) ? checkWords[check as keyof typeof checkWords].name : 'DNS'
}

const target = (facts: Facts) => factText(facts, 'target', 'This domain', 100)
const list = (facts: Facts) => factText(facts, 'list', 'a blacklist')

function lookedAtAgain(facts: Facts): string {
  const at = factNumber(facts, 'reviewAt')
  return at === null ? '' : ` It is looked at again ${exactTime(at)}.`
}

function connectionTrouble(facts: Facts): string {
  const reason = factText(facts, 'reason', '')
  if (reason.startsWith('dns.')) return 'Its name was not found in the DNS.'
  if (reason.startsWith('tls.cert')) return 'Its certificate is not one to trust.'
  if (reason.startsWith('tls.')) return 'No encrypted connection to it came about.'
  return 'It did not come as far as the login.'
}

const alertWords: Record<AlertCode, AlertWords> = {
  'blacklist.listed': {
    title: facts => `${target(facts)} is on the blacklist ${list(facts)}.`,
    cause: facts =>
      `${factText(facts, 'meaning', 'The list does not say why.', 300)} Receivers that ask this list may refuse the mail or file it as spam.`,
    next: facts =>
      factText(facts, 'delistUrl', '') === ''
        ? 'Find out what was sent and stop it; the list lets nobody remove an entry by hand.'
        : 'First find out what was sent and stop it, then ask for removal on the list’s page.',
  },
  'drift.record-vanished': {
    title: facts => `The ${checkName(facts)} record is gone.`,
    cause: facts =>
      `It was there at the last look${factPhrase(facts, 'before', ': ', '')}. The DNS server now says there is none.`,
    next: () => 'Publish it again. If you changed the DNS provider, check that every record was moved.',
  },
  'drift.policy-weakened': {
    title: facts =>
      `The ${checkName(facts)} policy became weaker: ${factText(facts, 'before', 'none')} is now ${factText(facts, 'after', 'not set')}.`,
    cause: facts =>
      `The record now reads ${factText(facts, 'record', 'differently', 200)}. Others can pass as this domain more easily.`,
    next: () => 'If nobody meant this change, put the stricter policy back.',
  },
  'drift.lookup-limit': {
    title: facts =>
      `SPF now needs ${factText(facts, 'after', 'more than 10')} look-ups; receivers stop at ${factText(facts, 'limit', '10')}.`,
    cause: facts =>
      `At the last look it needed ${factText(facts, 'before', 'fewer')}. A provider you include has most likely added names of its own. Past the limit receivers treat the record as broken.`,
    next: () =>
      'Open the domain: the cost tree shows which include costs what. Remove one you no longer use.',
  },
  'drift.status-fell': {
    title: () => 'The domain was Verified and has Failed.',
    cause: facts => {
      const checks = factList(facts, 'checks').map(check => checkName({ check }))
      return checks.length === 0
        ? 'A required record is missing or wrong now.'
        : `What was right and no longer is: ${listOf(checks, 5)}.`
    },
    next: () => 'Open the domain and mend the first finding.',
  },
  'mailbox.auth-failed': {
    title: facts =>
      factText(facts, 'reason', '') === 'credential-missing'
        ? 'The password of this mailbox cannot be opened any more.'
        : `The server refused the login ${factText(facts, 'refusals', 'three')} times in a row.`,
    cause: () => 'Nothing can be sent or read with this mailbox until it logs in again.',
    next: () =>
      'Open the mailbox: it says what was refused and what to do. Enter the password again if it was changed.',
  },
  'mailbox.unreachable': {
    title: facts =>
      `The server${factPhrase(facts, 'host', ' ')} could not be used ${factText(facts, 'times', 'several')} times in a row.`,
    cause: facts =>
      `${connectionTrouble(facts)} Nothing can be sent or read there until that is mended. Other mailboxes on it most likely meet the same; one alert stands for all.`,
    next: () =>
      'Open the mailbox: its last test says what the server did and what to do. It is tried again by itself, and the alert ends when that works.',
  },
  'dkim.key-old': {
    title: facts =>
      `The DKIM key${factPhrase(facts, 'selector', ' “', '”')} is more than ${factText(facts, 'days', '90')} days old.`,
    cause: () =>
      'A key that changes now and then is worth little to someone who got hold of an old one. This one was made here and no newer one was.',
    next: () =>
      'Open “Records to publish” of the domain and rotate the key there: publish the new one, then let your server sign with it.',
  },
  'warmup.paused': {
    title: () => 'Warmup of this mailbox was paused.',
    cause: facts => {
      const reason = factText(facts, 'reason', '')
      return Object.hasOwn(healthReasonWords, reason)
        ? `The reason: ${healthReasonWords[reason as HealthReason]}${lookedAtAgain(facts)}`
        : 'Its health is too low to go on.'
    },
    next: () =>
      'Open the mailbox and mend the cause. It goes on by itself at half the volume once the cause is gone and the pause is over.',
  },
  'warmup.rules': {
    title: () => 'Warmup began.',
    cause: () =>
      'Some mail providers forbid automated exchanges that are meant to get round their filters, and may close accounts for it.',
    next: () =>
      'Read the terms of your provider. Warmup can be stopped for each mailbox, and Settings say whether new mailboxes begin by themselves.',
  },
}

export const alertStateWords: Record<AlertState, { name: string; gloss: string }> = {
  open: { name: 'Open', gloss: 'Nobody has looked at it yet.' },
  acknowledged: { name: 'Seen', gloss: 'Someone has seen it; its cause is still there.' },
  resolved: { name: 'Resolved', gloss: 'Over, or put aside by a person.' },
}

/** The sentences for one alert: what happened, what caused it, what to do next. */
export function describeAlert(alert: Pick<Alert, 'code' | 'facts'>): {
  title: string
  cause: string
  next: string
} {
  const words = alertWords[alert.code]
  return { title: words.title(alert.facts), cause: words.cause(alert.facts), next: words.next(alert.facts) }
}

/** What the system's notification says of one alert. */
export function alertNotification(alert: Pick<Alert, 'code' | 'facts' | 'about'>): {
  title: string
  body: string
} {
  const { title, next } = describeAlert(alert)
  return { title: alert.about, body: `${title} ${next}` }
}

export function manyAlerts(count: number): { title: string; body: string } {
  return { title: `${countOf(count, 'new alert')} in Rookery`, body: 'Open Alerts to see them, worst first.' }
}
