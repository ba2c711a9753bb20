import { describe, expect, test } from 'vitest'
import { placementPoints, volumePoints } from '../../../src-renderer/features/warmup/charts/points.ts'
import { matrixOf, shareOf, shareTone } from '../../../src-renderer/features/warmup/placement/matrix.ts'
import { boxOf, detailsOf, everyState } from '../../helpers/warmup-world.ts'

const now = Date.UTC(2026, 2, 20, 12)
const told = everyState.find(({ address }) => address.startsWith('mia'))
if (!told) throw new Error('no such mailbox')
const details = detailsOf(boxOf(told, now), now)

describe('planned and sent', () => {
  const points = volumePoints(details)

  test('every date once, in order and without a hole', () => {
    const dates = points.map(({ date }) => Date.parse(date))
    for (const [index, at] of dates.entries())
      if (index > 0) expect(at - (dates[index - 1] ?? 0)).toBe(24 * 60 * 60_000)
  })

  test('nothing is sent on a day that lies ahead, and a rest day has no plan of its own', () => {
    const today = details.row.today.date
    expect(points.filter(({ date }) => date > today).every(({ sent }) => sent === null)).toBe(true)
    expect(points.filter(({ date }) => date <= today).every(({ sent }) => sent !== null)).toBe(true)
    const weekend = volumePoints({
      days: [],
      planned: details.planned.filter(({ date }) => new Date(date).getUTCDay() !== 0),
    })
    const sundays = weekend.filter(({ date }) => new Date(date).getUTCDay() === 0)
    expect(sundays.length).toBeGreaterThan(3)
    expect(sundays.every(({ planned, day }) => planned === null && day === null)).toBe(true)
  })

  test('of nothing there is nothing, and a broken date ends somewhere', () => {
    expect(volumePoints({ days: [], planned: [] })).toEqual([])
    const far = { day: 1, phase: 'ramp', perDay: 1, least: 1, most: 1 } as const
    const points = volumePoints({
      days: [],
      planned: [
        { ...far, date: '2026-01-01' },
        { ...far, date: '9999-01-01' },
      ],
    })
    expect(points.length).toBeLessThanOrEqual(400)
  })

  test('placements begin where something was first seen', () => {
    const empty = { inbox: 0, category: 0, junk: 0, missing: 0 }
    const days = details.days.map((day, index) => (index < 4 ? { ...day, ...empty } : day))
    expect(placementPoints(days)).toHaveLength(days.length - 4)
    expect(placementPoints(days.slice(0, 3))).toEqual([])
  })
})

describe('the matrix', () => {
  const cell = { category: 0, junk: 0, missing: 0 }
  const matrix = matrixOf([
    { ...cell, from: 'yahoo', to: 'google', inbox: 6, category: 2, junk: 2 },
    { ...cell, from: 'google', to: 'google', inbox: 10 },
    { ...cell, from: 'google', to: 'yahoo', inbox: 0 },
  ])

  test('has each provider once, in order', () => {
    expect(matrix.from).toEqual(['google', 'yahoo'])
    expect(matrix.to).toEqual(['google', 'yahoo'])
  })

  test('a cell nobody has seen is empty, not nought', () => {
    expect(matrix.at('google', 'yahoo')).toBeNull()
    expect(matrix.at('yahoo', 'yahoo')).toBeNull()
  })

  test('a tab of the inbox counts as the inbox, and a column adds up', () => {
    const tally = matrix.at('yahoo', 'google')
    expect(tally && shareOf(tally)).toBe(0.8)
    const all = matrix.ofRecipient('google')
    expect(all && shareOf(all)).toBe(0.9)
  })

  test.each([
    [1, 'pass'],
    [0.9, 'pass'],
    [0.89, 'warn'],
    [0.75, 'warn'],
    [0.74, 'fail'],
  ])('%f is %s', (share, tone) => {
    expect(shareTone(share)).toBe(tone)
  })
})
