import type { SpfCost } from '#shared/model/audit.ts'

export const spfLimit = 10
/** From here on the tree is shown: one more service could break the record. */
export const spfNearLimit = 8

const marks: Record<SpfCost['state'], string> = {
  found: '',
  absent: 'no record',
  unavailable: 'could not be asked',
  'not-asked': 'not asked',
}

/** The terms that cost look-ups as a tree, each with what it costs together with everything below it. */
export function spfTree(costs: readonly SpfCost[]): string[] {
  const rows = rowsOf(costs, '')
  const width = Math.max(0, ...rows.map(({ text }) => text.length))
  return rows.map(({ text, lookups, note }) =>
    `${text.padEnd(width)}  ${String(lookups).padStart(2)}  ${note}`.trimEnd(),
  )
}

/** Ten slots, and what is above the limit after the bar: `■■■■■■■■■■|■■`. */
export function spfGauge(lookups: number): string {
  const within = Math.min(lookups, spfLimit)
  const over = lookups - within
  return `${'■'.repeat(within)}${'□'.repeat(spfLimit - within)}${over > 0 ? `|${'■'.repeat(over)}` : ''}`
}

type Row = { text: string; lookups: number; note: string }

function rowsOf(costs: readonly SpfCost[], indent: string): Row[] {
  return costs.flatMap((cost, index) => {
    const isLast = index === costs.length - 1
    const row = {
      text: `${indent}${isLast ? '└─' : '├─'} ${cost.term}`,
      lookups: cost.lookups,
      note: marks[cost.state],
    }
    return [row, ...rowsOf(cost.children, `${indent}${isLast ? '   ' : '│  '}`)]
  })
}
