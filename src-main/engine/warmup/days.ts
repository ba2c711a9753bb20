import type { HealthState } from '#shared/model/mailbox-health.ts'
import type { VolumeLimit, WarmupPhase } from '#shared/model/warmup.ts'
import type { Placement, PlacementCell, WarmupDay } from '#shared/model/warmup-view.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'

const counters = [
  'sent',
  'received',
  'bounced',
  'complaints',
  'inbox',
  'category',
  'junk',
  'missing',
  'replied',
  'rescued',
] as const
export type DayCounter = (typeof counters)[number]

export type DayRow = Row & {
  no: number
  date: string
  day: number | null
  phase: WarmupPhase
  cap: number
  planned: number
  threads: number
  limited_by: VolumeLimit | null
  is_planned: number
  score: number | null
  state: HealthState
} & Record<DayCounter, number>

export function findDay(reads: Reads, no: number, date: string): DayRow | null {
  return reads.get<DayRow>('SELECT * FROM warmup_days WHERE no = ? AND date = ?', no, date) ?? null
}

/** The newest day of a mailbox that was planned before this date. */
export function plannedBefore(reads: Reads, no: number, date: string): DayRow | null {
  const sql =
    'SELECT * FROM warmup_days WHERE no = ? AND date < ? AND is_planned = 1 ORDER BY date DESC LIMIT 1'
  return reads.get<DayRow>(sql, no, date) ?? null
}

export type PlannedVolume = {
  readonly day: number | null
  readonly phase: WarmupPhase
  readonly cap: number
  readonly threads: number
  readonly limitedBy: VolumeLimit | null
  readonly state: HealthState
  /** Instants still to come. */
  readonly slots: readonly number[]
  /** What went out on this date before it was planned. */
  readonly sentBefore: number
}

/** Keeps the plan of a mailbox's date; what was planned for it before and is not sent yet gives way to it. */
export function writePlan(writes: Writes, no: number, date: string, plan: PlannedVolume): void {
  writes.run(
    `INSERT INTO warmup_days (no, date, day, phase, cap, planned, threads, limited_by, is_planned, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
     ON CONFLICT (no, date) DO UPDATE SET day = excluded.day, phase = excluded.phase, cap = excluded.cap,
       planned = excluded.planned, threads = excluded.threads, limited_by = excluded.limited_by, is_planned = 1`,
    no,
    date,
    plan.day,
    plan.phase,
    plan.cap,
    plan.slots.length + plan.sentBefore,
    plan.threads,
    plan.limitedBy,
    plan.state,
  )
  writes.run("DELETE FROM warmup_slots WHERE no = ? AND state = 'open'", no)
  for (const at of plan.slots) {
    // A slot that was used or dropped before stays so.
    writes.run('INSERT OR IGNORE INTO warmup_slots (no, at, date) VALUES (?, ?, ?)', no, at, date)
  }
}

/** Adds to a counter of a date, which need not have been planned. */
export function count(writes: Writes, no: number, date: string, counter: DayCounter, by = 1): void {
  writes.run(
    `INSERT INTO warmup_days (no, date, phase, state) VALUES (?, ?, 'ramp', 'ramping')
     ON CONFLICT (no, date) DO NOTHING`,
    no,
    date,
  )
  // The names are ours, from a closed list.
  writes.run(
    `UPDATE warmup_days SET ${counter} = max(0, ${counter} + ?) WHERE no = ? AND date = ?`,
    by,
    no,
    date,
  )
}

/** Notes the health of a day; tells whether that is news. */
export function writeDayHealth(
  writes: Writes,
  no: number,
  date: string,
  state: HealthState,
  score: number | null,
): boolean {
  const sql = `UPDATE warmup_days SET state = ?1, score = ?2
    WHERE no = ?3 AND date = ?4 AND (state <> ?1 OR score IS NOT ?2)`
  return writes.run(sql, state, score, no, date).changes > 0
}

/** Dates after this one are planned when they come, whatever was planned for them in another time zone. */
export function unplanAfter(writes: Writes, no: number, date: string): void {
  writes.run('UPDATE warmup_days SET is_planned = 0 WHERE no = ? AND date > ?', no, date)
}

/** A day that did not bring the ramp forward has no number. */
export function uncountDay(writes: Writes, no: number, date: string): void {
  writes.run('UPDATE warmup_days SET day = NULL WHERE no = ? AND date = ?', no, date)
}

/** The days of a mailbox from a date on, oldest first. */
export function daysSince(reads: Reads, no: number, date: string): DayRow[] {
  return reads.all<DayRow>('SELECT * FROM warmup_days WHERE no = ? AND date >= ? ORDER BY date', no, date)
}

export function toWarmupDay(row: DayRow): WarmupDay {
  const { date, day, phase, cap, planned, score, state } = row
  const counts = Object.fromEntries(counters.map(counter => [counter, row[counter]])) as Record<
    DayCounter,
    number
  >
  return { date, day, phase, cap, planned, ...counts, score, state }
}

export type Slot = { readonly no: number; readonly at: number; readonly date: string }
type SlotRow = Row & { no: number; at: number; date: string }

/** Open slots up to `now`, in the order of time. */
export function slotsUpTo(reads: Reads, now: number): Slot[] {
  return reads.all<SlotRow>(
    "SELECT no, at, date FROM warmup_slots WHERE state = 'open' AND at <= ? ORDER BY at, no",
    now,
  )
}

export function nextSlotAt(reads: Reads, after: number): number | null {
  const sql = "SELECT min(at) AS next FROM warmup_slots WHERE state = 'open' AND at > ?"
  return reads.get<{ next: number | null }>(sql, after)?.next ?? null
}

/** Slots of a mailbox that are still to come. */
export function openSlots(reads: Reads, no: number): number[] {
  return reads
    .all<{ at: number }>("SELECT at FROM warmup_slots WHERE no = ? AND state = 'open' ORDER BY at", no)
    .map(({ at }) => at)
}

export function closeSlot(
  writes: Writes,
  no: number,
  at: number,
  state: 'used' | 'empty' | 'dropped',
): boolean {
  const sql = "UPDATE warmup_slots SET state = ? WHERE no = ? AND at = ? AND state = 'open'"
  return writes.run(sql, state, no, at).changes > 0
}

/** A slot whose message certainly did not leave may be called so afterwards. */
export function reviseSlot(writes: Writes, no: number, at: number, state: 'empty' | 'dropped'): void {
  writes.run('UPDATE warmup_slots SET state = ? WHERE no = ? AND at = ?', state, no, at)
}

/** Drops what is still to come of a mailbox today; tells how many. */
export function dropOpenSlots(writes: Writes, no: number): number {
  return writes.run("UPDATE warmup_slots SET state = 'dropped' WHERE no = ? AND state = 'open'", no).changes
}

/** Drops every second of the slots to come: half the volume, also on the day it is decided. */
export function halveOpenSlots(writes: Writes, no: number): void {
  for (const [index, at] of openSlots(writes, no).entries()) {
    if (index % 2 === 0) closeSlot(writes, no, at, 'dropped')
  }
}

export type PlacedMessage = {
  readonly date: string
  readonly fromNo: number
  readonly fromProvider: string
  readonly toProvider: string
  readonly placement: Placement
}

/** Counts a placement for the sender's day and for the matrix; `by` -1 takes one back. */
export function countPlacement(writes: Writes, placed: PlacedMessage, by: 1 | -1): void {
  const { date, fromNo, fromProvider, toProvider, placement } = placed
  count(writes, fromNo, date, placement, by)
  writes.run(
    `INSERT INTO warmup_placements (date, from_no, from_provider, to_provider, placement, count)
       VALUES (?, ?, ?, ?, ?, max(0, ?))
     ON CONFLICT DO UPDATE SET count = max(0, count + ?)`,
    date,
    fromNo,
    fromProvider,
    toProvider,
    placement,
    by,
    by,
  )
}

/** Placements from a date on, from one kind of sender to one kind of recipient. */
export function placementCells(reads: Reads, no: number | null, date: string): PlacementCell[] {
  return reads.all<PlacementCell & Row>(
    `SELECT from_provider AS "from", to_provider AS "to",
       sum(iif(placement = 'inbox', count, 0)) AS inbox, sum(iif(placement = 'category', count, 0)) AS category,
       sum(iif(placement = 'junk', count, 0)) AS junk, sum(iif(placement = 'missing', count, 0)) AS missing
     FROM warmup_placements WHERE date >= ?1 AND (?2 IS NULL OR from_no = ?2)
     GROUP BY 1, 2 ORDER BY 1, 2`,
    date,
    no,
  )
}

/** Messages a person's campaigns send besides on a local date: what was said of it, or of every day. */
export function campaignOn(reads: Reads, no: number, date: string): number {
  const sql = 'SELECT messages FROM warmup_campaigns WHERE no = ? AND date = ?'
  return reads.get<{ messages: number }>(sql, no, date)?.messages ?? campaignPerDay(reads, no)
}

/** Messages a person's campaigns send every day. */
export function campaignPerDay(reads: Reads, no: number): number {
  const sql = 'SELECT campaign_per_day FROM warmup_mailboxes WHERE no = ?'
  return reads.get<{ campaign_per_day: number }>(sql, no)?.campaign_per_day ?? 0
}

/** Of one local date, or with null of every day for which nothing else was said. */
export function writeCampaign(writes: Writes, no: number, date: string | null, messages: number): void {
  if (date === null) {
    writes.run('UPDATE warmup_mailboxes SET campaign_per_day = ? WHERE no = ?', messages, no)
    return
  }
  writes.run(
    `INSERT INTO warmup_campaigns (no, date, messages) VALUES (?, ?, ?)
     ON CONFLICT (no, date) DO UPDATE SET messages = excluded.messages`,
    no,
    date,
    messages,
  )
}
