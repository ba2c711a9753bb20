import { array, assert, constantFrom, integer, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reputationScoreSchema } from '#shared/model/reputation.ts'
import { tooLittleKnown } from '#shared/words/reputation.ts'
import {
  addUpDays,
  reputationOf,
  type ReputationDay,
  type ReputationFacts,
  trendOf,
  wilsonInterval,
} from '#engine/reputation/score.ts'

const today = '2026-06-30'
const passing = { spf: 'pass', dkim: 'pass', dmarc: 'pass' } as const

function daysOf(over: Partial<ReputationDay>, count = 28): ReputationDay[] {
  return Array.from({ length: count }, (_, index) => ({
    date: new Date(Date.parse(today) - index * 86_400_000).toISOString().slice(0, 10),
    sent: 100,
    bounced: 0,
    complaints: 0,
    placed: 50,
    inInbox: 50,
    ...over,
  }))
}

function scoreOf(over: Partial<ReputationFacts> = {}) {
  return reputationOf({ days: daysOf({}), listings: [], authentication: passing, ...over }, today)
}

const lostOf = (over: Partial<ReputationFacts>) => {
  const score = scoreOf(over)
  return score.state === 'known' ? score.lost.map(({ code, points }) => [code, points]) : score.state
}

describe('the score', () => {
  test('is 100 with high confidence when all is well and much is known', () => {
    expect(scoreOf()).toMatchObject({ state: 'known', value: 100, lost: [], confidence: 'high', missing: [] })
  })

  test.each<[string, Partial<ReputationFacts>, [string, number][]]>([
    ['1 % of bounces', { days: daysOf({ bounced: 1 }) }, [['bounces', 5]]],
    ['2 %', { days: daysOf({ bounced: 2 }) }, [['bounces', 10]]],
    ['5 %', { days: daysOf({ bounced: 5 }) }, [['bounces', 30]]],
    ['6 %', { days: daysOf({ bounced: 6 }) }, [['bounces', 40]]],
    ['0.05 % of complaints', { days: daysOf({ sent: 2_000, complaints: 1 }) }, []],
    ['0.1 %', { days: daysOf({ sent: 1_000, complaints: 1 }) }, [['complaints', 5]]],
    ['0.2 %', { days: daysOf({ sent: 1_000, complaints: 2 }) }, [['complaints', 15]]],
    ['0.4 %', { days: daysOf({ sent: 1_000, complaints: 4 }) }, [['complaints', 45]]],
    ['98 % in the inbox', { days: daysOf({ inInbox: 49 }) }, []],
    ['70 % in the inbox', { days: daysOf({ inInbox: 35 }) }, [['placement', 20]]],
    ['nothing in the inbox', { days: daysOf({ inInbox: 0 }) }, [['placement', 20]]],
    [
      'SPF and DMARC fail',
      { authentication: { ...passing, spf: 'fail', dmarc: 'fail' } },
      [
        ['spf-failing', 15],
        ['dmarc-failing', 15],
      ],
    ],
    [
      'listings, of weight 3 no more than 50',
      {
        listings: [1, 3, 0, 3, 2, 3].map((weight, index) => ({
          list: `l${index}`,
          weight: weight as 0 | 1 | 2 | 3,
        })),
      },
      [
        ['listed', 25],
        ['listed', 25],
        ['listed', 10],
        ['listed', 3],
      ],
    ],
  ])('%s', (_name, over, expected) => {
    expect(lostOf(over)).toEqual(expected)
  })

  test('with too little known there is none, and it says how much is missing', () => {
    const score = scoreOf({ days: [{ ...daysOf({})[0], sent: 8, placed: 4, inInbox: 4 } as ReputationDay] })
    expect(score).toMatchObject({ state: 'unknown', messagesMissing: 12 })
    expect(score.state === 'unknown' && tooLittleKnown(score)).toContain('12 more messages')
    expect(scoreOf({ days: [] })).toMatchObject({
      state: 'unknown',
      missing: ['bounces', 'complaints', 'placement'],
    })
  })

  test('what is not known is told, costs nothing and lowers the confidence', () => {
    const score = scoreOf({ listings: null, authentication: { ...passing, dkim: 'unknown' } })
    expect(score).toMatchObject({ value: 100, confidence: 'low', missing: ['listings', 'authentication'] })
  })

  test('one bounce among twenty is no verdict, one in twenty of thousands is', () => {
    expect(lostOf({ days: daysOf({ sent: 20, bounced: 1, placed: 0, inInbox: 0 }, 1) })).toEqual([
      ['bounces', 4],
    ])
    expect(lostOf({ days: daysOf({ bounced: 5, placed: 0, inInbox: 0 }) })).toEqual([['bounces', 30]])
  })

  test('recent days weigh more, and those older than 28 not at all', () => {
    const days = daysOf({})
    const recent = days.map((day, index) => (index < 3 ? { ...day, bounced: 10 } : day))
    const older = days.map((day, index) => (index > 24 ? { ...day, bounced: 10 } : day))
    const points = (days: ReputationDay[]) => Number((lostOf({ days }) as [string, number][])[0]?.[1] ?? 0)
    expect(points(recent)).toBeGreaterThan(points(older))
    const ancient = days.map(day => ({ ...day, date: `2025${day.date.slice(4)}`, bounced: 100 }))
    expect(lostOf({ days: [...days, ...ancient] })).toEqual([])
  })

  test('its points always add up, and worse facts never raise it', () => {
    const day = record({
      sent: integer({ min: 0, max: 60 }),
      bounced: integer({ min: 0, max: 20 }),
      complaints: integer({ min: 0, max: 3 }),
      placed: integer({ min: 0, max: 40 }),
      inInbox: integer({ min: 0, max: 40 }),
    })
    const states = constantFrom('pass' as const, 'fail' as const, 'unknown' as const)
    assert(
      property(array(day, { maxLength: 28 }), states, integer({ min: 0, max: 4 }), (raw, dkim, lists) => {
        const days = raw.map((one, index) => ({
          ...one,
          bounced: Math.min(one.bounced, one.sent),
          complaints: Math.min(one.complaints, one.sent),
          inInbox: Math.min(one.inInbox, one.placed),
          date: new Date(Date.parse(today) - index * 86_400_000).toISOString().slice(0, 10),
        }))
        const facts: ReputationFacts = {
          days,
          listings: Array.from({ length: lists }, (_, index) => ({ list: `l${index}`, weight: 2 })),
          authentication: { ...passing, dkim },
        }
        const score = reputationOf(facts, today)
        expect(reputationScoreSchema.parse(score)).toEqual(score)
        if (score.state === 'unknown') return
        const total = score.lost.reduce((sum, { points }) => sum + points, 0)
        expect(score.value).toBe(Math.max(0, 100 - total))
        const worse = reputationOf(
          { ...facts, days: days.map(one => ({ ...one, bounced: one.sent })) },
          today,
        )
        expect(worse.state === 'known' && worse.value <= score.value).toBe(true)
      }),
    )
  })
})

test('a domain is its mailboxes added up by date', () => {
  const [one, two] = [daysOf({ sent: 3 }, 2), daysOf({ sent: 4, bounced: 1 }, 1)]
  expect(addUpDays([one, two]).map(({ date, sent, bounced }) => [date, sent, bounced])).toEqual([
    ['2026-06-29', 3, 0],
    ['2026-06-30', 7, 1],
  ])
})

test('the interval of Wilson', () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
  const { low, high } = wilsonInterval(8, 10)
  expect(low).toBeCloseTo(0.4902, 3)
  expect(high).toBeCloseTo(0.9433, 3)
  expect(wilsonInterval(0, 10).low).toBe(0)
})

function history(last: number | null, before: number) {
  return daysOf({}, 14).map(({ date }, index) => ({ date, value: index < 7 ? last : before }))
}

test('the trend compares two weeks, and says when it cannot', () => {
  expect(trendOf(history(80, 90), today)).toEqual({ direction: 'falling', change: -10 })
  expect(trendOf(history(90, 80), today).direction).toBe('rising')
  expect(trendOf(history(81, 80), today).direction).toBe('steady')
  expect(trendOf(history(null, 80), today)).toEqual({ direction: 'unknown', change: 0 })
})
