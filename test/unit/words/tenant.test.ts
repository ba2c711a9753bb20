import { describe, expect, test } from 'vitest'
import type { FailureCode, FailureDetail } from '#shared/failure.ts'
import { describeFailure, failureLine } from '#shared/words/failures.ts'

const line = (code: FailureCode, detail: FailureDetail) => failureLine({ code, retry: 'later', detail })
const host = 'api.example.com'

describe('a server that is not reached', () => {
  test.each(['no-address', 'name-unavailable', 'refused', 'reset', 'network', 'blocked', 'tls', 'proxy'])(
    'is named with the cause %s',
    cause => {
      const told = line('tenant-unreachable', { host, cause })
      expect(told).toMatch(/^api\.example\.com could not be reached: [a-z ]+\. /)
      expect(told).not.toBe(line('tenant-unreachable', { host }))
    },
  )

  test('has each cause in words of its own', () => {
    const causes = [
      'no-address',
      'name-unavailable',
      'refused',
      'reset',
      'network',
      'blocked',
      'tls',
      'proxy',
    ]
    expect(new Set(causes.map(cause => line('tenant-unreachable', { host, cause }))).size).toBe(causes.length)
  })
})

describe('what the server said', () => {
  test('stands in the sentence where it said anything', () => {
    const refused = line('tenant-refused', { host, status: 422, reason: 'A campaign runs on it.' })
    expect(refused).toContain('refused this: “A campaign runs on it”. ')
    expect(line('tenant-refused', { host, status: 422 })).toContain('api.example.com refused this.')
  })

  test('is cut to what fits a line', () => {
    const { title } = describeFailure({
      code: 'tenant-forbidden',
      retry: 'never',
      detail: { host, reason: 'x'.repeat(5_000) },
    })
    expect(title.length).toBeLessThan(140)
  })
})

test.each([
  [{ retryAfterMs: 800 }, 'in 1 second.'],
  [{ retryAfterMs: 90_000 }, 'in 90 seconds.'],
  [{ retryAfterMs: 600_000 }, 'in 10 minutes.'],
  [{ retryAfterMs: 0 }, 'in a while.'],
  [{}, 'in a while.'],
])('a limit says when it goes on: %j', (detail, end) => {
  expect(line('tenant-rate-limited', { host, ...detail })).toMatch(new RegExp(`${end.replace('.', '\\.')}$`))
})

test('a broken answer says what is broken', () => {
  expect(line('tenant-answer-broken', { host, problem: 'field', field: 'data[3].version' })).toContain(
    '“data[3].version”',
  )
  expect(line('tenant-answer-broken', { host, problem: 'status', status: 202 })).toContain('status 202')
  const problems = ['content-type', 'encoding', 'json', 'depth', 'changing', 'too-many', 'empty-page']
  const told = problems.map(problem => line('tenant-answer-broken', { host, problem }))
  expect(new Set(told).size).toBe(problems.length)
})

test('an address that is not allowed says why', () => {
  const reasons = ['not-a-url', 'plain-http', 'credentials', 'query', 'tenant-id']
  const told = reasons.map(reason => line('tenant-address-not-allowed', { reason }))
  expect(new Set(told).size).toBe(reasons.length)
})

test('a certificate and a redirect name who is concerned', () => {
  expect(line('tenant-certificate', { host, problem: 'expired' })).toContain(
    'The certificate of api.example.com has expired.',
  )
  expect(line('tenant-redirected', { host, to: 'https://other.example' })).toContain('https://other.example')
})
