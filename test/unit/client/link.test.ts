import { anything, assert, json, property } from 'fast-check'
import { expect, test } from 'vitest'
import { readResponseFrame } from '../../../src-renderer/client/link.ts'

test.each([
  ['an answer', { i: '1', p: { b: { json: 1 } } }],
  ['an error answer', { i: '1', p: { s: 500, b: {} } }],
  ['the start of a stream', { i: '1', p: { h: { 'content-type': 'text/event-stream' } } }],
  ['an event', { i: '1', t: 3, p: { e: 'message', d: { json: 1 } } }],
  ['the end of a call', { i: '1', t: 4 }],
])('reads %s', (_, frame) => {
  expect(readResponseFrame(JSON.stringify(frame))).toEqual(frame)
})

test.each([
  ['no id', { p: {} }],
  ['a number as id', { i: 1, p: {} }],
  ['no payload', { i: '1' }],
  ['an unknown event', { i: '1', t: 3, p: { e: 'open' } }],
  ['an unknown type', { i: '1', t: 9, p: {} }],
  ['a status in words', { i: '1', p: { s: 'ok' } }],
  ['headers in a list', { i: '1', p: { h: [] } }],
])('drops a frame with %s', (_, frame) => {
  expect(readResponseFrame(JSON.stringify(frame))).toBeNull()
})

test('takes anything without throwing', () => {
  assert(property(anything(), data => readResponseFrame(data) === null))
  assert(
    property(json(), text => {
      const frame = readResponseFrame(text)
      return frame === null || typeof (frame as { i: unknown }).i === 'string'
    }),
  )
})
