import { describe, expect, test } from 'vitest'
import { exitCodeOf, worstExitCode } from '../../../src-main/cli/exit-code.ts'
import { fail } from '#shared/failure.ts'
import type { FailureCode } from '#shared/failure.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { Finding, Severity } from '#shared/model/finding.ts'
import { sampleReport } from './sample-report.ts'

const target = { input: 'example.com', name: 'example.com', failure: null, place: null }
const codeOf = (changes: Partial<AuditReport>) =>
  exitCodeOf({ kind: 'report', target, report: sampleReport(changes) })
const finding = (severity: Severity): Finding => ({
  code: 'spf.missing',
  severity,
  check: 'spf',
  facts: {},
  rfc: 'RFC 7208 §4.5',
})
const unanswered: AuditReport['raw'] = [
  {
    name: 'example.com',
    type: 'TXT',
    state: 'unavailable',
    reason: 'timeout',
    values: [],
    ttlS: null,
    server: '127.0.0.1:53',
    aliases: [],
    tookMs: 5_000,
    data: [],
    authenticated: false,
    detail: null,
  },
]

describe('one domain', () => {
  test.each([
    ['critical', 1],
    ['high', 1],
    ['medium', 0],
    ['low', 0],
    ['info', 0],
  ] as const)('a finding of severity %s gives %i', (severity, code) => {
    expect(codeOf({ findings: [finding(severity)] })).toBe(code)
  })

  test('a question without an answer makes the result incomplete, whatever was found beside it', () => {
    expect(codeOf({ raw: unanswered })).toBe(3)
    expect(codeOf({ raw: unanswered, findings: [finding('critical')] })).toBe(3)
  })

  test('a check that could not be made counts even when its question is not listed', () => {
    const { dmarc } = sampleReport()
    expect(codeOf({ dmarc: { ...dmarc, state: 'unavailable', verdict: 'unavailable' } })).toBe(3)
  })

  test.each([
    ['domain-has-path', 2],
    ['domain-is-address', 2],
    ['timed-out', 3],
    ['internal', 3],
  ] as const)('the failure %s gives %i', (code: FailureCode, exit) => {
    expect(exitCodeOf({ kind: 'failed', target, failure: fail(code).failure })).toBe(exit)
  })
})

test.each([
  [[], 0],
  [[0, 0], 0],
  [[0, 1], 1],
  [[1, 3, 0], 3],
  [[3, 1, 2], 2],
] as const)('of %j the run gives %i', (codes, exit) => {
  expect(worstExitCode(codes)).toBe(exit)
})
