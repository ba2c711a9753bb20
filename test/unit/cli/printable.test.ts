import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonLine, printable } from '../../../src-main/cli/printable.ts'

// eslint-disable-next-line no-control-regex
const steering = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u

test('a record cannot steer the terminal', () => {
  expect(printable('v=spf1\u001b[2J\u0007 \u202eall')).toBe('v=spf1\\u{1b}[2J\\u{7} \\u{202e}all')
  expect(printable('münchen – “ok” 日本')).toBe('münchen – “ok” 日本')
})

test('whatever stands in a record, a line stays one line and means the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const line = jsonLine({ text })
      expect(line.endsWith('\n')).toBe(true)
      expect(steering.test(line.slice(0, -1))).toBe(false)
      expect(JSON.parse(line)).toEqual({ text })
      expect(steering.test(printable(text))).toBe(false)
    }),
  )
})
