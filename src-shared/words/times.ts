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

const clock = (at: number, timeZone?: string) =>
  new Intl.DateTimeFormat('en-GB', {
    timeStyle: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(at)

/** `14:05` in the given IANA zone, or the machine's own. */
export function timeOfDay(at: number, timeZone?: string): string {
  return clock(at, timeZone)
}

/** Local midnight, of the machine's own zone. */
const startOf = (at: number) => new Date(at).setHours(0, 0, 0, 0)

/** `today 14:05`, `tomorrow 09:00`, `yesterday 18:20`, else `24 Nov, 09:00`; days as the machine counts them. */
export function dayAndTime(at: number, now: number): string {
  const days = Math.round((startOf(at) - startOf(now)) / dayMs)
  const name = days === 0 ? 'today' : days === 1 ? 'tomorrow' : days === -1 ? 'yesterday' : null
  if (name !== null) return `${name} ${clock(at)}`
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }).format(at)
  return `${date}, ${clock(at)}`
}

/** `24 Nov` of a local date `YYYY-MM-DD`. */
export function shortDate(date: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    Date.parse(`${date}T00:00:00Z`),
  )
}
