import type { HealthState, MailboxHealth } from '#shared/model/mailbox-health.ts'
import type { WarmupActivityCode } from '#shared/model/warmup-view.ts'
import type { Reads, Writes } from '../storage/open.ts'
import { noteActivity } from './activity.ts'
import type { WarmupContext } from './context.ts'
import { type DayRow, daysSince, halveOpenSlots, writeDayHealth } from './days.ts'
import { stepHealth, viewHealth } from './health.ts'
import type { HealthFacts } from './health-rules.ts'
import { deliveriesSince } from './ledger-counts.ts'
import { type Evidence, findMember, type Member, noteEvidence, writeHealth } from './members.ts'
import { rampDays } from './plan.ts'
import { dateBack } from './plan-days.ts'
import type { Participant } from './roster.ts'
import { readiness } from './strategies.ts'
import type { DomainStanding } from './surroundings.ts'

const hourMs = 60 * 60_000
/** Audits and listings change without telling, so every mailbox is looked at now and then. */
const usualLookMs = hourMs
const scoreDays = 28

/** One look at a mailbox: what the books and its surroundings say, what its health becomes, and what that changes today. */
export function lookAtHealth(context: WarmupContext, writes: Writes, no: number, now: number): void {
  const participant = context.roster.of(no)
  const stored = findMember(writes, no)
  if (stored === null || !stored.isOn) return
  if (participant === null) {
    // Off the list, and perhaps brought back; a look that stays due would come again at once.
    writes.run('UPDATE warmup_mailboxes SET look_at = ? WHERE no = ?', now + usualLookMs, no)
    return
  }
  const standing = context.standingOf(writes, participant.mailbox.domainName)
  const evidence = withStanding(stored.evidence, standing)
  const member: Member = { ...stored, evidence }
  const date = context.dates.dateOf(now, member.settings.timeZone)
  const days = daysSince(writes, no, dateBack(date, scoreDays))
  const counted = deliveriesSince(
    writes,
    no,
    Math.max(member.health.evidenceFromAt, now - scoreDays * 24 * hourMs),
  )
  const isReady = evidence.isReady || isReadyNow(writes, member, standing, now)
  const facts = factsOf(context, participant, { member, days, date, counted, isReady, standing })
  const next = stepHealth(member.health, facts, now)
  const { score } = scoresOf(context, days, standing, date)
  const before = viewHealth(member.health)
  const after = viewHealth(next)
  const isChanged = after.state !== before.state || after.reason !== before.reason
  const lookAt = nextLook(after.reviewAt, now)
  if (JSON.stringify({ ...evidence, isReady }) !== JSON.stringify(stored.evidence)) {
    noteEvidence(writes, no, { ...evidence, isReady }, now)
  }
  writeHealth(writes, member, { health: next, sinceAt: isChanged ? now : member.sinceAt, lookAt, score })
  if (writeDayHealth(writes, no, date, after.state, score)) writes.changed('warmup', member.mailboxId, 'put')
  if (isReady && !stored.evidence.isReady)
    noteActivity(writes, no, 'phase-changed', { phase: 'maintenance' }, now)
  if (!isChanged) return
  noteTransition(writes, no, before.state, next, now)
  if (next.slow !== null && member.health.slow === null) halveOpenSlots(writes, no)
  alertAbout(context, writes, member.mailboxId, next, score)
  context.roster.touch([no])
}

/** A review whose time has passed without an end, of a mailbox that is not well yet, waits for the usual look. */
function nextLook(reviewAt: number | null, now: number): number {
  const usualAt = now + usualLookMs
  return reviewAt === null || reviewAt <= now ? usualAt : Math.min(reviewAt, usualAt)
}

function factsOf(
  context: WarmupContext,
  { mailbox }: Participant,
  found: {
    readonly member: Member
    readonly days: readonly DayRow[]
    readonly date: string
    readonly counted: ReturnType<typeof deliveriesSince>
    readonly isReady: boolean
    readonly standing: DomainStanding
  },
): HealthFacts {
  const { member, counted, evidence } = { ...found, evidence: found.member.evidence }
  const fromDate = context.dates.dateOf(member.health.evidenceFromAt, member.settings.timeZone)
  // What came before on the day the evidence begins is behind it, but for the very first day.
  const isFirst = member.health.evidenceFromAt === member.startedAt
  const days = found.days.filter(({ date }) => (isFirst ? date >= fromDate : date > fromDate))
  return {
    isOnline: context.isOnline() && context.watches.stateOf(member.no) !== 'offline',
    isPausedByPerson: member.isPausedByPerson || mailbox.hold === 'paused',
    isReady: found.isReady,
    placements: { seen: counted.seen, inInbox: counted.inInbox },
    deliveries: { sent: counted.sent, bounced: counted.bounced },
    softBlockedAt: evidence.softBlockedAt,
    policyBlockedAt: evidence.policyBlockedAt,
    isNewlyListed: heavyLists(found.standing)?.some(list => !evidence.knownListings?.includes(list)) === true,
    isAuthenticationBroken:
      failing(found.standing)?.some(one => !evidence.knownFailing?.includes(one)) === true,
    loginFailuresInRow: mailbox.loginFailures,
    limited: evidence.limited,
    sentSinceLimit: evidence.sentSinceLimit,
    ...scoresOf(context, days, found.standing, found.date),
  }
}

/** What was so when warmup began is known; what ended since would be new if it came again. */
function withStanding(evidence: Evidence, standing: DomainStanding): Evidence {
  const lists = heavyLists(standing)
  const fails = failing(standing)
  return {
    ...evidence,
    knownListings: still(evidence.knownListings, lists),
    knownFailing: still(evidence.knownFailing, fails),
  }
}

/** Of what was known, what is still so; everything, at the first look. */
function still(known: readonly string[] | null, now: readonly string[] | null): readonly string[] | null {
  return now === null ? known : known === null ? now : known.filter(one => now.includes(one))
}

/** What is known now counts as known from here on: a person goes on although it is so. */
export function acceptStanding(
  context: Pick<WarmupContext, 'standingOf'>,
  writes: Writes,
  participant: Participant,
  now: number,
): void {
  const standing = context.standingOf(writes, participant.mailbox.domainName)
  const change = { knownListings: heavyLists(standing), knownFailing: failing(standing) }
  noteEvidence(writes, participant.member.no, change, now)
}

function heavyLists({ listings }: DomainStanding): string[] | null {
  return listings === null ? null : listings.filter(({ weight }) => weight === 3).map(({ list }) => list)
}

/** Null while nothing was looked up; a check that is unavailable does not fail. */
function failing({ authentication }: DomainStanding): string[] | null {
  const states = Object.entries(authentication)
  if (states.every(([, state]) => state === 'unknown')) return null
  return states.filter(([, state]) => state === 'fail').map(([check]) => check)
}

function scoresOf(
  context: WarmupContext,
  days: readonly DayRow[],
  standing: DomainStanding,
  today: string,
): Pick<HealthFacts, 'score' | 'restScore'> {
  const found = context.reputation.scoreOf({ ...standing, days: days.map(reputationDay) }, today)
  if (found.state === 'unknown') return { score: null, restScore: null }
  const rest = found.lost.filter(({ code }) => code !== 'bounces' && code !== 'placement')
  return {
    score: found.value,
    restScore: Math.max(0, 100 - rest.reduce((sum, { points }) => sum + points, 0)),
  }
}

export function reputationDay({ date, sent, bounced, complaints, inbox, category, junk, missing }: DayRow) {
  const inInbox = inbox + category
  return { date, sent, bounced, complaints, placed: inInbox + junk + missing, inInbox }
}

/** Ready for outbound mail (field notes C1), once the ramp is over. */
function isReadyNow(
  reads: Reads,
  { no, settings, daysDone, startedAt }: Member,
  standing: DomainStanding,
  now: number,
): boolean {
  if (daysDone < Math.max(rampDays(settings), readiness.days)) return false
  if (standing.listings !== null && standing.listings.some(({ weight }) => weight > 0)) return false
  const counted = deliveriesSince(reads, no, Math.max(startedAt, now - 35 * 24 * hourMs))
  return (
    counted.sent >= readiness.sends &&
    counted.seen > 0 &&
    counted.inInbox / counted.seen >= readiness.inboxShare &&
    counted.bounced / counted.sent < readiness.bounceShare
  )
}

function noteTransition(
  writes: Writes,
  no: number,
  before: HealthState,
  health: MailboxHealth,
  now: number,
): void {
  const { state, reason, reviewAt } = viewHealth(health)
  const facts = { reason, ...(reviewAt === null ? {} : { until: reviewAt }) }
  const note = (code: WarmupActivityCode) => noteActivity(writes, no, code, facts, now)
  if (state === 'offline') return note('offline')
  if (before === 'offline') note('online')
  if (state === 'paused') note('paused')
  else if (state === 'rate-limited') note('rate-limited')
  else if (state === 'slowed') note(before === 'paused' || before === 'rate-limited' ? 'resumed' : 'slowed')
  else if (before !== 'offline' && before !== 'ramping') note('resumed')
}

/** A pause that Rookery made asks for a person; it is over when the mailbox goes on, or when a person holds it. */
function alertAbout(
  context: WarmupContext,
  writes: Writes,
  mailboxId: string,
  { pause }: MailboxHealth,
  score: number | null,
): void {
  const alert = { code: 'warmup.paused', mailboxId, subject: 'health' } as const
  if (pause === null || pause.reason === 'paused-by-person') return context.alerts.end(writes, alert)
  const facts = {
    reason: pause.reason,
    ...(score === null ? {} : { score }),
    ...(pause.reviewAt === null ? {} : { reviewAt: pause.reviewAt }),
  }
  context.alerts.raise(writes, { ...alert, severity: 'high', facts })
}
