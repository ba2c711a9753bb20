import { describe, expect, test } from 'vitest'
import { type CheckHostResult, checkHostCauses } from '#shared/model/check-host.ts'
import { checkHostCounts, checkHostSentence } from '#shared/words/check-host.ts'

const told = { result: 'pass', matched: null, domain: 'd.example', ip: '192.0.2.7', cause: null } as const

test.each([
  [{ matched: 'ip4:192.0.2.0/24' }, 'Pass: 192.0.2.7 may send for d.example, because of ip4:192.0.2.0/24.'],
  [{ result: 'fail', matched: '-all' }, 'Fail: 192.0.2.7 may not send for d.example, because of -all.'],
  [
    { result: 'softfail', matched: '~all' },
    'Softfail: 192.0.2.7 is probably not allowed to send for d.example, because of ~all.',
  ],
  [{ result: 'neutral' }, 'Neutral: d.example says nothing about 192.0.2.7: no term matches.'],
] as const)('%j', (changes, sentence) => {
  expect(checkHostSentence({ ...told, ...changes })).toBe(sentence)
})

describe.each(checkHostCauses)('%s', code => {
  test.each([
    ['with its evidence', { code, domain: 'd.example', term: 'include:a.example', reason: 'timeout' }],
    ['without any', { code, domain: '', term: null, reason: null }],
    ['with far too much', { code, domain: 'd'.repeat(900), term: 't'.repeat(900), reason: 'r'.repeat(900) }],
  ])('%s', (_, cause) => {
    for (const result of ['none', 'temperror', 'permerror'] as const) {
      const sentence = checkHostSentence({ ...told, result, cause })
      expect(sentence).toMatch(/^(?:None|Temperror|Permerror): .*\.$/)
      expect(sentence).not.toMatch(/undefined|null|“”|\s{2}/)
      expect(sentence.length).toBeLessThan(400)
    }
  })
})

test('a look-up that failed accuses nobody', () => {
  const cause: CheckHostResult['cause'] = {
    code: 'unavailable',
    domain: 'd.example',
    term: null,
    reason: 'timeout',
  }
  expect(checkHostSentence({ ...told, result: 'temperror', cause })).toBe(
    'Temperror: could not look: the record of d.example: no answer in time from the DNS server. Nothing is known to be wrong.',
  )
})

test('the counts', () => {
  expect(checkHostCounts({ lookups: 3, voidLookups: 1 })).toBe('3 of 10 look-ups, 1 of 2 that find nothing')
})
