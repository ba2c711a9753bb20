import type {
  MilestoneCode,
  PoolNote,
  PoolReach,
  RampCurve,
  TemplateProblem,
  TemplateProblemCode,
  TokenRefusal,
  VolumeLimit,
  WarmupDefaults,
  WarmupPhase,
  WarmupStrategy,
} from '../model/warmup.ts'
import { ramps, usualStrategy } from '../warmup-ramps.ts'
import type { RoomLimit, WarmupRoom } from '../warmup-room.ts'
import { clip, countOf, listOf } from './phrases.ts'

export const strategyWords: Record<WarmupStrategy, { name: string; gloss: string }> = {
  conservative: { name: 'Conservative', gloss: '30 days. For a new domain, or when in doubt.' },
  moderate: { name: 'Moderate', gloss: '20 days. For a domain that has sent mail before.' },
  aggressive: {
    name: 'Aggressive',
    gloss: '10 days to a small volume. For a mailbox that was warm until lately.',
  },
  custom: { name: 'Custom', gloss: 'Your own number of messages for each day.' },
}

export const curveWords: Record<RampCurve, { name: string; gloss: string }> = {
  linear: { name: 'Steady', gloss: 'The same step every day.' },
  's-curve': { name: 'Gentle', gloss: 'Slow at the beginning and at the end.' },
  steps: { name: 'In steps', gloss: 'A rise every five days.' },
}

export const phaseWords: Record<WarmupPhase, { name: string; gloss: string }> = {
  ramp: { name: 'Growing', gloss: 'A little more each day, up to the target.' },
  hold: { name: 'Holding', gloss: 'At the target until the mailbox counts as ready.' },
  maintenance: { name: 'Maintenance', gloss: 'A few messages a day, so that the mailbox stays in use.' },
}

export const milestoneWords: Record<MilestoneCode, string> = {
  start: 'First messages',
  'half-of-target': 'Half of the target',
  'ready-at-the-earliest': 'Ready for campaigns at the earliest',
  target: 'Target reached',
  maintenance: 'Maintenance begins',
}

/** Why a day is smaller than the ramp asked for. */
export const volumeLimitWords: Record<VolumeLimit, string> = {
  'daily-limit': 'The daily limit of the mailbox leaves no room for more.',
  'combined-limit': 'Warmup and campaigns together stay below 50 messages a day.',
  'mail-provider': 'The mail provider lets the mailbox send no more in a day.',
  domain: 'The mailboxes of the domain share its daily limit.',
  'provider-pace': 'More at a time would be too fast for the mail provider.',
  window: 'The hours for sending are too short for more, with ten minutes between two messages.',
  pool: 'For more it needs more mailboxes to write to.',
  health: 'The volume is held back until the mailbox is well again.',
}

/** What a person should know about the pool before it begins. */
export function poolSentence(note: PoolNote, reach: PoolReach): string {
  switch (note) {
    case 'alone':
      return 'One mailbox has nobody to write to. Add a second one, best at another provider.'
    case 'one-pair':
      return 'Two mailboxes begin one thread in three days. It keeps them in use, but warms up little.'
    case 'few-mailboxes':
      return 'With so few mailboxes the same people write to each other all the time. Four or more look natural.'
    case 'target-out-of-reach':
      return `This pool gives each mailbox about ${perDay(reach)}; for the target it would take ${countOf(reach.mailboxesForTarget, 'mailbox', 'mailboxes')}.`
    case 'one-domain':
      return 'All mailboxes belong to one domain. Such mail does not leave its server, so other providers learn nothing from it.'
    case 'one-provider':
      return 'All mailboxes are at one provider. The others learn nothing about this domain.'
  }
}

function perDay({ messagesPerMailboxPerDay: count }: PoolReach): string {
  if (count >= 10) return `${Math.round(count)} messages a day`
  if (count >= 1) return `${countOf(Math.round(count * 10) / 10, 'message')} a day`
  if (count <= 0) return 'no message'
  const days = Math.round(1 / count)
  return days <= 1 ? 'one message a day' : `one message in ${days} days`
}

/** What must stand wherever warmup is switched on: what it is, and what it cannot promise. */
export const warmupPolicySentences = [
  'Warmup sends small numbers of messages between your own mailboxes and those you invited, never to strangers.',
  'It makes a mailbox look used. It does not make unwanted mail welcome, and no provider promises to reward it.',
  'Some providers forbid automated exchanges that are meant to get round their filters. Read their terms and decide for yourself.',
] as const

const templateProblemWords: Record<TemplateProblemCode, (piece: string) => string> = {
  unclosed: piece => `The brace of “${piece}” is never closed. Add a } where the choice ends.`,
  unopened: () => 'There is a } without a { before it. Write \\} for the sign itself.',
  'stray-bar': () => 'There is a | outside of braces. Write \\| for the sign itself.',
  'empty-choice': () => 'The braces {} hold nothing to choose from.',
  'too-deep': () => 'Choices stand within choices more than ten deep.',
  'too-long': () => 'The text is longer than 20,000 characters.',
  'unknown-placeholder': piece =>
    `${piece} is no placeholder. There are [name], [sender], [weekday] and [number]; write \\[ for the sign itself.`,
  link: piece => `Warmup messages carry no links: take out ${piece}.`,
  markup: piece => `Warmup messages are plain text: take out ${piece}.`,
  empty: () => 'The text is empty.',
}

/** "Line 2, column 5: There is a | outside of braces. …" */
export function templateProblemSentence({ code, line, column, piece }: TemplateProblem): string {
  return `Line ${line}, column ${column}: ${templateProblemWords[code](clip(piece, 40))}`
}

/** Why a message is left alone that says it is warmup. */
export const tokenRefusalWords: Record<TokenRefusal, string> = {
  missing: 'It carries no token.',
  malformed: 'Its token cannot be read.',
  forged: 'Its token was not made with the key of this pool.',
  expired: 'Its token is too old.',
  'other-message': 'Its token belongs to another message.',
  'other-mailbox': 'Its token was made for another sender or recipient.',
  'other-thread': 'Its token belongs to another thread.',
  replayed: 'A message with this token has been dealt with already.',
}

const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** "Moderate, the default of example.org", and why when it has none. */
export function startsWithSentence(defaults: WarmupDefaults | null, domain: string): string {
  if (defaults === null) return `${strategyWords[usualStrategy].name}: ${domain} has no default of its own`
  return `${strategyWords[defaults.strategy].name}, the default of ${domain}`
}

/** "Up to 30 a day, Monday to Friday, 09:00 to 18:00." */
export function defaultsSentence({ strategy, targetPerDay, weekdays, window }: WarmupDefaults): string {
  const target = targetPerDay ?? ramps[strategy].targetPerDay
  return `Up to ${target} a day, ${weekdaysPhrase(weekdays)}, ${clockTime(window.fromMinute)} to ${clockTime(window.toMinute)}.`
}

function weekdaysPhrase(weekdays: readonly number[]): string {
  const days = weekdays.toSorted((a, b) => a - b)
  if (days.length === 7) return 'every day'
  const isRun = days.every((day, index) => index === 0 || day === (days[index - 1] ?? 0) + 1)
  const names = days.flatMap(day => weekdayNames[day - 1] ?? [])
  return isRun && names.length > 2 ? `${names[0]} to ${names.at(-1)}` : listOf(names, 7)
}

/** `09:00`, of minutes after midnight. */
export function clockTime(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

const roomLimitPhrases: Record<RoomLimit, string> = {
  'daily-limit': 'its daily limit allows',
  'combined-limit': 'a mailbox should send at most',
  'mail-provider': 'its mail provider allows',
}

/** How a campaign is counted in, and what it leaves. */
export function campaignSentence({ perDay, limitedBy, left }: WarmupRoom, campaign: number): string {
  const limit = `${perDay} messages a day that ${roomLimitPhrases[limitedBy]}`
  if (campaign === 0) return `All of the ${limit} are there for warmup.`
  if (left === 0) return `Your campaign takes all of the ${limit}.`
  return `Of the ${limit}, your campaign takes ${campaign}: ${left} ${left === 1 ? 'is' : 'are'} left for warmup.`
}
