import { describe, expect, test } from 'vitest'
import { readDate, readLimit, readWindow, wholeWithin } from '../../../src-main/cli/warmup-values.ts'

describe('values of flags', () => {
  test('are read', () => {
    expect(wholeWithin(5, 50)('50')).toBe(50)
    expect([readLimit('none'), readLimit('12')]).toEqual(['none', 12])
    expect(readWindow('8:00-24:00')).toEqual({ fromMinute: 480, toMinute: 1_440 })
    expect(readDate('2028-02-29')).toBe('2028-02-29')
  })

  test.each([
    ['4', wholeWithin(5, 50)],
    ['51', wholeWithin(5, 50)],
    ['1e1', wholeWithin(5, 50)],
    ['0', readLimit],
    ['100001', readLimit],
    ['', readLimit],
    ['18:00-09:00', readWindow],
    ['09:00-09:00', readWindow],
    ['09:60-12:00', readWindow],
    ['09:00-24:01', readWindow],
    ['9-12', readWindow],
    ['2026-02-30', readDate],
    ['tomorrow', readDate],
  ] as const)('%s is refused with a sentence', (value, read) => {
    expect(() => read(value)).toThrow(/^Give .*\.$/)
  })
})
