import type { HealthReason } from '../model/mailbox-health.ts'
import type { ReportCategory } from '../model/mail-report.ts'
import type { TokenRefusal, VolumeLimit, WarmupPhase } from '../model/warmup.ts'
import type { Placement, WarmupActivity, WarmupActivityCode } from '../model/warmup-view.ts'
import { healthReasonWords } from './mailbox-health.ts'
import { reportCategoryWords } from './mail-reports.ts'
import { countOf, type Facts, factNumber, factPhrase, factText } from './phrases.ts'
import { exactTime } from './times.ts'
import { phaseWords, tokenRefusalWords, volumeLimitWords } from './warmup.ts'

/** Kinds of activity a person filters by. */
export type ActivityGroup = 'sending' | 'arriving' | 'returned' | 'state'

export const activityGroupWords: Record<ActivityGroup, { name: string; gloss: string }> = {
  sending: { name: 'Sent', gloss: 'Messages and answers that went out, or did not.' },
  arriving: { name: 'Arrived', gloss: 'Where messages were found, and what was done with them.' },
  returned: {
    name: 'Came back',
    gloss: 'Bounces, complaints, automatic answers, and what was not believed.',
  },
  state: { name: 'State', gloss: 'Pauses, limits, plans and settings.' },
}

export const activityGroups: Record<WarmupActivityCode, ActivityGroup> = {
  started: 'state',
  stopped: 'state',
  'settings-changed': 'state',
  'campaign-changed': 'state',
  'day-planned': 'state',
  sent: 'sending',
  refused: 'sending',
  'settled-sent': 'sending',
  'settled-not-sent': 'sending',
  'settled-unknown': 'sending',
  'dropped-late': 'sending',
  'found-in-inbox': 'arriving',
  'found-in-category': 'arriving',
  'found-in-junk': 'arriving',
  'not-found': 'arriving',
  rescued: 'arriving',
  replied: 'sending',
  filed: 'arriving',
  tidied: 'arriving',
  bounced: 'returned',
  complained: 'returned',
  'automatic-answer': 'returned',
  'token-refused': 'returned',
  slowed: 'state',
  paused: 'state',
  'rate-limited': 'state',
  resumed: 'state',
  'phase-changed': 'state',
  offline: 'state',
  online: 'state',
  skipped: 'state',
}

/** How an entry is to be taken: good news, trouble, or neither. */
export const activityTones: Record<WarmupActivityCode, 'pass' | 'warn' | 'fail' | 'neutral'> = {
  started: 'neutral',
  stopped: 'neutral',
  'settings-changed': 'neutral',
  'campaign-changed': 'neutral',
  'day-planned': 'neutral',
  sent: 'neutral',
  refused: 'fail',
  'settled-sent': 'neutral',
  'settled-not-sent': 'warn',
  'settled-unknown': 'warn',
  'dropped-late': 'neutral',
  'found-in-inbox': 'pass',
  'found-in-category': 'pass',
  'found-in-junk': 'warn',
  'not-found': 'warn',
  rescued: 'pass',
  replied: 'neutral',
  filed: 'neutral',
  tidied: 'neutral',
  bounced: 'fail',
  complained: 'fail',
  'automatic-answer': 'neutral',
  'token-refused': 'warn',
  slowed: 'warn',
  paused: 'fail',
  'rate-limited': 'warn',
  resumed: 'pass',
  'phase-changed': 'pass',
  offline: 'neutral',
  online: 'neutral',
  skipped: 'neutral',
}

/** A word of a closed list as its sentence; nothing for one that is not on it. */
function said<Code extends string>(words: Record<Code, string>, facts: Facts, name: string): string {
  const code = factText(facts, name, '')
  return Object.hasOwn(words, code) ? words[code as Code] : ''
}

/** The other mailbox. */
const other = (facts: Facts, otherwise = 'another mailbox') =>
  factText(facts, 'to', factText(facts, 'from', otherwise, 80), 80)

/** "The message to mia@…", "The message from leo@…". */
function theMessage(facts: Facts): string {
  if (typeof facts.to === 'string' && facts.to !== '') return `The message to ${other(facts)}`
  return `The message${factPhrase(facts, 'from', ' from ')}`
}

const about = (facts: Facts) => factPhrase(facts, 'subject', ': “', '”')

function until(facts: Facts, verb: string): string {
  const at = factNumber(facts, 'until')
  return at === null ? '' : ` ${verb} ${exactTime(at)}.`
}

function because(facts: Facts, otherwise: string): string {
  const why = said<HealthReason>(healthReasonWords, facts, 'reason')
  return why === '' ? `${otherwise}.` : `${otherwise}: ${why}`
}

function category(facts: Facts): string {
  const code = factText(facts, 'category', '')
  if (code === '' || code === 'unknown' || !Object.hasOwn(reportCategoryWords, code)) return ''
  return ` ${reportCategoryWords[code as ReportCategory].gloss}`
}

const activityWords: Record<WarmupActivityCode, (facts: Facts) => string> = {
  started: () => 'Warmup began.',
  stopped: () => 'Taken out of warmup. What was sent stays in the books.',
  'settings-changed': () => 'Settings changed.',
  'campaign-changed': facts => {
    const messages = countOf(factNumber(facts, 'messages') ?? 0, 'message')
    const date = factText(facts, 'date', '')
    return `Your own campaign counts with ${messages} ${date === '' ? 'a day' : `on ${date}`}.`
  },
  'day-planned': facts => {
    const planned = factNumber(facts, 'planned')
    const limit = said<VolumeLimit>(volumeLimitWords, facts, 'limitedBy')
    const plan = planned === null ? 'The day was planned.' : `${countOf(planned, 'message')} planned.`
    return limit === '' ? plan : `${plan} ${limit}`
  },
  sent: facts => `Wrote to ${other(facts)}${about(facts)}.`,
  refused: facts => `${theMessage(facts)} was refused.${category(facts)}`,
  'settled-sent': facts =>
    `${theMessage(facts)} did go out: it was found there after the connection had broken off.`,
  'settled-not-sent': facts =>
    `${theMessage(facts)} did not go out: it is not there. It is not sent again, its time is over.`,
  'settled-unknown': facts =>
    `Whether ${theMessage(facts).replace(/^The/, 'the')} went out is not known: the connection broke off, and only the partner can look. It is not sent again.`,
  'dropped-late': facts => {
    const count = factNumber(facts, 'count') ?? 1
    return `${countOf(count, 'message')} left out: ${count === 1 ? 'its' : 'their'} time was over.`
  },
  'found-in-inbox': facts => `${theMessage(facts)} landed in the inbox.`,
  'found-in-category': facts =>
    `${theMessage(facts)} landed in a category of the inbox${factPhrase(facts, 'folder', ', ')}.`,
  'found-in-junk': facts => `${theMessage(facts)} landed in spam.`,
  'not-found': facts => `${theMessage(facts)} was not found within three days.`,
  rescued: facts => `${theMessage(facts)} was moved from spam to the inbox.`,
  replied: facts => `Answered ${other(facts)}${about(facts)}.`,
  filed: facts => `${theMessage(facts)} was filed${factPhrase(facts, 'folder', ' in ')}.`,
  tidied: facts =>
    `${countOf(factNumber(facts, 'count') ?? 1, 'old message')} deleted from the warmup folder.`,
  bounced: facts => `${theMessage(facts)} came back.${category(facts)}`,
  complained: facts => `${theMessage(facts)} was marked as spam by its reader.`,
  'automatic-answer': facts => `${other(facts, 'A program')} answered automatically. It gets no reply.`,
  'token-refused': facts =>
    `A message${factPhrase(facts, 'from', ' from ')} says it is warmup and is left alone. ${said<TokenRefusal>(tokenRefusalWords, facts, 'reason')}`.trim(),
  slowed: facts => because(facts, 'Slowed to half the volume'),
  paused: facts => because(facts, 'Paused') + until(facts, 'Looks again'),
  'rate-limited': facts => because(facts, 'Rate limited') + until(facts, 'Goes on by itself'),
  resumed: facts => because(facts, 'Goes on'),
  'phase-changed': facts => {
    const phase = factText(facts, 'phase', '')
    if (!Object.hasOwn(phaseWords, phase)) return 'A new part of the warmup began.'
    const { name, gloss } = phaseWords[phase as WarmupPhase]
    return `${name}: ${gloss.charAt(0).toLowerCase()}${gloss.slice(1)}`
  },
  offline: () => 'Offline. What would have been sent meanwhile is left out.',
  online: () => 'Online again.',
  skipped: () => 'The rest of the ramp was skipped; the mailbox is in maintenance.',
}

/** What happened, in a sentence, and the server's own words where there are some. */
export function describeWarmupActivity({ code, facts }: Pick<WarmupActivity, 'code' | 'facts'>): {
  title: string
  evidence: string | null
} {
  const evidence = factText(facts, 'line', factText(facts, 'status', ''), 300)
  return { title: activityWords[code](facts), evidence: evidence === '' ? null : evidence }
}

/** Where a message was found. */
export const placementWords: Record<Placement, { name: string; gloss: string }> = {
  inbox: { name: 'Inbox', gloss: 'In the inbox itself.' },
  category: { name: 'Category', gloss: 'In a tab of the inbox, such as Promotions.' },
  junk: { name: 'Spam', gloss: 'In the spam folder; moved out from there.' },
  missing: { name: 'Missing', gloss: 'Not found within three days.' },
}
