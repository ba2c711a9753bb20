import { assert, array, constantFrom, integer, oneof, property, string, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueSlots, lateMs, slotsOf, type SlotsInput } from '#engine/warmup/slots.ts'
import { dateAfter } from '#engine/warmup/local-day.ts'
import { leastGapMs } from '#engine/warmup/strategies.ts'
import { dateIn, minuteIn, oddDates, zones } from './zones.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const dates = oneof(
  constantFrom(...oddDates),
  integer({ min: 0, max: 2_000 }).map(days => dateAfter('2024-01-01', days)),
)
const windows = tuple(integer({ min: 0, max: 1_440 }), integer({ min: 0, max: 1_440 }))
  .filter(([from, to]) => from !== to)
  .map(([a, b]) => ({ fromMinute: Math.min(a, b), toMinute: Math.max(a, b) }))

function inputFor(
  over: Partial<SlotsInput['settings']> & Partial<Omit<SlotsInput, 'settings'>> = {},
): SlotsInput {
  const { mailboxId = 'm1', seed = 's', date = '2026-06-10', count = 20, perHour = 6, ...settings } = over
  const window = { fromMinute: 540, toMinute: 1_080 }
  return {
    mailboxId,
    seed,
    date,
    count,
    perHour,
    settings: { timeZone: 'Europe/Berlin', window, weekdays: everyDay, holidays: [], ...settings },
  }
}

describe('the slots of a day', () => {
  test('keep window, date, gap, hour and number in every zone, also when the clocks change', () => {
    const counts = integer({ min: 0, max: 60 })
    const paces = integer({ min: 1, max: 12 })
    assert(
      property(
        string(),
        constantFrom(...zones),
        dates,
        windows,
        counts,
        paces,
        (seed, timeZone, date, window, count, perHour) => {
          const slots = slotsOf(inputFor({ seed, timeZone, date, window, count, perHour }))
          expect(slots.length).toBeLessThanOrEqual(count)
          for (const [index, at] of slots.entries()) {
            expect(dateIn(at, timeZone)).toBe(date)
            const minute = minuteIn(at, timeZone)
            expect(minute).toBeGreaterThanOrEqual(window.fromMinute)
            expect(minute).toBeLessThan(window.toMinute)
            const before = slots[index - 1]
            if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(leastGapMs)
            const hourBack = slots[index - perHour]
            if (hourBack !== undefined) expect(at - hourBack).toBeGreaterThanOrEqual(3_600_000)
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  test('keep the gap from one day to the next, also around the clock', () => {
    const window = { fromMinute: 0, toMinute: 1_440 }
    assert(
      property(string(), constantFrom(...zones), dates, (seed, timeZone, date) => {
        const today = slotsOf(inputFor({ seed, timeZone, date, window, count: 60 }))
        const tomorrow = slotsOf(inputFor({ seed, timeZone, date: dateAfter(date, 1), window, count: 60 }))
        const [last, first] = [today.at(-1), tomorrow[0]]
        return last === undefined || first === undefined || first - last >= leastGapMs
      }),
    )
  })

  test('are the same for the same seed and others for another', () => {
    expect(slotsOf(inputFor())).toEqual(slotsOf(inputFor()))
    expect(slotsOf(inputFor({ seed: 'other' }))).not.toEqual(slotsOf(inputFor()))
    expect(slotsOf(inputFor({ date: '2026-06-11' })).map(at => at % 86_400_000)).not.toEqual(
      slotsOf(inputFor()).map(at => at % 86_400_000),
    )
  })

  test('are as many as wanted when they fit, and as many as fit when they do not', () => {
    expect(slotsOf(inputFor({ count: 48 }))).toHaveLength(48)
    expect(slotsOf(inputFor({ count: 500 }))).toHaveLength(54)
    expect(slotsOf(inputFor({ count: 500, perHour: 1 }))).toHaveLength(9)
    expect(slotsOf(inputFor({ window: { fromMinute: 600, toMinute: 601 }, count: 5 }))).toHaveLength(1)
  })

  test('a day of rest has none', () => {
    expect(slotsOf(inputFor({ date: '2026-06-13', weekdays: [1, 2, 3, 4, 5] }))).toEqual([])
    expect(slotsOf(inputFor({ date: '2026-06-12', weekdays: [1, 2, 3, 4, 5] }))).toHaveLength(20)
    expect(slotsOf(inputFor({ holidays: ['2026-06-10'] }))).toEqual([])
  })

  test('a window in the hour that spring skips is empty, and a date a zone skipped too', () => {
    const night = { fromMinute: 120, toMinute: 180 }
    expect(slotsOf(inputFor({ date: '2026-03-29', window: night, count: 3 }))).toEqual([])
    expect(slotsOf(inputFor({ date: '2026-03-28', window: night, count: 3 }))).toHaveLength(3)
    expect(slotsOf(inputFor({ date: '2011-12-30', timeZone: 'Pacific/Apia' }))).toEqual([])
  })

  test('a day on which the clocks change has its whole window, and autumn uses the repeated hour twice', () => {
    for (const date of ['2026-03-29', '2026-10-25']) {
      const minutes = slotsOf(inputFor({ date })).map(at => minuteIn(at, 'Europe/Berlin'))
      expect(minutes).toHaveLength(20)
      expect(Math.max(...minutes) - Math.min(...minutes)).toBeGreaterThan(300)
    }
    const night = { fromMinute: 120, toMinute: 180 }
    expect(slotsOf(inputFor({ date: '2026-10-24', window: night }))).toHaveLength(6)
    expect(slotsOf(inputFor({ date: '2026-10-25', window: night }))).toHaveLength(12)
  })

  test('there are fewer at lunch and at the edges than in between', () => {
    const minutes = Array.from({ length: 600 }, (_, index) =>
      slotsOf(inputFor({ mailboxId: `m${index}`, count: 12 })).map(at => minuteIn(at, 'Europe/Berlin')),
    ).flat()
    const between = (from: number, to: number) =>
      minutes.filter(minute => minute >= from && minute < to).length / (to - from)
    const morning = between(10 * 60, 11 * 60 + 30)
    expect(between(12 * 60 + 30, 13 * 60)).toBeLessThan(morning * 0.7)
    expect(between(9 * 60, 9 * 60 + 20)).toBeLessThan(morning * 0.8)
    expect(between(17 * 60 + 30, 18 * 60)).toBeLessThan(morning * 0.8)
    expect(between(14 * 60, 16 * 60)).toBeGreaterThan(morning * 0.5)
  })

  test('no two mailboxes are in step', () => {
    const days = Array.from({ length: 12 }, (_, index) =>
      slotsOf(inputFor({ mailboxId: `m${index}`, count: 15 })),
    )
    for (const [one, slots] of days.entries()) {
      for (const other of days.slice(one + 1)) {
        const together = slots.filter(at => other.some(its => Math.abs(its - at) < 60_000)).length
        expect(together).toBeLessThan(10)
      }
    }
  })
})

describe('which slots fire', () => {
  test('one that is due now, once', () => {
    const slots = [1_000_000, 2_000_000, 3_000_000]
    expect(dueSlots(slots, { lookedAt: 1_500_000, lastSentAt: 1_000_000, now: 2_000_500 })).toEqual({
      due: 2_000_000,
      dropped: [],
    })
    expect(dueSlots(slots, { lookedAt: 2_000_500, lastSentAt: 2_000_500, now: 2_001_000 }).due).toBeNull()
  })

  test('after sleep those that passed are dropped and none is made up for', () => {
    const slots = [0, 1, 2, 3, 4].map(index => index * 1_000_000)
    expect(dueSlots(slots, { lookedAt: -1, lastSentAt: null, now: 3_900_000 })).toEqual({
      due: null,
      dropped: [0, 1_000_000, 2_000_000, 3_000_000],
    })
    expect(dueSlots(slots, { lookedAt: 900_000, lastSentAt: null, now: 4_000_000 + lateMs })).toEqual({
      due: 4_000_000,
      dropped: [1_000_000, 2_000_000, 3_000_000],
    })
  })

  test('however the clock jumps, two messages are never closer than the gap and none goes twice', () => {
    const steps = array(integer({ min: -7_200_000, max: 30_000_000 }), { minLength: 1, maxLength: 40 })
    assert(
      property(string(), steps, (seed, jumps) => {
        const slots = slotsOf(inputFor({ seed, count: 40 }))
        let now = (slots[0] ?? 0) - 3_600_000
        let lookedAt = now
        let lastSentAt: number | null = null
        const fired: number[] = []
        for (const jump of jumps) {
          // Each jump is a sleep or a set clock; then the engine looks every 30 s for a while.
          now += jump
          for (let look = 0; look < 40; look += 1) {
            const { due } = dueSlots(slots, { lookedAt, lastSentAt, now })
            if (due !== null) {
              expect(fired).not.toContain(due)
              if (lastSentAt !== null) expect(now - lastSentAt).toBeGreaterThanOrEqual(leastGapMs)
              expect(now - due).toBeLessThanOrEqual(lateMs)
              fired.push(due)
              lastSentAt = now
            }
            lookedAt = Math.max(lookedAt, now)
            now += 30_000
          }
        }
      }),
    )
  })
})
