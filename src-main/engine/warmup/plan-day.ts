import type { VolumeLimit, WarmupPhase, WarmupSettings } from '#shared/model/warmup.ts'
import { groupBy } from './group.ts'
import { isSendingDay } from './local-day.ts'
import { volumeOf } from './plan.ts'
import { meanDepth, threadsToBegin } from './pool.ts'
import { randomOf } from './random.ts'
import { gapFor, nudgeMs, slotsOf } from './slots.ts'
import { providerPerDay } from './strategies.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export type PlannedMailbox = {
  readonly id: string
  readonly domain: string
  readonly provider: string
  readonly settings: WarmupSettings
  /** Counted from 1; only days on which the mailbox sends count. */
  readonly warmupDay: number
  readonly ready: boolean
  /** Effect of its health: 1, 0.5 or 0. */
  readonly factor: number
  /** What the person lets it send in a day, campaigns included. */
  readonly dailyLimit: number
  readonly campaignToday: number
  /** Threads it took part in over the last two days; their pairs rest all day. */
  readonly recentThreads: number
  /** Mailboxes of partners that it may write to as well. */
  readonly guests?: number
  /** Replies it owes. */
  readonly openReplies: number
}

export type PoolCaps = {
  /** Messages of one mailbox in any 60 minutes. */
  readonly mailboxPerHour: number
  /** Messages of all mailboxes of one domain in a day, campaigns included; null for no limit. */
  readonly domainPerDay: number | null
  /** Domains with a limit of their own, campaigns included. */
  readonly perDayOf?: ReadonlyMap<string, number>
  /** Messages of all mailboxes at one provider, in any 60 minutes and any minute: they leave from one address. */
  readonly providerPerHour: number | null
  readonly providerPerMinute: number | null
}

export const usualCaps: PoolCaps = {
  mailboxPerHour: 6,
  domainPerDay: null,
  providerPerHour: 1_000,
  providerPerMinute: 30,
}

export type DayPlan = {
  readonly mailboxId: string
  readonly date: string
  readonly warmupDay: number
  readonly phase: WarmupPhase
  /** The most that may be sent today. */
  readonly cap: number
  /** What the ramp wants today, before the limits of the pool. */
  readonly wanted: number
  /** How many threads may be begun; the other slots are for replies. */
  readonly threads: number
  /** When to send, in order. A slot that finds neither reply nor partner stays empty. */
  readonly slots: readonly number[]
  readonly limitedBy: VolumeLimit | null
}

type Draft = {
  readonly mailbox: PlannedMailbox
  readonly phase: WarmupPhase
  readonly cap: number
  readonly wanted: number
  readonly threads: number
  count: number
  slots: number[]
  limitedBy: VolumeLimit | null
}

/**
 * The day of every mailbox of a pool: how much and when, with all caps kept. `date` is the local date of each mailbox in
 * its own zone. A mailbox on a rest day has no slots. Pure: the same input gives the same plan. Throws a RangeError for a
 * zone that does not exist.
 */
export function planDay(input: {
  readonly mailboxes: readonly PlannedMailbox[]
  readonly date: string
  readonly seed: string
  readonly caps: PoolCaps
}): DayPlan[] {
  const { mailboxes, date, seed, caps } = input
  const partners = mailboxes.filter(({ factor }) => factor > 0).length - 1
  const drafts = mailboxes.map(mailbox => draftFor(mailbox, date, seed, partners + (mailbox.guests ?? 0)))
  shareDomains(drafts, caps, seed, date)
  for (const draft of drafts) {
    const { id, settings } = draft.mailbox
    const count = draft.count
    draft.slots = slotsOf({ mailboxId: id, seed, date, settings, count, perHour: caps.mailboxPerHour })
    if (draft.slots.length < count) draft.limitedBy = 'window'
  }
  setApart(drafts, gapFor(caps.mailboxPerHour))
  keepPace(drafts, caps)
  return drafts.map(({ mailbox, phase, cap, wanted, threads, slots, limitedBy }) => ({
    mailboxId: mailbox.id,
    date,
    warmupDay: mailbox.warmupDay,
    phase,
    cap,
    wanted,
    threads,
    slots,
    limitedBy,
  }))
}

function draftFor(mailbox: PlannedMailbox, date: string, seed: string, partners: number): Draft {
  const { settings, warmupDay, ready, factor, dailyLimit, campaignToday } = mailbox
  const limits = { dailyLimit, campaignToday, providerPerDay: providerPerDay[mailbox.provider] ?? null }
  const { phase, cap, wanted, limitedBy } = volumeOf({
    settings,
    warmupDay,
    date,
    mailboxId: mailbox.id,
    seed,
    ready,
    factor,
    limits,
  })
  const isOpen = isSendingDay(date, settings)
  const threads = isOpen && partners > 0 ? threadsToday(mailbox, partners, seed, date) : 0
  const count = isOpen ? Math.min(wanted, supplyOf(mailbox, threads)) : 0
  return {
    mailbox,
    phase,
    cap,
    wanted: isOpen ? wanted : 0,
    threads,
    count,
    slots: [],
    limitedBy: isOpen && count < wanted ? 'pool' : limitedBy,
  }
}

/**
 * How many threads a mailbox may begin today: with pairs that have rested, and little above the long run, so that no day
 * uses up the next two.
 */
function threadsToday(
  { id, recentThreads }: PlannedMailbox,
  partners: number,
  seed: string,
  date: string,
): number {
  const rested = Math.max(0, partners - recentThreads) / 2
  if (rested === 0) return 0
  const even = Math.min(rested, Math.max(1, threadsToBegin(partners) * 1.15))
  return Math.max(1, Math.floor(even + randomOf(seed, 'threads', id, date)()))
}

/** How many messages the pool can give a mailbox today: the threads it begins, and replies owed or to be expected. */
function supplyOf({ openReplies, settings }: PlannedMailbox, threads: number): number {
  return threads + Math.max(openReplies, Math.ceil(threads * (meanDepth(settings.replyRate) - 1)))
}

/** Shares what a domain may send among its mailboxes by what each wants; the seed decides who gets what is left over. */
function shareDomains(
  drafts: readonly Draft[],
  { domainPerDay, perDayOf }: PoolCaps,
  seed: string,
  date: string,
): void {
  if (domainPerDay === null && (perDayOf?.size ?? 0) === 0) return
  for (const [domain, ofDomain] of groupBy(drafts, ({ mailbox }) => mailbox.domain)) {
    const perDay = perDayOf?.get(domain) ?? domainPerDay
    if (perDay === null) continue
    const campaigns = ofDomain.reduce((sum, { mailbox }) => sum + mailbox.campaignToday, 0)
    const allowed = Math.max(0, perDay - campaigns)
    const asked = ofDomain.reduce((sum, { count }) => sum + count, 0)
    if (asked <= allowed) continue
    const random = randomOf(seed, 'domain', domain, date)
    const shares = ofDomain.map(draft => ({ draft, exact: (draft.count * allowed) / asked, order: random() }))
    let left = allowed
    for (const { draft, exact } of shares) {
      draft.limitedBy = 'domain'
      draft.count = Math.floor(exact)
      left -= draft.count
    }
    const byRemainder = shares.toSorted((a, b) => (b.exact % 1) - (a.exact % 1) || a.order - b.order)
    for (const { draft } of byRemainder.slice(0, left)) draft.count += 1
  }
}

/** Moves a slot by some seconds where another mailbox has the same one, as far as its gap allows. */
function setApart(drafts: readonly Draft[], gapMs: number): void {
  const taken = new Set<number>()
  for (const { slots } of drafts) {
    for (const [index, at] of slots.entries()) {
      const latest = Math.min(at + nudgeMs, (slots[index + 1] ?? Number.POSITIVE_INFINITY) - gapMs)
      let moved = at
      while (taken.has(secondOf(moved)) && moved + 1_000 < latest) moved += 1_000
      slots[index] = moved
      taken.add(secondOf(moved))
    }
  }
}

function secondOf(at: number): number {
  return Math.floor(at / 1_000)
}

/** Drops slots that would go faster through one provider than its pace. */
function keepPace(drafts: readonly Draft[], caps: PoolCaps): void {
  const windows = [
    [caps.providerPerMinute, minuteMs],
    [caps.providerPerHour, hourMs],
  ] as const
  if (windows.every(([most]) => most === null)) return
  for (const ofProvider of groupBy(drafts, ({ mailbox }) => mailbox.provider).values()) {
    const all = ofProvider.flatMap(draft => draft.slots.map(at => ({ draft, at })))
    if (windows.every(([most]) => most === null || all.length <= most)) continue
    all.sort((a, b) => a.at - b.at)
    const kept: number[] = []
    const keptOf = new Map<Draft, number[]>(ofProvider.map(draft => [draft, []]))
    for (const { draft, at } of all) {
      // The one that lies `most` back must have left the window.
      const fits = windows.every(
        ([most, windowMs]) => most === null || (kept[kept.length - most] ?? -Infinity) <= at - windowMs,
      )
      if (!fits) continue
      kept.push(at)
      keptOf.get(draft)?.push(at)
    }
    for (const [draft, slots] of keptOf) {
      if (slots.length === draft.slots.length) continue
      draft.slots = slots
      draft.limitedBy = 'provider-pace'
    }
  }
}
