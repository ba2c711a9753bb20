import { assert, constantFrom, integer, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  rampCurves,
  type WarmupSettings,
  warmupSettingsSchema,
  warmupStrategies,
} from '#shared/model/warmup.ts'
import { nominalOf, previewRamp, rampDays, volumeOf } from '#engine/warmup/plan.ts'
import { combinedPerDay, defaultSettings, ramps } from '#engine/warmup/strategies.ts'

const noLimits = { dailyLimit: 500, providerPerDay: null, campaignToday: 0 }

function volume(
  settings: WarmupSettings,
  warmupDay: number,
  over: Partial<Parameters<typeof volumeOf>[0]> = {},
) {
  return volumeOf({
    settings,
    warmupDay,
    date: '2026-06-10',
    mailboxId: 'm1',
    seed: 's',
    ready: true,
    factor: 1,
    limits: noLimits,
    ...over,
  })
}

describe('the ramp', () => {
  test.each([
    ['conservative', 30],
    ['moderate', 20],
    ['aggressive', 10],
  ] as const)(
    '%s takes %i days, from 2 to 5 a day to its target, by one or two more each day',
    (strategy, days) => {
      const settings = defaultSettings(strategy, 'UTC')
      expect(warmupSettingsSchema.parse(settings)).toEqual(settings)
      expect(rampDays(settings)).toBe(days)
      const preview = previewRamp(settings, { startDate: '2026-06-01', days: 60, seed: 's', mailboxId: 'm1' })
      const ramp = preview.days.slice(0, days)
      expect(ramp[0]?.perDay).toBeGreaterThanOrEqual(2)
      expect(ramp[0]?.perDay).toBeLessThanOrEqual(5)
      expect(ramp.at(-1)?.perDay).toBe(ramps[strategy].targetPerDay)
      for (const [index, { perDay }] of ramp.entries()) {
        if (index > 0) expect(perDay - (ramp[index - 1]?.perDay ?? 0)).toBeLessThanOrEqual(2)
      }
      expect(preview.steep).toBe(false)
      for (const { phase, perDay, least, most } of preview.days.slice(days)) {
        expect(phase).toBe('maintenance')
        expect(perDay).toBeGreaterThanOrEqual(5)
        expect(least).toBeGreaterThanOrEqual(5)
        expect(most).toBeLessThanOrEqual(15)
      }
    },
  )

  test('its milestones come in order, on dates that are no rest days', () => {
    const settings = {
      ...defaultSettings('conservative', 'UTC'),
      weekdays: [1, 2, 3, 4, 5],
      holidays: ['2026-06-02'],
    }
    const preview = previewRamp(settings, { startDate: '2026-05-30', days: 40, seed: 's', mailboxId: 'm1' })
    expect(preview.days.slice(0, 3).map(({ date }) => date)).toEqual([
      '2026-06-01',
      '2026-06-03',
      '2026-06-04',
    ])
    expect(preview.milestones.map(({ code }) => code)).toEqual([
      'start',
      'half-of-target',
      'ready-at-the-earliest',
      'target',
      'maintenance',
    ])
    expect(preview.milestones.find(({ code }) => code === 'target')?.day).toBe(30)
    expect(preview.total).toBe(preview.days.reduce((sum, { perDay }) => sum + perDay, 0))
  })

  test('a custom table is followed day by day, then comes maintenance', () => {
    const settings = { ...defaultSettings('custom', 'UTC'), customPerDay: [2, 4, 0, 9] }
    const at = (day: number) => nominalOf(settings, day, { seed: 's', mailboxId: 'm', ready: true })
    expect([1, 2, 3, 4].map(day => at(day).perDay)).toEqual([2, 4, 0, 9])
    expect(at(5).phase).toBe('maintenance')
    expect(volume(settings, 3).wanted).toBe(0)
  })

  test('after the ramp the volume holds until the mailbox is ready', () => {
    const settings = defaultSettings('aggressive', 'UTC')
    const held = nominalOf(settings, 12, { seed: 's', mailboxId: 'm', ready: false })
    expect(held).toMatchObject({ phase: 'hold', perDay: 20 })
  })

  test('a steep ramp says so', () => {
    const settings = { ...defaultSettings('aggressive', 'UTC'), targetPerDay: 50 }
    expect(
      previewRamp(settings, { startDate: '2026-06-01', days: 10, seed: 's', mailboxId: 'm' }).steep,
    ).toBe(true)
  })

  test.each(rampCurves)('%s never falls and ends at the target', curve => {
    const settings = { ...defaultSettings('moderate', 'UTC'), curve }
    const days = Array.from({ length: 20 }, (_, index) =>
      nominalOf(settings, index + 1, { seed: 's', mailboxId: 'm', ready: false }),
    )
    for (const [index, { perDay }] of days.entries()) {
      if (index > 0) expect(perDay).toBeGreaterThanOrEqual(days[index - 1]?.perDay ?? 0)
    }
    expect(days.at(-1)?.perDay).toBe(30)
  })
})

describe('the volume of a day', () => {
  test('stays within 20 % of the ramp, within every cap, and is the same for the same seed', () => {
    const strategies = constantFrom(...warmupStrategies)
    const smallNumbers = integer({ min: 0, max: 60 })
    const targets = integer({ min: 5, max: 50 })
    assert(
      property(
        string(),
        strategies,
        integer({ min: 1, max: 90 }),
        targets,
        smallNumbers,
        smallNumbers,
        constantFrom(1, 0.5, 0),
        (seed, strategy, day, targetPerDay, dailyLimit, campaignToday, factor) => {
          const settings = { ...defaultSettings(strategy, 'UTC'), targetPerDay, customPerDay: [3, 5, 8, 40] }
          const limits = { dailyLimit, campaignToday, providerPerDay: 50 }
          const { cap, wanted, phase } = volume(settings, day, { seed, factor, limits })
          expect(volume(settings, day, { seed, factor, limits })).toEqual({
            cap,
            wanted,
            phase,
            limitedBy: volume(settings, day, { seed, factor, limits }).limitedBy,
          })
          const { perDay } = nominalOf(settings, day, { seed, mailboxId: 'm1', ready: true })
          expect(wanted).toBeLessThanOrEqual(cap)
          expect(cap).toBeGreaterThanOrEqual(0)
          expect(cap).toBeLessThanOrEqual(Math.max(0, Math.min(dailyLimit, combinedPerDay) - campaignToday))
          expect(wanted).toBeLessThanOrEqual(Math.max(Math.round(perDay), perDay * 1.2))
          if (factor === 0) expect(wanted).toBe(0)
          const free = volume(settings, day, { seed })
          if (phase !== 'maintenance') {
            expect(free.wanted).toBeGreaterThanOrEqual(Math.min(Math.round(perDay), perDay * 0.8))
          }
        },
      ),
    )
  })

  test('differs from day to day and from mailbox to mailbox', () => {
    const settings = defaultSettings('conservative', 'UTC')
    const wanted = (over: object) => volume(settings, 25, over).wanted
    const days = Array.from({ length: 30 }, (_, index) => wanted({ date: `day ${index}` }))
    const mailboxes = Array.from({ length: 30 }, (_, index) => wanted({ mailboxId: `m${index}` }))
    expect(new Set(days).size).toBeGreaterThan(5)
    expect(new Set(mailboxes).size).toBeGreaterThan(5)
  })

  test('campaigns count against the limits, and the tightest limit is named', () => {
    const settings = { ...defaultSettings('conservative', 'UTC'), variance: 0 }
    const limited = (limits: object, factor = 1) =>
      volume(settings, 30, { limits: { ...noLimits, ...limits }, factor })
    expect(limited({})).toMatchObject({ wanted: 40, limitedBy: null })
    expect(limited({ campaignToday: 30 })).toMatchObject({ wanted: 20, limitedBy: 'combined-limit' })
    expect(limited({ dailyLimit: 25, campaignToday: 5 })).toMatchObject({
      wanted: 20,
      limitedBy: 'daily-limit',
    })
    expect(limited({ providerPerDay: 12 })).toMatchObject({ wanted: 12, limitedBy: 'mail-provider' })
    expect(limited({ campaignToday: 80 })).toMatchObject({ wanted: 0, cap: 0 })
    expect(limited({}, 0.5)).toMatchObject({ wanted: 20, limitedBy: 'health' })
  })
})
