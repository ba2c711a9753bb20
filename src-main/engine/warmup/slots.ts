import { minutesOfDay, type SendWindow, type WarmupSettings } from '#shared/model/warmup.ts'
import { isSendingDay, localDay, type Span, windowSpans } from './local-day.ts'
import { type Random, randomOf } from './random.ts'
import { leastGapMs } from './strategies.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A slot this late still fires: longer than a busy engine needs, far shorter than the gap. */
export const lateMs = 2 * minuteMs

/** Left free at the end of each window, so that two mailboxes with the same second can be set apart. */
export const nudgeMs = 30_000

export type SlotsInput = {
  readonly mailboxId: string
  readonly seed: string
  /** Local date, `YYYY-MM-DD`. */
  readonly date: string
  readonly settings: Pick<WarmupSettings, 'timeZone' | 'window' | 'weekdays' | 'holidays'>
  /** How many are wanted; fewer come when the window is too short for the gap. */
  readonly count: number
  /** Messages in any 60 minutes; stretches the gap. */
  readonly perHour: number
}

/**
 * The instants at which a mailbox sends on a local date, in order, at least ten minutes apart, all within its window;
 * none on a rest day or a date its zone skipped. Spread as people write: more in mid-morning and mid-afternoon, less at
 * lunch, each mailbox and day a little different. Pure: the same input gives the same instants. Throws a RangeError for
 * a zone or date that does not exist.
 */
export function slotsOf(input: SlotsInput): number[] {
  const { settings, count, perHour } = input
  if (count <= 0 || perHour <= 0 || !isSendingDay(input.date, settings)) return []
  const gapMs = gapFor(perHour)
  const window = apartFromTomorrow(settings.window, gapMs)
  const spans = windowSpans(localDay(input.date, settings.timeZone), window).flatMap(span =>
    span.toAt - span.fromAt > nudgeMs ? [{ ...span, toAt: span.toAt - nudgeMs }] : [],
  )
  const openMs = spans.reduce((sum, { fromAt, toAt }) => sum + toAt - fromAt, 0)
  if (openMs <= 0) return []
  const fits = Math.min(Math.floor(count), Math.floor((openMs - 1) / gapMs) + 1)
  // The gaps are taken out, the points drawn in what is left, and the gaps put back between them.
  const freeMs = openMs - (fits - 1) * gapMs
  const random = randomOf(input.seed, 'slots', input.mailboxId, input.date)
  const density = densityFor(window, random)
  const midnightMs = localDay(input.date, settings.timeZone).midnightMs
  const drawn: number[] = []
  for (let index = 0; index < fits; index += 1) {
    drawn.push(
      drawOne(random, freeMs, openMs, at => {
        const { at: instant, offsetMs } = placeIn(spans, at)
        return density((instant + offsetMs - midnightMs) / minuteMs)
      }),
    )
  }
  return drawn
    .toSorted((a, b) => a - b)
    .map((free, index) => placeIn(spans, Math.floor(free) + index * gapMs).at)
}

/** The time between two messages of a mailbox that keeps both the least gap and the limit of an hour. */
export function gapFor(perHour: number): number {
  return Math.max(leastGapMs, Math.ceil(hourMs / perHour))
}

/**
 * Which slots fire now. `lookedAt` is the last look, so a clock that goes back fires nothing twice; what was missed while
 * the machine slept or the engine was down is dropped, and at most one slot of a mailbox fires. Pure.
 */
export function dueSlots(
  slots: readonly number[],
  { lookedAt, lastSentAt, now }: { lookedAt: number; lastSentAt: number | null; now: number },
): { readonly due: number | null; readonly dropped: readonly number[] } {
  const passed = slots.filter(at => at > lookedAt && at <= now)
  const last = passed.at(-1)
  const isOpen = last !== undefined && now - last <= lateMs && now - (lastSentAt ?? -Infinity) >= leastGapMs
  return isOpen ? { due: last, dropped: passed.slice(0, -1) } : { due: null, dropped: passed }
}

/** A window around the whole clock would put the last message of a day too close to the first of the next. */
function apartFromTomorrow({ fromMinute, toMinute }: SendWindow, gapMs: number): SendWindow {
  const latest = fromMinute + minutesOfDay - Math.ceil(gapMs / minuteMs)
  return { fromMinute, toMinute: Math.max(fromMinute, Math.min(toMinute, latest)) }
}

/** The instant at a distance from the beginning of the open time. */
function placeIn(spans: readonly Span[], distanceMs: number): { at: number; offsetMs: number } {
  let left = distanceMs
  for (const { fromAt, toAt, offsetMs } of spans) {
    if (left < toAt - fromAt) return { at: fromAt + left, offsetMs }
    left -= toAt - fromAt
  }
  const last = spans.at(-1)
  return { at: (last?.toAt ?? 0) - 1, offsetMs: last?.offsetMs ?? 0 }
}

const mostDraws = 64

/** One point of a process whose rate follows `density` (at most 1), by thinning (Lewis and Shedler 1979). */
function drawOne(
  random: Random,
  freeMs: number,
  openMs: number,
  densityAt: (openOffsetMs: number) => number,
): number {
  let point = random() * freeMs
  for (let draw = 1; draw < mostDraws; draw += 1) {
    if (random() < densityAt((point * openMs) / freeMs)) break
    point = random() * freeMs
  }
  return point
}

/** How likely a message is at a local minute, 0 to 1: two humps and a dip around a lunch of this mailbox's own. */
function densityFor({ fromMinute, toMinute }: SendWindow, random: Random): (minute: number) => number {
  const length = toMinute - fromMinute
  const morning = fromMinute + length * (0.18 + random() * 0.12)
  const afternoon = fromMinute + length * (0.64 + random() * 0.14)
  const lunch = 12 * 60 + 15 + random() * 60
  const width = length * 0.16
  return minute => {
    const humps = Math.max(hump(minute, morning, width), 0.85 * hump(minute, afternoon, width * 1.2))
    return (0.25 + 0.75 * humps) * (1 - 0.8 * hump(minute, lunch, 30))
  }
}

function hump(minute: number, middle: number, width: number): number {
  const distance = (minute - middle) / width
  return Math.exp(-distance * distance)
}
