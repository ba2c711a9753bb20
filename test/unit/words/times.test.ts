import { describe, expect, test } from 'vitest'
import { duration, exactTime, timeAgo, timeUntil } from '#shared/words/times.ts'

const now = Date.UTC(2026, 10, 22, 14, 5)
const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

describe('timeAgo', () => {
  test.each([
    [0, 'just now'],
    [-5 * minute, 'just now'],
    [9 * second, 'just now'],
    [42 * second, '42 sec ago'],
    [3 * minute + 59 * second, '3 min ago'],
    [59 * minute + 59 * second, '59 min ago'],
    [5 * hour, '5 hr ago'],
    [day, 'yesterday'],
    [12 * day, '12 days ago'],
    [400 * day, 'last yr'],
  ])('%i ms', (spanMs, words) => {
    expect(timeAgo(now - spanMs, now)).toBe(words)
  })
})

describe('timeUntil', () => {
  test.each([
    [-minute, 'now'],
    [0, 'now'],
    [30 * second, 'in 30 seconds'],
    [23 * minute, 'in 23 minutes'],
    [hour, 'in 1 hour'],
    [day, 'in 1 day'],
  ])('%i ms', (spanMs, words) => {
    expect(timeUntil(now + spanMs, now)).toBe(words)
  })
})

describe('duration', () => {
  test.each([
    [-5, '0 seconds'],
    [420, '0.4 seconds'],
    [5_000, '5 seconds'],
    [9_990, '10 seconds'],
    [75_000, '1 minute'],
    [3 * hour, '3 hours'],
  ])('%i ms', (spanMs, words) => {
    expect(duration(spanMs)).toBe(words)
  })
})

test('the exact time is told in the zone that was asked for', () => {
  expect(exactTime(now, 'UTC')).toBe('22 Nov 2026, 14:05')
  expect(exactTime(now, 'Europe/Berlin')).toBe('22 Nov 2026, 15:05')
})
