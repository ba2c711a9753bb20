/** One measured figure. `target` null: told for comparison only. */
export type Figure = {
  readonly name: string
  readonly measured: number
  readonly unit: 'ms' | 'MB' | 'KB' | '%' | '/s' | 'frames' | '×' | 'at once' | 'events' | 'sockets'
  readonly target: number | null
  /** Whether a figure should stay below its target or reach it. */
  readonly better: 'less' | 'more'
  /** What was counted, how often, what was left out. */
  readonly note?: string
}

/** What could not be measured here, and why. */
export type Missing = { readonly name: string; readonly why: string }

/** Times the target: for `less` at most 1 is good, for `more` at least 1. */
export function ratioOf({ measured, target }: Figure): number | null {
  return target === null || target === 0 ? null : measured / target
}

export function isMet({ measured, target, better }: Figure): boolean {
  return target === null || (better === 'less' ? measured <= target : measured >= target)
}

export function figureLine(figure: Figure | Missing): string {
  if ('why' in figure) return `${figure.name.padEnd(52)} not measured: ${figure.why}`
  const { name, measured, unit, target, better, note } = figure
  const ratio = ratioOf(figure)
  const columns = [
    name.padEnd(52),
    `${rounded(measured)} ${unit}`.padStart(12),
    (target === null ? '' : `${better === 'less' ? '≤' : '≥'} ${rounded(target)} ${unit}`).padStart(13),
    (ratio === null ? '' : `${ratio.toFixed(2)}×`).padStart(8),
    ` ${target === null ? '' : isMet(figure) ? 'ok' : 'MISSED'}`.padEnd(8),
  ]
  return `${columns.join('')} ${note ?? ''}`.trimEnd()
}

function rounded(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value).toLocaleString('en')
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper
}

/** The value that so many of a hundred do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}
