const shortRelative = new Intl.RelativeTimeFormat('en', { style: 'short', numeric: 'auto' })
const longRelative = new Intl.RelativeTimeFormat('en', { style: 'long', numeric: 'always' })
const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** The largest first. A unit is used from one whole of it on; weeks are left out because "12 days ago" says more. */
const units = [
  ['year', 365 * dayMs],
  ['month', 30 * dayMs],
  ['day', dayMs],
  ['hour', hourMs],
  ['minute', minuteMs],
  ['second', secondMs],
] as const

function largestUnit(spanMs: number): readonly [(typeof units)[number][0], number] {
  for (const [unit, sizeMs] of units) {
    if (spanMs >= sizeMs) return [unit, Math.floor(spanMs / sizeMs)]
  }
  return ['second', 0]
}

/** `just now`, `3 min ago`, `yesterday`. A moment in the future counts as now, because clocks differ a little. */
export function timeAgo(at: number, now: number): string {
  const spanMs = now - at
  if (spanMs < 10 * secondMs) return 'just now'
  const [unit, count] = largestUnit(spanMs)
  return shortRelative.format(-count, unit).replace('.', '')
}

/** `now`, `in 23 minutes`. A moment in the past counts as now. */
export function timeUntil(at: number, now: number): string {
  const spanMs = at - now
  if (spanMs < secondMs) return 'now'
  const [unit, count] = largestUnit(spanMs)
  return longRelative.format(count, unit)
}

/** `0.4 seconds`, `5 seconds`, `2 minutes`. */
export function duration(spanMs: number): string {
  const [unit, count] = largestUnit(Math.max(0, spanMs))
  const short = spanMs < 10 * secondMs
  const value = short ? Math.round(Math.max(0, spanMs) / 100) / 10 : count
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}

/** `22 Nov 2026, 14:05` in the given IANA zone, or the machine's own. */
export function exactTime(at: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(at)
}
