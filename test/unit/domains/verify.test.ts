import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { domainStatus, nextPollAt, verificationMs } from '#engine/domains/verify.ts'
import type { DomainStatus } from '#shared/model/domain.ts'
import { absentSpf, literalReport } from './literal-report.ts'

const hourMs = 3_600_000
const addedAt = 1_700_000_000_000
const wrong = literalReport({ spf: absentSpf })
const failing = literalReport({ dmarc: { verdict: 'fail' } })
const statuses: readonly DomainStatus[] = ['pending', 'verified', 'failed']

describe('domainStatus', () => {
  test.each(statuses)('everything found and nothing failing is verified, from %s', status => {
    const warned = literalReport({
      spf: { verdict: 'warn' },
      mx: { nullMx: true, verdict: 'warn', hosts: [] },
    })
    expect(domainStatus({ status, addedAt }, warned, addedAt + 100 * hourMs)).toBe('verified')
  })

  test('a domain that never sends needs no key to be verified', () => {
    const parked = literalReport({
      mx: { nullMx: true, verdict: 'warn', hosts: [] },
      dkim: { state: 'absent', verdict: 'pass', selectors: [] },
    })
    expect(domainStatus({ status: 'pending', addedAt }, parked, addedAt)).toBe('verified')
    const sending = { ...parked, dkim: { ...parked.dkim, verdict: 'fail' as const } }
    expect(domainStatus({ status: 'pending', addedAt }, sending, addedAt)).toBe('pending')
  })

  test.each([
    ['pending', 0, 'pending'],
    ['pending', 71.9, 'pending'],
    ['pending', 72, 'failed'],
    ['verified', 1, 'failed'],
    ['verified', 1_000, 'failed'],
    ['failed', 1, 'failed'],
  ] as const)('%s, %d h after adding, not right: %s', (status, hours, expected) => {
    expect(domainStatus({ status, addedAt }, wrong, addedAt + hours * hourMs)).toBe(expected)
    expect(domainStatus({ status, addedAt }, failing, addedAt + hours * hourMs)).toBe(expected)
  })

  test.each(['spf', 'dmarc', 'dkim', 'mx'] as const)(
    'when %s could not be looked up the status stays',
    check => {
      for (const status of statuses) {
        const unread = literalReport({ [check]: { state: 'unavailable', verdict: 'unavailable' } })
        const open = literalReport({ [check]: { verdict: 'unavailable' } })
        const worse = { ...wrong, [check]: unread[check] }
        for (const report of [unread, open, worse]) {
          expect(domainStatus({ status, addedAt }, report, addedAt + 100 * hourMs)).toBe(status)
        }
      }
    },
  )
})

describe('nextPollAt', () => {
  const minuteMs = 60_000

  test.each([
    [0, 1],
    [1, 2],
    [2, 5],
    [3, 10],
    [4, 20],
    [5, 30],
    [6, 60],
    [60, 60],
  ])('look %d waits %d min, a tenth more or less', (attempt, minutes) => {
    for (let seed = 0; seed < 50; seed += 1) {
      const waitMs = (nextPollAt(attempt, addedAt, addedAt, seed) ?? 0) - addedAt
      expect(waitMs).toBeGreaterThanOrEqual(minutes * minuteMs * 0.9 - 1)
      expect(waitMs).toBeLessThanOrEqual(minutes * minuteMs * 1.1 + 1)
    }
  })

  test('the same seed moves the same way, and seeds spread domains added together', () => {
    expect(nextPollAt(3, addedAt, addedAt, 7)).toBe(nextPollAt(3, addedAt, addedAt, 7))
    const moments = Array.from({ length: 200 }, (_, seed) => nextPollAt(3, addedAt, addedAt, seed) ?? 0)
    expect(new Set(moments).size).toBeGreaterThan(190)
    expect(Math.max(...moments) - Math.min(...moments)).toBeGreaterThan(1.5 * minuteMs)
  })

  test('following it ends after 72 h with a last look at that very moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), seed => {
        let now = addedAt
        let looks = 0
        for (
          let next = nextPollAt(0, addedAt, now, seed);
          next !== null;
          next = nextPollAt(looks, addedAt, now, seed)
        ) {
          expect(next).toBeGreaterThan(now)
          expect(Number.isSafeInteger(next)).toBe(true)
          now = next
          looks += 1
        }
        expect(now).toBe(addedAt + verificationMs)
        expect(looks).toBeGreaterThan(65)
        expect(looks).toBeLessThan(90)
      }),
    )
  })
})
