import { describe, expect, test } from 'vitest'
import { type FailureDetail, failureCodes } from '#shared/failure.ts'
import { describeFailure, failureLine } from '#shared/words/failures.ts'

const details: readonly FailureDetail[] = [
  {},
  {
    scheme: 'https://',
    port: 8080,
    label: 'x'.repeat(70),
    length: 260,
    character: '_',
    suggestion: 'example.com',
    suffix: 'co.uk',
    name: 'example.com',
    limit: 20_000,
    input: '1.2.3',
    pid: 4711,
    file: 'rookery.db',
    kept: 'damaged',
    field: 'resolvers',
    id: 'a1b2c3',
    reason: 'not-an-address',
  },
  { name: '', input: '', port: Number.NaN, suggestion: '  ', flag: true },
  {
    name: 'n'.repeat(5_000),
    input: 'i'.repeat(5_000),
    suggestion: 's'.repeat(5_000),
    character: 'c'.repeat(5_000),
  },
]

describe.each(failureCodes)('%s', code => {
  test.each(details)('says what happened and what to do', detail => {
    const { title, cause, next } = describeFailure({ code, retry: 'never', detail })
    for (const sentence of [title, cause, next]) {
      if (sentence === null) continue
      expect(sentence).not.toMatch(/undefined|NaN|\[object|!|\s{2}|\s[.,;:]|“”/)
      expect(sentence).toMatch(/^(?:[\p{Lu}“]|example|nnn).*\.$/u)
    }
    expect(title.length, title).toBeLessThanOrEqual(140)
  })
})

test('the corrected name is proposed when the parser found one', () => {
  const line = failureLine({
    code: 'domain-has-path',
    retry: 'never',
    detail: { suggestion: 'example.com' },
  })
  expect(line).toContain('Use example.com instead.')
})

test('each way of typing a name wrong has its own sentence', () => {
  const codes = failureCodes.filter(code => code.startsWith('domain-'))
  const titles = codes.map(code => describeFailure({ code, retry: 'never', detail: {} }).title)
  expect(new Set(titles).size).toBe(titles.length)
})
