import { assert, constantFrom, double, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextNightAt } from '#engine/jobs/night.ts'
import { fractionOf } from '#engine/jobs/when.ts'

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
]
const hourIn = (at: number, timeZone: string) =>
  Number(new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(at))

describe('the next night', () => {
  test('is between one and five o’clock there, after now, and within a day or so', () => {
    const instants = integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) })
    const parts = double({ min: 0, max: 0.999, noNaN: true })
    assert(
      property(instants, parts, constantFrom(...zones), (now, fraction, timeZone) => {
        const at = nextNightAt(now, fraction, timeZone)
        const hour = hourIn(at, timeZone)
        return at > now && at - now <= 25 * 3_600_000 && hour >= 1 && hour <= 5
      }),
    )
  })

  test('comes every night once, at the same time', () => {
    const first = nextNightAt(Date.UTC(2026, 10, 22, 12), 0.5, 'UTC')
    expect(new Date(first).toISOString()).toBe('2026-11-23T03:00:00.000Z')
    expect(nextNightAt(first, 0.5, 'UTC') - first).toBe(24 * 3_600_000)
    expect(nextNightAt(first - 1, 0.5, 'UTC')).toBe(first)
  })

  test('is safe on the nights the clocks change', () => {
    const spring = nextNightAt(Date.UTC(2026, 2, 28, 12), 0.375, 'Europe/Berlin')
    expect(new Date(spring).toISOString()).toBe('2026-03-29T01:30:00.000Z')
    const autumn = nextNightAt(Date.UTC(2026, 9, 24, 12), 0.375, 'Europe/Berlin')
    expect(hourIn(autumn, 'Europe/Berlin')).toBe(2)
    expect(nextNightAt(autumn, 0.375, 'Europe/Berlin') - autumn).toBeGreaterThan(23 * 3_600_000)
  })
})

test('keys spread evenly, and each stays where it is', () => {
  const tenths = Array.from({ length: 10 }, () => 0)
  for (let index = 0; index < 10_000; index += 1) {
    const tenth = Math.floor(fractionOf(`key ${index}`) * 10)
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
  }
  for (const count of tenths) expect(count).toBeGreaterThan(800)
  expect(fractionOf('a', 1)).toBe(fractionOf('a', 1))
  expect(fractionOf('a', 1)).not.toBe(fractionOf('a', 2))
})
