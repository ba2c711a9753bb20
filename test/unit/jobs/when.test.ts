import { expect, test } from 'vitest'
import { backoffMs, resumedRunAt, spreadRunAts } from '#engine/jobs/when.ts'

test('the wait doubles from five seconds and stops at an hour', () => {
  expect([1, 2, 3, 4].map(backoffMs)).toEqual([5_000, 10_000, 20_000, 40_000])
  expect(backoffMs(30)).toBe(3_600_000)
  expect(backoffMs(5_000)).toBe(3_600_000)
})

test('a job whose process died runs again at once, twice; then as if it had thrown', () => {
  expect(resumedRunAt(100, 1, 1_000)).toBe(100)
  expect(resumedRunAt(100, 2, 1_000)).toBe(100)
  expect(resumedRunAt(100, 3, 1_000)).toBe(21_000)
})

test('missed runs are a second apart, or closer so that they fit', () => {
  expect(spreadRunAts(3, 1_000, 60_000)).toEqual([1_000, 2_000, 3_000])
  const many = spreadRunAts(600, 0, 60_000)
  expect(many[1]).toBe(100)
  expect(many.at(-1)).toBeLessThan(60_000)
  expect(spreadRunAts(0, 0, 60_000)).toEqual([])
})
