const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** From 01:00 to 05:00, when nobody waits for the network and records are rarely changed. */
const nightBeginsMinute = 60
const nightMinutes = 240

/**
 * The next moment after `now` at this part of the night (0 its beginning, towards 1 its end) in an IANA time zone. On the
 * night the clocks change a moment that does not exist becomes the one an hour later. Pure.
 */
export function nextNightAt(now: number, fraction: number, timeZone: string): number {
  const minute = nightBeginsMinute + Math.floor(fraction * nightMinutes)
  const local = now + offsetAt(now, timeZone)
  const today = local - (((local % dayMs) + dayMs) % dayMs)
  for (let day = 0; ; day += 1) {
    const at = instantOf(today + day * dayMs + minute * minuteMs, timeZone)
    if (at > now) return at
  }
}

/** The instant of a local time given as if it were UTC. */
function instantOf(local: number, timeZone: string): number {
  const guess = local - offsetAt(local, timeZone)
  return local - offsetAt(guess, timeZone)
}

/** Local time less UTC, in milliseconds, at an instant. */
function offsetAt(instant: number, timeZone: string): number {
  const whole = Math.floor(instant / 1_000) * 1_000
  const parts = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(timeZone, format)
  }
  return format
}
