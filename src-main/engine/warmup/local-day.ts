import { Temporal } from 'temporal-polyfill'
import type { SendWindow, WarmupSettings } from '#shared/model/warmup.ts'

const minuteMs = 60_000
/** Enough for a year of every zone a pool has; beyond it days are made anew. */
const mostKept = 20_000
const kept = new Map<string, LocalDay>()

/** One date in one zone: the stretches of real time it consists of, each with its offset. */
export type LocalDay = {
  readonly date: string
  /** Monday 1 to Sunday 7. */
  readonly weekday: number
  /** The date's midnight as if it were UTC. */
  readonly midnightMs: number
  /** One on most days, two when the clocks change, none when the zone skipped the date. */
  readonly stretches: readonly { readonly fromAt: number; readonly toAt: number; readonly offsetMs: number }[]
}

/** A stretch of real time within the window. */
export type Span = { readonly fromAt: number; readonly toAt: number; readonly offsetMs: number }

/** A local date (`YYYY-MM-DD`) in an IANA zone. Throws a RangeError for a zone or date that does not exist. */
export function localDay(date: string, timeZone: string): LocalDay {
  const key = `${date} ${timeZone}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const plain = Temporal.PlainDate.from(date)
  const start = plain.toZonedDateTime({ timeZone })
  const endAt = plain.add({ days: 1 }).toZonedDateTime({ timeZone }).epochMilliseconds
  const stretches: { fromAt: number; toAt: number; offsetMs: number }[] = []
  let at = start
  while (at.epochMilliseconds < endAt) {
    const next = at.getTimeZoneTransition('next')
    const toAt = Math.min(endAt, next?.epochMilliseconds ?? endAt)
    stretches.push({ fromAt: at.epochMilliseconds, toAt, offsetMs: at.offsetNanoseconds / 1e6 })
    if (next === null || toAt >= endAt) break
    at = next
  }
  const day = {
    date,
    weekday: plain.dayOfWeek,
    midnightMs: Date.UTC(plain.year, plain.month - 1, plain.day),
    // The start of a date that the zone skipped is the next one's: nothing of it is left.
    stretches: stretches.filter(({ fromAt, toAt }) => fromAt < toAt),
  }
  if (kept.size >= mostKept) kept.clear()
  kept.set(key, day)
  return day
}

/** The local date of an instant. */
export function dateAt(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/** `days` later; earlier when negative. */
export function dateAfter(date: string, days: number): string {
  const at = Date.parse(`${date}T00:00:00Z`) + days * 24 * 60 * minuteMs
  return new Date(at).toISOString().slice(0, 10)
}

/** Whether anything is sent on a local date: an open weekday and no holiday. */
export function isSendingDay(date: string, settings: Pick<WarmupSettings, 'weekdays' | 'holidays'>): boolean {
  const weekday = ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1
  return settings.weekdays.includes(weekday) && !settings.holidays.includes(date)
}

/**
 * The real time within a window: local times in [from, to). A window inside the hour that spring skips is empty; one in
 * the hour that autumn repeats is there twice.
 */
export function windowSpans(day: LocalDay, { fromMinute, toMinute }: SendWindow): Span[] {
  return day.stretches.flatMap(({ fromAt, toAt, offsetMs }) => {
    const begins = Math.max(fromAt, day.midnightMs + fromMinute * minuteMs - offsetMs)
    const ends = Math.min(toAt, day.midnightMs + toMinute * minuteMs - offsetMs)
    return begins < ends ? [{ fromAt: begins, toAt: ends, offsetMs }] : []
  })
}

/** Local time of an instant with its offset, as `2026-03-29T10:15:32+02:00`. */
export function localText(at: number, day: LocalDay): string {
  const offsetMs = (day.stretches.find(({ toAt }) => at < toAt) ?? day.stretches.at(-1))?.offsetMs ?? 0
  const minutes = Math.round(Math.abs(offsetMs) / minuteMs)
  const offset = `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  return `${new Date(at + offsetMs).toISOString().slice(0, 19)}${offset}`
}

/** Whether the system knows an IANA zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return Temporal.Now.zonedDateTimeISO(timeZone).timeZoneId !== ''
  } catch {
    return false
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
