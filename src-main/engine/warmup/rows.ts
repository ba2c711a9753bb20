import type { TableRow } from '#shared/model/change.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import type { TableReader } from '../storage/changes.ts'
import type { Reads, Store } from '../storage/open.ts'
import { campaignOn, campaignPerDay, type DayRow, daysSince, findDay } from './days.ts'
import { viewHealth } from './health.ts'
import type { LocalDates } from './local-dates.ts'
import { type Member, memberOfMailbox } from './members.ts'
import { nominalOf, rampDays } from './plan.ts'
import { dateBack } from './plan-days.ts'
import type { Reputation, WarmupMailbox, WarmupMailboxes } from './surroundings.ts'

const historyDays = 30
const placementDays = 28

export type RowContext = {
  readonly store: Store
  readonly mailboxes: WarmupMailboxes
  readonly reputation: Reputation
  readonly dates: LocalDates
  readonly seed: string
  now(): number
}

/** The mailboxes that warm up, as the change feed shows them. */
export function warmupReader(context: RowContext): TableReader {
  const rowOf = (id: string): TableRow[] => {
    const row = warmupRow(context, id)
    return row === null ? [] : [{ table: 'warmup', key: id, row }]
  }
  const idsAfter =
    'SELECT mailbox_id FROM warmup_mailboxes WHERE is_on = 1 AND mailbox_id > ? ORDER BY mailbox_id LIMIT ?'
  return {
    page: (after, limit) => {
      // A removed mailbox is passed over, and the page filled up from those behind it.
      const rows: TableRow[] = []
      let place = after ?? ''
      while (rows.length < limit) {
        const ids = context.store.all<{ mailbox_id: string }>(idsAfter, place, limit - rows.length)
        for (const { mailbox_id } of ids) rows.push(...rowOf(mailbox_id))
        const last = ids.at(-1)
        if (last === undefined) break
        place = last.mailbox_id
      }
      return rows
    },
    rows: keys => keys.flatMap(rowOf),
  }
}

/** One row; null when the mailbox does not warm up or is off the list. */
export function warmupRow(context: RowContext, mailboxId: string): WarmupRow | null {
  const { store, mailboxes, dates } = context
  const member = memberOfMailbox(store, mailboxId)
  const mailbox = member?.isOn === true ? mailboxes.find(store, mailboxId) : null
  if (member === null || mailbox === null) return null
  const date = dates.dateOf(context.now(), member.settings.timeZone)
  return rowFrom(context, member, mailbox, date)
}

function rowFrom(context: RowContext, member: Member, mailbox: WarmupMailbox, date: string): WarmupRow {
  const { store, reputation, seed } = context
  const { no, settings, daysDone, evidence } = member
  const today = findDay(store, no, date)
  const days = daysSince(store, no, dateBack(date, historyDays))
  const placed = placedIn(days.filter(day => day.date >= dateBack(date, placementDays)))
  const view = viewHealth(member.health)
  const scores = days.map(day => ({ date: day.date, value: day.score }))
  return {
    id: member.mailboxId,
    address: mailbox.address,
    domainId: mailbox.domainId,
    provider: mailbox.provider,
    strategy: settings.strategy,
    phase: nominalOf(settings, daysDone + 1, { seed, mailboxId: member.mailboxId, ready: evidence.isReady })
      .phase,
    state: {
      state: view.state,
      reason: view.reason,
      sinceAt: view.sinceAt ?? member.sinceAt,
      // A time that has passed without an end says nothing; a slowed mailbox waits until it is well.
      nextAt: view.state === 'slowed' && (view.reviewAt ?? 0) <= context.now() ? null : view.reviewAt,
    },
    day: Math.min(rampDays(settings), daysDone + (typeof today?.day === 'number' ? 1 : 0)),
    of: rampDays(settings),
    today: {
      date,
      sent: today?.sent ?? 0,
      planned: today?.planned ?? 0,
      cap: today?.cap ?? 0,
      limitedBy: today?.limited_by ?? null,
      nextSendAt: view.effect.factor === 0 ? null : nextSlotOf(store, no, context.now()),
    },
    targetPerDay: settings.targetPerDay,
    campaign: { perDay: campaignPerDay(store, no), today: campaignOn(store, no, date) },
    score: member.score,
    trend: reputation.trendOf(scores, date),
    history: scores.map(({ value }) => value).slice(-historyDays),
    ...placed,
    startedAt: member.startedAt,
  }
}

function nextSlotOf(reads: Reads, no: number, now: number): number | null {
  const sql = "SELECT min(at) AS next FROM warmup_slots WHERE no = ? AND at >= ? AND state = 'open'"
  return reads.get<{ next: number | null }>(sql, no, now)?.next ?? null
}

function placedIn(days: readonly DayRow[]): { placed: number; inInbox: number } {
  let placed = 0
  let inInbox = 0
  for (const { inbox, category, junk, missing } of days) {
    inInbox += inbox + category
    placed += inbox + category + junk + missing
  }
  return { placed, inInbox }
}
