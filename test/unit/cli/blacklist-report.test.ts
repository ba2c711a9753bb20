import { describe, expect, test } from 'vitest'
import type { ListResult, TargetResult } from '#shared/model/blacklist.ts'
import { blacklistExitCode, blacklistRecord, blacklistTable } from '../../../src-main/cli/blacklist-report.ts'
import { plain } from '../../../src-main/cli/layout.ts'

const result = (change: Partial<ListResult>): ListResult => ({
  zone: 'bl.example',
  name: 'Example',
  state: 'not-listed',
  codes: [],
  meaning: null,
  reason: null,
  text: null,
  delistUrl: null,
  weight: 2,
  ...change,
})
const target = (...lists: ListResult[]): TargetResult => ({
  target: '192.0.2.1',
  kind: 'ip4',
  role: 'asked',
  shared: false,
  lists,
})
const code = (...lists: ListResult[]) => blacklistExitCode({ targets: [target(...lists)] })
const listed = result({
  state: 'listed',
  codes: ['127.0.0.2'],
  meaning: 'Sends spam.',
  text: 'see \u001b[2Jus',
})

describe('the exit code', () => {
  test('is 1 for a listing of weight 2, whatever else is open', () => {
    expect(code(listed, result({ state: 'unavailable', reason: 'timeout' }))).toBe(1)
    expect(code(result({ ...listed, weight: 1 }))).toBe(0)
  })

  test('is 3 when a working list could not be asked or believed', () => {
    expect(code(result({ state: 'unavailable', reason: 'timeout' }))).toBe(3)
    expect(code(result({ state: 'refused' }), result({ ...listed, weight: 1 }))).toBe(3)
    expect(code(result({ state: 'tampering' }))).toBe(3)
  })

  test('is 0 when nothing is open but dead lists and silences that were to be expected', () => {
    expect(code(result({}), result({ state: 'dead-zone' }))).toBe(0)
    expect(code(result({ state: 'unavailable', reason: 'registration-needed' }))).toBe(0)
    expect(code()).toBe(0)
  })
})

test('the record holds the documented fields, with the words of a listing as its reason', () => {
  expect(
    blacklistRecord(target(listed, result({ state: 'refused', reason: 'public-resolver' }))),
  ).toMatchObject({
    target: '192.0.2.1',
    kind: 'ip4',
    lists: [{ reason: 'see \u001b[2Jus' }, { reason: 'public-resolver' }],
  })
})

test('the table lets no list steer the terminal', () => {
  const text = blacklistTable(target(listed, result({})), { paint: plain, width: 80 })
  expect(text).toMatch(/^192\.0\.2\.1 {2}1 of 2 lists\n/)
  expect(text).toMatch(/Sends spam\./)
  expect(text).not.toContain('\u001b')
})
