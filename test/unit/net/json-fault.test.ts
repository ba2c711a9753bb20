import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonFaultAt } from '#engine/net/json-fault.ts'

it.each([
  ['{"a":1,}', 7],
  ['[1 2]', 3],
  ['[,]', 1],
  ['{"a" 1}', 5],
  ['{a:1}', 1],
  ['[1', 2],
  ['', 0],
  ['[1}', 2],
  ['1 2', 2],
  ['["a\nb"]', 1],
  ['{"a":}', 5],
])('%j stops being JSON at %i', (text, offset) => {
  expect(jsonFaultAt(text)).toBe(offset)
})

it('finds no fault before the end of anything that is JSON', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      expect(jsonFaultAt(text)).toBe(text.length)
    }),
  )
})
