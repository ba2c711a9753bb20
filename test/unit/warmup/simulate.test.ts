import { assert, constantFrom, integer, property, shuffledSubarray, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WarmupSettings } from '#shared/model/warmup.ts'
import { planDay, type PlannedMailbox, type PoolCaps, usualCaps } from '#engine/warmup/plan-day.ts'
import { type SimulatedDay, simulateWarmup } from '#engine/warmup/simulate.ts'
import { defaultSettings, leastGapMs } from '#engine/warmup/strategies.ts'
import { brokenRules } from './broken-rules.ts'
import { zones } from './zones.ts'

type Choice = {
  size: number
  days: number
  seed: string
  startDate: string
  timeZones: readonly string[]
  over?: Partial<WarmupSettings>
}

const providers = ['google', 'microsoft365', 'other']

function play({ size, days, seed, startDate, timeZones, over = {} }: Choice): SimulatedDay[] {
  const mailboxes = Array.from({ length: size }, (_, index) => ({
    address: `m${index}@d${index % 4}.example`,
    provider: providers[index % 3] ?? '',
    settings: { ...defaultSettings('moderate', timeZones[index % timeZones.length] ?? 'UTC'), ...over },
    dailyLimit: 50,
  }))
  return [...simulateWarmup({ mailboxes, startDate, days, seed, caps: usualCaps })]
}

function brokenBy(choice: Choice): string[] {
  return brokenRules(play(choice), {
    days: choice.days,
    weekdays: choice.over?.weekdays ?? [1, 2, 3, 4, 5, 6, 7],
    zoneOf: address => choice.timeZones[Number(/\d+/.exec(address)?.[0]) % choice.timeZones.length] ?? 'UTC',
  })
}

describe('a pool played forward', () => {
  test('breaks no rule, whatever the seed, the zones and the clocks', () => {
    const starts = constantFrom('2026-03-20', '2026-10-20', '2018-10-30', '2026-03-30', '2011-12-26')
    assert(
      property(
        string(),
        integer({ min: 1, max: 12 }),
        starts,
        shuffledSubarray<string>([...zones], { minLength: 1, maxLength: 4 }),
        constantFrom<number[]>([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5]),
        (seed, size, startDate, timeZones, weekdays) => {
          const choice = { seed, size, startDate, timeZones, days: 12, over: { weekdays } }
          expect(brokenBy(choice)).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })

  test('plays 50 mailboxes for 90 days by the rules, and grows as planned', () => {
    const choice = {
      size: 50,
      days: 90,
      seed: '1',
      startDate: '2026-09-01',
      timeZones: ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'],
    }
    expect(brokenBy(choice)).toEqual([])
    const days = play(choice)
    const perMailbox = (day: number) => (days[day - 1]?.sends.length ?? 0) / 50
    expect(perMailbox(1)).toBeGreaterThan(2)
    expect(perMailbox(5)).toBeGreaterThan(6)
    expect(perMailbox(15)).toBeGreaterThan(11)
    expect(perMailbox(40)).toBeLessThanOrEqual(15)
    expect(perMailbox(40)).toBeGreaterThan(6)
    const sends = days.flatMap(({ sends }) => sends)
    expect(sends.filter(({ depth }) => depth >= 3).length).toBeGreaterThan(500)
    const instants = sends.map(({ at }) => at)
    expect(new Set(instants).size).toBe(instants.length)
  })

  test('is the same for the same seed and another for another', () => {
    const choice = { size: 6, days: 10, seed: 'a', startDate: '2026-06-01', timeZones: ['UTC'] }
    expect(play(choice)).toEqual(play(choice))
    expect(play({ ...choice, seed: 'b' })).not.toEqual(play(choice))
  })

  test('two mailboxes write to each other, now and then', () => {
    const days = play({ size: 2, days: 30, seed: 's', startDate: '2026-06-01', timeZones: ['UTC'] })
    const begun = days.flatMap(({ sends }) => sends).filter(({ kind }) => kind === 'new')
    expect(begun.length).toBeGreaterThanOrEqual(7)
    expect(begun.length).toBeLessThanOrEqual(10)
  })

  test('a rest day does not count as a day of the ramp', () => {
    const over = { weekdays: [1, 2, 3, 4, 5], holidays: ['2026-06-03'] }
    const days = play({ size: 3, days: 9, seed: 's', startDate: '2026-06-01', timeZones: ['UTC'], over })
    expect(days.map(({ mailboxes }) => mailboxes[0]?.warmupDay)).toEqual([1, 2, 2, 3, 4, 4, 4, 5, 6])
  })
})

function mailboxes(size: number, over: Partial<PlannedMailbox> = {}): PlannedMailbox[] {
  return Array.from({ length: size }, (_, index) => ({
    id: `m${index}`,
    domain: `d${index % 4}.example`,
    provider: 'google',
    settings: { ...defaultSettings('conservative', 'UTC'), variance: 0 },
    warmupDay: 30,
    ready: true,
    factor: 1,
    dailyLimit: 50,
    campaignToday: 0,
    recentThreads: 0,
    openReplies: 100,
    ...over,
  }))
}
function plan(pool: readonly PlannedMailbox[], caps: Partial<PoolCaps>) {
  return planDay({ mailboxes: pool, date: '2026-06-10', seed: 's', caps: { ...usualCaps, ...caps } })
}

describe('the caps of a pool', () => {
  test('a domain keeps its limit to the message, shared by what each mailbox wants', () => {
    const days = plan(mailboxes(20, { campaignToday: 1 }), { domainPerDay: 33 })
    const ofFirst = days.filter((_, index) => index % 4 === 0)
    expect(ofFirst.reduce((sum, { slots }) => sum + slots.length, 0)).toBe(28)
    for (const { slots, limitedBy } of ofFirst) {
      expect(slots.length).toBeGreaterThanOrEqual(5)
      expect(slots.length).toBeLessThanOrEqual(6)
      expect(limitedBy).toBe('domain')
    }
  })

  test('a domain with a limit of its own keeps that, and the others have theirs', () => {
    const perDayOf = new Map([['d1.example', 7]])
    const days = plan(mailboxes(20), { perDayOf })
    const sumOf = (place: number) =>
      days.filter((_, index) => index % 4 === place).reduce((sum, { slots }) => sum + slots.length, 0)
    expect(sumOf(1)).toBe(7)
    expect(sumOf(0)).toBeGreaterThan(20)
    const both = plan(mailboxes(20), { perDayOf, domainPerDay: 12 })
    const bothOf = (place: number) =>
      both.filter((_, index) => index % 4 === place).reduce((sum, { slots }) => sum + slots.length, 0)
    expect([bothOf(0), bothOf(1)]).toEqual([12, 7])
  })

  test('a provider keeps its pace in every minute and hour', () => {
    assert(
      property(
        string(),
        integer({ min: 1, max: 4 }),
        integer({ min: 5, max: 80 }),
        (seed, perMinute, perHour) => {
          const caps = { ...usualCaps, providerPerMinute: perMinute, providerPerHour: perHour }
          const days = planDay({ mailboxes: mailboxes(25), date: '2026-06-10', seed, caps })
          const times = days.flatMap(({ slots }) => slots).toSorted((a, b) => a - b)
          expect(times.length).toBeGreaterThan(0)
          for (const [index, at] of times.entries()) {
            const minuteBack = times[index - perMinute]
            if (minuteBack !== undefined) expect(at - minuteBack).toBeGreaterThanOrEqual(60_000)
            const hourBack = times[index - perHour]
            if (hourBack !== undefined) expect(at - hourBack).toBeGreaterThanOrEqual(3_600_000)
          }
        },
      ),
      { numRuns: 20 },
    )
  })

  test('no two mailboxes share a second, and the gap stays', () => {
    const days = plan(mailboxes(60), { providerPerHour: null, providerPerMinute: null })
    const seconds = days.flatMap(({ slots }) => slots.map(at => Math.floor(at / 1_000)))
    expect(seconds.length).toBeGreaterThan(2_000)
    expect(new Set(seconds).size).toBe(seconds.length)
    for (const { slots } of days) {
      for (const [index, at] of slots.entries()) {
        if (index > 0) expect(at - (slots[index - 1] ?? 0)).toBeGreaterThanOrEqual(leastGapMs)
      }
    }
  })

  test('a paused mailbox has no slots and takes no part', () => {
    const [paused, ...others] = plan([...mailboxes(1, { factor: 0 }), ...mailboxes(3)], {})
    expect(paused).toMatchObject({ slots: [], cap: 0, limitedBy: 'health' })
    expect(others.every(({ slots }) => slots.length > 0)).toBe(true)
  })

  test('who owes many replies and has no rested pair sends replies alone', () => {
    const [first] = plan(mailboxes(3, { recentThreads: 9, openReplies: 4 }), {})
    expect(first).toMatchObject({ limitedBy: 'pool' })
    expect(first?.slots).toHaveLength(4)
  })
})
