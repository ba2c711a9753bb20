import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { windowRows } from '../../../src-renderer/ui/row-window.ts'

const window = fc
  .record({
    start: fc.nat(10_000),
    length: fc.nat(40),
    base: fc.nat(10_000),
    spare: fc.nat(10),
  })
  .map(({ start, length, base, spare }) => ({ start, end: start + length, base, slots: length + spare + 1 }))

test('every row of the window once, each in a slot of its own, in the order of the slots', () => {
  fc.assert(
    fc.property(window, range => {
      const rows = windowRows(range)
      const indexes = rows.map(({ index }) => index).toSorted((a, b) => a - b)
      expect(indexes).toEqual(
        Array.from({ length: range.end - range.start }, (_, index) => range.start + index),
      )
      const slots = rows.map(({ slot }) => slot)
      expect(new Set(slots).size).toBe(slots.length)
      expect(slots).toEqual(slots.toSorted((a, b) => a - b))
      expect(slots.every(slot => slot >= 0 && slot < range.slots)).toBe(true)
    }),
  )
})

test('a row keeps its slot while the window moves over it', () => {
  fc.assert(
    fc.property(window, fc.integer({ min: -20, max: 20 }), (range, by) => {
      const moved = { ...range, start: Math.max(0, range.start + by), end: Math.max(0, range.end + by) }
      const after = new Map(windowRows(moved).map(({ index, slot }) => [index, slot]))
      for (const { index, slot } of windowRows(range)) expect(after.get(index) ?? slot).toBe(slot)
    }),
  )
})

test('once scrolling rests the rows stand in their own order', () => {
  const rows = windowRows({ start: 96, end: 126, base: 96, slots: 30 })
  expect(rows.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, index) => 96 + index))
})
