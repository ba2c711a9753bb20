import { describe, expect, test } from 'vitest'
import { plain } from '../../../src-main/cli/layout.ts'
import { humanReport } from '../../../src-main/cli/report.ts'
import type { Target } from '../../../src-main/cli/targets.ts'
import { fail } from '#shared/failure.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import { sampleReport } from './sample-report.ts'

const style = { paint: plain, width: 80 }
const target: Target = { input: 'example.com', name: 'example.com', failure: null, place: null }
const textOf = (changes: Partial<AuditReport> = {}, as = style) =>
  humanReport({ kind: 'report', target, report: sampleReport(changes) }, as)

const tooMany: Finding = {
  code: 'spf.too-many-lookups',
  severity: 'critical',
  check: 'spf',
  facts: { lookups: 12, limit: 10, costliest: ['include:a.example'], costliestLookups: 7 },
  rfc: 'RFC 7208 §4.6.4',
}

test('a domain where all is well', () => {
  expect(textOf()).toMatchInlineSnapshot(`
    "example.com                                                     100 of 100, good
      ✓ SPF          Needs 4 of 10 look-ups; ends in ~all.
      ✓ DKIM         1 key: google (RSA, 2048 bits).
      ✓ DMARC        Policy reject.
      ✓ MX           Google Workspace: smtp.google.com.
      ✓ Nameservers  Cloudflare: ada.ns.cloudflare.com and bob.ns.cloudflare.com.
    "
  `)
})

test('findings stand worst first with why, fix, rule and cost, and SPF shows its tree', () => {
  const { spf } = sampleReport()
  const text = textOf({
    findings: [tooMany],
    score: { state: 'known', value: 70, lost: [{ check: 'spf', code: 'spf.too-many-lookups', points: 30 }] },
    spf: {
      ...spf,
      verdict: 'fail',
      lookups: 12,
      costs: [
        {
          term: 'include:a.example',
          target: 'a.example',
          lookups: 7,
          voidLookups: 1,
          state: 'found',
          children: [
            {
              term: 'a:x.example',
              target: 'x.example',
              lookups: 1,
              voidLookups: 1,
              state: 'absent',
              children: [],
            },
            { term: 'mx', target: 'a.example', lookups: 1, voidLookups: 0, state: 'found', children: [] },
          ],
        },
        {
          term: 'exists:%{i}.b.example',
          target: null,
          lookups: 1,
          voidLookups: 0,
          state: 'not-asked',
          children: [],
        },
      ],
    },
  })
  expect(text).toMatchInlineSnapshot(`
    "example.com                                                      70 of 100, fair
      ✗ SPF          Needs 12 look-ups, and 10 are allowed; ends in ~all. 7 of them
                     come from include:a.example.
      ✓ DKIM         1 key: google (RSA, 2048 bits).
      ✓ DMARC        Policy reject.
      ✓ MX           Google Workspace: smtp.google.com.
      ✓ Nameservers  Cloudflare: ada.ns.cloudflare.com and bob.ns.cloudflare.com.

      Critical  SPF needs 12 look-ups; receivers stop at 10 and treat the record as
                broken.
                Your own mail then fails SPF, at some receivers and not at others,
                which makes it hard to notice.
                Fix: Of these, include:a.example costs 7. Remove the services you no
                longer use, or let a service send from its own subdomain.
                RFC 7208 §4.6.4 · costs 30 points

      SPF look-ups  ■■■■■■■■■■|■■  12 of 10
        ├─ include:a.example       7
        │  ├─ a:x.example          1  no record
        │  └─ mx                   1
        └─ exists:%{i}.b.example   1  not asked
    "
  `)
})

test('what could not be asked is told, and that nothing is known to be wrong', () => {
  const text = textOf({
    dmarc: { state: 'unavailable', record: null, verdict: 'unavailable', policy: null, foundAt: null },
    score: { state: 'unknown', missing: ['dmarc'] },
    raw: [
      {
        name: '_dmarc.example.com',
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
    ],
  })
  expect(text).toContain('no score: DMARC could not be looked up')
  expect(text).toContain('– DMARC')
  expect(text).toContain('TXT _dmarc.example.com: no answer in time from 127.0.0.1:53.')
  expect(text).toContain('Nothing is known to be wrong.')
  expect(text).not.toMatch(/No DMARC record|missing/)
})

test('a bad name says what is wrong, where it stands and what to do', () => {
  const failure = fail('domain-has-path', { suggestion: 'example.com' }).failure
  const place = { file: 'names.csv', line: 12 }
  const bad: Target = { input: 'example.com/x', name: 'example.com/x', failure, place }
  expect(humanReport({ kind: 'failed', target: bad, failure }, style)).toMatchInlineSnapshot(`
    "example.com/x  (names.csv, line 12)
      ✗ There is a path after the domain name. Use example.com instead.
    "
  `)
})

test('an international name is shown as people write it', () => {
  expect(textOf({ domain: 'xn--bcher-kva.example' })).toMatch(/^bücher\.example \(xn--bcher-kva\.example\) /)
})

describe('a record that holds control characters', () => {
  const record = 'v=spf1 \u001b]0;owned\u0007 \u202e -all'
  const almost: Finding = {
    code: 'spf.almost',
    severity: 'critical',
    check: 'spf',
    facts: { name: 'example.com', record, reason: 'quotes' },
    rfc: 'RFC 7208 §4.5',
  }

  test('is shown without steering the terminal', () => {
    const text = textOf({ findings: [almost] })
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(text).toContain('Found: v=spf1 \\u{1b}]0;owned')
  })
})

test.each([20, 40, 80, 100])('sentences keep to %i columns; records are left whole', width => {
  const record = `v=spf1 ${'ip4:192.0.2.1 '.repeat(12)}-all`
  const finding: Finding = { ...tooMany, facts: { ...tooMany.facts, record } }
  const lines = textOf({ findings: [finding] }, { paint: plain, width }).split('\n')
  const long = lines.filter(line => line.length > Math.max(width, 45) && !line.includes('Found:'))
  expect(long).toEqual([])
  expect(lines.some(line => line.includes(record))).toBe(true)
})
