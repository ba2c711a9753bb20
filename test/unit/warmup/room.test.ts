import { describe, expect, test } from 'vitest'
import { settingsFrom, usualDefaults } from '#shared/warmup-ramps.ts'
import { warmupRoom } from '#shared/warmup-room.ts'
import { campaignSentence, defaultsSentence, startsWithSentence } from '#shared/words/warmup.ts'
import { defaultSettings } from '#engine/warmup/strategies.ts'

const room = (campaign: number) => warmupRoom({ dailyLimit: 50, providerPerDay: null, campaign })

describe('what a campaign leaves for warmup', () => {
  test.each([
    [{ dailyLimit: 40, providerPerDay: null, campaign: 0 }, 40, 'daily-limit', 40],
    [{ dailyLimit: 40, providerPerDay: null, campaign: 30 }, 40, 'daily-limit', 10],
    [{ dailyLimit: 200, providerPerDay: null, campaign: 49 }, 50, 'combined-limit', 1],
    [{ dailyLimit: 200, providerPerDay: 20, campaign: 49 }, 20, 'mail-provider', 0],
  ] as const)('%j', (input, perDay, limitedBy, left) => {
    expect(warmupRoom(input)).toEqual({ perDay, limitedBy, left })
  })

  test('is said in a sentence', () => {
    expect(campaignSentence(room(0), 0)).toBe(
      'All of the 50 messages a day that its daily limit allows are there for warmup.',
    )
    expect(campaignSentence(room(49), 49)).toBe(
      'Of the 50 messages a day that its daily limit allows, your campaign takes 49: 1 is left for warmup.',
    )
    expect(campaignSentence(room(80), 80)).toBe(
      'Your campaign takes all of the 50 messages a day that its daily limit allows.',
    )
  })
})

describe('the default of a domain', () => {
  const own = {
    strategy: 'aggressive',
    targetPerDay: null,
    window: { fromMinute: 480, toMinute: 1_000 },
    weekdays: [1, 2, 3, 4, 5],
  } as const

  test('gives a mailbox its settings, in its own time zone', () => {
    expect(settingsFrom(null, 'Asia/Tokyo')).toEqual(defaultSettings('conservative', 'Asia/Tokyo'))
    expect(settingsFrom(usualDefaults(), 'UTC')).toEqual(defaultSettings('conservative', 'UTC'))
    const settings = settingsFrom({ ...own, weekdays: [...own.weekdays] }, 'Asia/Tokyo')
    expect(settings).toMatchObject({ ...own, targetPerDay: 20, timeZone: 'Asia/Tokyo' })
    expect(settingsFrom({ ...own, weekdays: [1], targetPerDay: 44 }, 'UTC').targetPerDay).toBe(44)
  })

  test.each([
    [[1, 2, 3, 4, 5], 'Monday to Friday'],
    [[1, 2, 3, 4, 5, 6, 7], 'every day'],
    [[6, 7], 'Saturday and Sunday'],
    [[5, 1, 3], 'Monday, Wednesday and Friday'],
    [[3], 'Wednesday'],
  ])('names the weekdays %j', (weekdays, phrase) => {
    expect(defaultsSentence({ ...own, weekdays })).toBe(`Up to 20 a day, ${phrase}, 08:00 to 16:40.`)
  })

  test('is said with where it comes from', () => {
    expect(startsWithSentence({ ...own, weekdays: [1] }, 'example.org')).toBe(
      'Aggressive, the default of example.org',
    )
    expect(startsWithSentence(null, 'example.net')).toBe(
      'Conservative: example.net has no default of its own',
    )
  })
})
