import { describe, expect, test } from 'vitest'
import type { AuditReport } from '#shared/model/audit.ts'
import { checkIds, requiredCheckIds } from '#shared/model/finding.ts'
import { checkSentence } from '#shared/words/check-sentence.ts'
import { sampleReport } from '../cli/sample-report.ts'

const nobody = { mail: null, dns: null }
const sample = sampleReport()

const cost = (term: string, lookups: number) => ({
  term,
  target: null,
  lookups,
  voidLookups: 0,
  state: 'found' as const,
  children: [],
})

const cases: readonly [string, Partial<AuditReport>, keyof typeof expected][] = [
  [
    'spf',
    { spf: { ...sample.spf, state: 'absent', record: null, lookups: 0, all: null, costs: [] } },
    'spf absent',
  ],
  ['spf', { spf: { ...sample.spf, record: null } }, 'spf unusable'],
  ['spf', { spf: { ...sample.spf, lookups: 12, voidLookups: 3, all: null } }, 'spf too many'],
  [
    'spf',
    {
      spf: {
        ...sample.spf,
        lookups: 8,
        all: '~all',
        costs: [cost('mx', 1), cost('include:a.example', 4), cost('include:b.example', 3)],
      },
    },
    'spf near the limit',
  ],
  [
    'spf',
    { spf: { ...sample.spf, lookups: 7, all: '~all', costs: [cost('include:a.example', 7)] } },
    'spf with room',
  ],
  [
    'dmarc',
    { dmarc: { ...sample.dmarc, state: 'absent', record: null, policy: null, foundAt: null } },
    'dmarc absent',
  ],
  ['dmarc', { domain: 'mail.example.com', dmarc: { ...sample.dmarc, policy: 'none' } }, 'dmarc inherited'],
  ['dkim', { dkim: { state: 'absent', verdict: 'fail', selectors: [], tried: 0 } }, 'dkim none possible'],
  ['dkim', { dkim: { state: 'absent', verdict: 'warn', selectors: [], tried: 48 } }, 'dkim none found'],
  ['mx', { mx: { ...sample.mx, nullMx: true, hosts: [] } }, 'mx null'],
  ['mx', { mx: { ...sample.mx, state: 'absent', hosts: [] } }, 'mx absent'],
  ['ns', { domain: 'mail.example.com' }, 'ns parent'],
]
const expected = {
  'spf absent': 'No SPF record is published.',
  'spf unusable': 'A record is published, but receivers cannot use it.',
  'spf too many':
    'Needs 12 look-ups, and 10 are allowed, 3 without an answer; has no “all”. 4 of them come from include:_spf.google.com.',
  'spf near the limit': 'Needs 8 of 10 look-ups; ends in ~all. 4 of them come from include:a.example.',
  'spf with room': 'Needs 7 of 10 look-ups; ends in ~all.',
  'dmarc absent': 'No DMARC record is published.',
  'dmarc inherited': 'Policy none (receivers only watch), taken over from _dmarc.example.com.',
  'dkim none possible': 'No key is published below _domainkey.',
  'dkim none found': 'No key found under 48 usual names.',
  'mx null': 'Takes no mail (null MX).',
  'mx absent': 'No MX record is published.',
  'ns parent': 'ada.ns.cloudflare.com and bob.ns.cloudflare.com, which hold example.com.',
}

test.each(cases)('%s: %j', (check, changes, key) => {
  const id = checkIds.find(one => one === check)
  expect(id && checkSentence(sampleReport(changes), id, nobody)).toBe(expected[key])
})

describe.each(checkIds)('%s', check => {
  test('without an answer nothing is said to be absent', () => {
    const unavailable = { state: 'unavailable', verdict: 'unavailable' } as const
    const required = requiredCheckIds.find(id => id === check)
    const report =
      required === undefined
        ? sampleReport({ checks: { [check]: unavailable } })
        : sampleReport({ [required]: { ...sample[required], ...unavailable } })
    const sentence = checkSentence(report, check, nobody)
    expect(sentence).toMatch(/^Could not look: .* Nothing is known to be wrong\.$/)
    expect(sentence).not.toMatch(/no .*(record|key|server) /i)
  })
})
