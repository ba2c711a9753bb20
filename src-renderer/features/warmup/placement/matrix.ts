import type { PlacementCell } from '#shared/model/warmup-view.ts'

export type Tally = Pick<PlacementCell, 'inbox' | 'category' | 'junk' | 'missing'>

export type Matrix = {
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** Null where nothing was seen yet. */
  at(from: string, to: string): Tally | null
  /** Over a whole column: what this kind of recipient makes of it. */
  ofRecipient(to: string): Tally | null
}

const nothing: Tally = { inbox: 0, category: 0, junk: 0, missing: 0 }

export const seenOf = ({ inbox, category, junk, missing }: Tally) => inbox + category + junk + missing

/** Share in the inbox or one of its tabs. */
export const shareOf = (tally: Tally) => (tally.inbox + tally.category) / Math.max(1, seenOf(tally))

/** Placements as a table of senders by recipients, each kind of provider once and in order. Pure. */
export function matrixOf(cells: readonly PlacementCell[]): Matrix {
  const each = (of: (cell: PlacementCell) => string) => [...new Set(cells.map(of))].toSorted()
  return {
    from: each(({ from }) => from),
    to: each(({ to }) => to),
    at: (from, to) => sum(cells.filter(cell => cell.from === from && cell.to === to)),
    ofRecipient: to => sum(cells.filter(cell => cell.to === to)),
  }
}

/** How a share is to be taken: the bounds at which a mailbox is slowed and paused. */
export function shareTone(share: number): 'pass' | 'warn' | 'fail' {
  if (share >= 0.9) return 'pass'
  return share >= 0.75 ? 'warn' : 'fail'
}

function sum(some: readonly PlacementCell[]): Tally | null {
  const tally = some.reduce<Tally>(
    (all, cell) => ({
      inbox: all.inbox + cell.inbox,
      category: all.category + cell.category,
      junk: all.junk + cell.junk,
      missing: all.missing + cell.missing,
    }),
    nothing,
  )
  return seenOf(tally) === 0 ? null : tally
}
