import type { HealthState } from '#shared/model/mailbox-health.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'

export type WarmupSort = {
  by: 'address' | 'score' | 'state' | 'day' | 'today' | 'inbox' | 'next'
  descending: boolean
}
export type WarmupFilter = {
  search: string
  state: HealthState | 'all'
  domain: string | null
  provider: string | null
}

export const noWarmupFilter: WarmupFilter = { search: '', state: 'all', domain: null, provider: null }

/** What needs a person first. */
const stateOrder: Record<HealthState, number> = {
  paused: 0,
  'rate-limited': 1,
  slowed: 2,
  offline: 3,
  ramping: 4,
  maintenance: 5,
}

export const domainOf = ({ address }: WarmupRow) => address.slice(address.lastIndexOf('@') + 1)

/** Share of the messages looked for that lay in the inbox; null where none was. */
export function inboxShare({ placed, inInbox }: Pick<WarmupRow, 'placed' | 'inInbox'>): number | null {
  return placed === 0 ? null : inInbox / placed
}

export function isFilteringWarmup({ search, state, domain, provider }: WarmupFilter): boolean {
  return search.trim() !== '' || state !== 'all' || domain !== null || provider !== null
}

/** The rows to show, in order; those of which the value is not known come last either way. Pure. */
export function orderWarmup(
  rows: readonly WarmupRow[],
  sort: WarmupSort,
  filter: WarmupFilter,
): readonly WarmupRow[] {
  const wanted = filter.search.trim().toLowerCase()
  const shown = rows.filter(
    row =>
      (wanted === '' || row.address.toLowerCase().includes(wanted)) &&
      (filter.state === 'all' || row.state.state === filter.state) &&
      (filter.domain === null || domainOf(row) === filter.domain) &&
      (filter.provider === null || row.provider === filter.provider),
  )
  const direction = sort.descending ? -1 : 1
  return shown.toSorted((a, b) => {
    const [one, other] = [valueOf(a, sort.by), valueOf(b, sort.by)]
    const byAddress = a.address.localeCompare(b.address)
    if (one === null || other === null) return Number(one === null) - Number(other === null) || byAddress
    const byValue = typeof one === 'string' ? one.localeCompare(String(other)) : one - Number(other)
    return byValue * direction || byAddress
  })
}

function valueOf(row: WarmupRow, by: WarmupSort['by']): number | string | null {
  switch (by) {
    case 'address':
      return row.address.toLowerCase()
    case 'score':
      return row.score
    case 'state':
      return stateOrder[row.state.state]
    case 'day':
      return row.of === 0 ? null : row.day / row.of
    case 'today':
      return row.today.sent
    case 'inbox':
      return inboxShare(row)
    case 'next':
      return row.today.nextSendAt
  }
}

export type WarmupSummary = {
  readonly states: Readonly<Record<HealthState, number>>
  readonly sent: number
  readonly planned: number
  readonly placed: number
  readonly inInbox: number
  /** The largest target of them. */
  readonly targetPerDay: number
}

/** What the whole pool comes to. Pure. */
export function summariseWarmup(rows: readonly WarmupRow[]): WarmupSummary {
  const states = { ramping: 0, maintenance: 0, slowed: 0, 'rate-limited': 0, paused: 0, offline: 0 }
  let [sent, planned, placed, inInbox, targetPerDay] = [0, 0, 0, 0, 0]
  for (const row of rows) {
    states[row.state.state] += 1
    sent += row.today.sent
    planned += row.today.planned
    placed += row.placed
    inInbox += row.inInbox
    targetPerDay = Math.max(targetPerDay, row.targetPerDay)
  }
  return { states, sent, planned, placed, inInbox, targetPerDay }
}

/** Each value once, in order. */
export function choicesOf(rows: readonly WarmupRow[], of: (row: WarmupRow) => string): string[] {
  return [...new Set(rows.map(of))].toSorted((a, b) => a.localeCompare(b))
}
