import type { Reads, Writes } from '../storage/open.ts'
import { noteActivity } from './activity.ts'
import { campaignOn, findDay, plannedBefore, uncountDay, writePlan } from './days.ts'
import { groupBy } from './group.ts'
import { viewHealth } from './health.ts'
import { healthEffects } from './health-rules.ts'
import { countOwed, sentOn, threadsSince } from './ledger-counts.ts'
import { dateAfter, isSendingDay } from './local-day.ts'
import type { LocalDates } from './local-dates.ts'
import { findMember, writeDaysDone } from './members.ts'
import { type DayPlan, type PlannedMailbox, planDay, usualCaps } from './plan-day.ts'
import { replyStaleMs } from './replies.ts'
import type { Participant } from './roster.ts'
import type { WarmupSurroundings } from './surroundings.ts'

const dayMs = 24 * 60 * 60_000
/** Two dates may both be today somewhere on earth, and a message of a date was sent within this of now. */
export const dateReachMs = 2 * dayMs

export type PlanningContext = {
  readonly seed: string
  readonly participants: readonly Participant[]
  /** How many mailboxes of partners one of ours may write to. */
  guestsFor(mailboxId: string): number
  readonly dates: LocalDates
  readonly now: number
  readonly ofDomain: WarmupSurroundings['ofDomain']
}

/** Those whose own date today has no plan yet. */
export function withoutPlan(reads: Reads, { participants, dates, now }: PlanningContext): Participant[] {
  return participants.filter(({ member, isUsable }) => {
    if (!isUsable) return false
    const date = dates.dateOf(now, member.settings.timeZone)
    return findDay(reads, member.no, date)?.is_planned !== 1
  })
}

/**
 * Plans the date that is today for each of these mailboxes, together with the whole pool, and closes their day before:
 * a day that counted brings the ramp forward, once. What lies before now is left out.
 */
export function planToday(writes: Writes, context: PlanningContext, whose: readonly Participant[]): void {
  const { dates, now } = context
  const caps = { ...usualCaps, perDayOf: perDayOf(writes, context) }
  const byDate = groupBy(whose, ({ member }) => dates.dateOf(now, member.settings.timeZone))
  for (const [date, some] of byDate) {
    const fresh = some.filter(({ member }) => findDay(writes, member.no, date)?.is_planned !== 1)
    for (const participant of fresh) closeDayBefore(writes, participant, date)
    const wanted = new Set(some.map(({ member }) => member.mailboxId))
    const begun = begunLately(writes, now)
    const mailboxes = context.participants
      .filter(({ isUsable }) => isUsable)
      .map(one => plannedMailbox(writes, one, date, now, begun, context.guestsFor(one.member.mailboxId)))
    for (const plan of planDay({ mailboxes, date, seed: context.seed, caps })) {
      if (!wanted.has(plan.mailboxId)) continue
      const participant = some.find(({ member }) => member.mailboxId === plan.mailboxId)
      if (participant !== undefined) keepPlan(writes, participant, plan, now)
    }
  }
}

/** The domains of the pool that have a limit of their own. */
function perDayOf(reads: Reads, { participants, ofDomain }: PlanningContext): ReadonlyMap<string, number> {
  const names = new Set(participants.map(({ mailbox }) => mailbox.domainName))
  return new Map(
    [...names].flatMap(name => {
      const { perDay } = ofDomain(reads, name)
      return perDay === null ? [] : [[name, perDay] as const]
    }),
  )
}

function keepPlan(writes: Writes, { member }: Participant, plan: DayPlan, now: number): void {
  const { no, mailboxId, settings } = member
  const { date, warmupDay, phase, cap, threads, limitedBy } = plan
  const sent = sentOn(writes, no, date, now - dateReachMs)
  const left = Math.max(0, cap - sent.all)
  const slots = plan.slots.filter(at => at > now).slice(0, left)
  const isCounted = isSendingDay(date, settings)
  writePlan(writes, no, date, {
    day: isCounted ? warmupDay : null,
    phase,
    cap,
    threads,
    limitedBy,
    state: viewHealth(member.health).state,
    slots,
    sentBefore: sent.all,
  })
  const facts = {
    planned: slots.length,
    cap,
    day: isCounted ? warmupDay : 0,
    ...(limitedBy === null ? {} : { limitedBy }),
  }
  noteActivity(writes, no, 'day-planned', facts, now)
  writes.changed('warmup', mailboxId, 'put')
}

/** A day on which the mailbox was held back, or sent nothing although it could have, does not count. */
function closeDayBefore(writes: Writes, { member }: Participant, date: string): void {
  const before = plannedBefore(writes, member.no, date)
  if (before === null || before.day === null) return
  const wasThere = before.sent > 0 || before.planned === 0
  if (wasThere && healthEffects[before.state].advances) {
    writeDaysDone(writes, member, Math.max(member.daysDone, before.day))
  } else uncountDay(writes, member.no, before.date)
}

function plannedMailbox(
  reads: Reads,
  { member, mailbox }: Participant,
  date: string,
  now: number,
  begun: ReadonlyMap<number, number>,
  guests: number,
): PlannedMailbox {
  // Read again: the day before may just have been closed.
  const current = findMember(reads, member.no) ?? member
  const { state, effect } = viewHealth(current.health)
  return {
    id: member.mailboxId,
    domain: mailbox.domainName,
    provider: mailbox.provider,
    settings: member.settings,
    warmupDay: current.daysDone + 1,
    ready: current.evidence.isReady,
    // A wait of minutes must not empty the day; the slots within it are dropped as they come.
    factor: state === 'rate-limited' || state === 'offline' ? 1 : effect.factor,
    dailyLimit: mailbox.dailyLimit,
    campaignToday: campaignOn(reads, member.no, date),
    recentThreads: begun.get(member.no) ?? 0,
    guests,
    openReplies: countOwed(reads, member.no, now - replyStaleMs),
  }
}

/** Threads of the last two days by each mailbox that took part in them. */
function begunLately(reads: Reads, now: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const { fromNo, toNo } of threadsSince(reads, now - 2 * dayMs)) {
    for (const no of [fromNo, toNo]) counts.set(no, (counts.get(no) ?? 0) + 1)
  }
  return counts
}

/** The first of the last `days` dates. */
export function dateBack(date: string, days: number): string {
  return dateAfter(date, 1 - days)
}
