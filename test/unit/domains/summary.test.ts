import { expect, test } from 'vitest'
import { summarise } from '#engine/domains/summary.ts'
import { absentSpf, literalReport } from './literal-report.ts'

const finding = (code: 'spf.missing' | 'spf.pass-all', severity: 'critical' | 'high' | 'low') =>
  ({ code, severity, check: 'spf', facts: {}, rfc: 'RFC 7208 §4.5' }) as const

test('what the list shows of a report', () => {
  const report = literalReport({
    ns: { provider: 'godaddy' },
    mx: { provider: 'google' },
    spf: absentSpf,
    dkim: { state: 'unavailable', verdict: 'unavailable' },
    findings: [
      finding('spf.pass-all', 'critical'),
      finding('spf.missing', 'high'),
      finding('spf.missing', 'high'),
      finding('spf.missing', 'low'),
    ],
    score: { state: 'known', value: 64, lost: [] },
  })
  expect(summarise(report)).toEqual({
    score: 64,
    marks: {
      spf: { verdict: 'fail', state: 'absent' },
      dkim: { verdict: 'unavailable', state: 'unavailable' },
      dmarc: { verdict: 'pass', state: 'found' },
      mx: { verdict: 'pass', state: 'found' },
    },
    critical: 1,
    high: 2,
    dnsProvider: 'godaddy',
    mailProvider: 'google',
    checkedAt: 1_000_250,
  })
})

test('a score that is not known is null, never a number', () => {
  expect(summarise(literalReport({ score: { state: 'unknown', missing: ['spf'] } })).score).toBeNull()
})
