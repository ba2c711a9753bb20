import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coveredNames } from '#engine/domains/plan-spf.ts'
import { planRecords } from '#engine/domains/plan.ts'
import { mailProvider, mailProviders } from '#engine/domains/providers.ts'
import { parseSpf } from '#shared/mail-auth/parse-spf.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { recordPlanSchema } from '#shared/model/domain.ts'
import { absentMx, absentSpf, literalReport } from './literal-report.ts'
import { cost, finding, plan } from './planned.ts'

const google = (record: string, more: Partial<AuditReport['spf']> = {}) =>
  plan(literalReport({ spf: { record, ...more } }), 'google').spf

const isEnd = (text: string) => /^[+\-~?]?all$/i.test(text)

const reportOf = (texts: readonly string[]) =>
  literalReport({
    spf: { record: texts[0] ?? null },
    findings: texts.length > 1 ? [finding('spf.multiple', { records: [...texts] })] : [],
  })

describe('SPF', () => {
  test.each([
    ['v=spf1 ~all', 'v=spf1 include:_spf.google.com ~all'],
    ['v=spf1 ip4:192.0.2.1 -all', 'v=spf1 ip4:192.0.2.1 include:_spf.google.com -all'],
    [
      'v=spf1 a ?include:_spf.google.com -all',
      'v=spf1 a ?include:_spf.google.com include:_spf.google.com -all',
    ],
    ['v=spf1 a', 'v=spf1 a include:_spf.google.com ~all'],
    ['v=spf1 redirect=_spf.example.net', 'v=spf1 include:_spf.google.com redirect=_spf.example.net'],
    ['v=spf1 a +all', 'v=spf1 a include:_spf.google.com ~all'],
    [
      'v=spf1 mx all include:_spf.google.com',
      'v=spf1 mx include:_spf.google.com ~all include:_spf.google.com',
    ],
    ['v=spf1 include=_spf.google.com ~all', 'v=spf1 include:_spf.google.com ~all'],
    [
      'v=spf1 ip4:2001:db8::/32 include:_spf.google.com -all',
      'v=spf1 ip6:2001:db8::/32 include:_spf.google.com -all',
    ],
    ['v=spf1 redirect:_spf.google.com', 'v=spf1 redirect=_spf.google.com'],
  ])('%s becomes %s', (record, value) => {
    expect(google(record)).toMatchObject({ action: 'replace', current: record, value })
  })

  test.each([
    'v=spf1 include:_spf.google.com ~all',
    'V=SPF1  +include:_SPF.google.com   -ALL',
    'v=spf1 redirect=_spf.google.com',
    'v=spf1 include:_spf.google.com ?all',
  ])('%s is kept as it stands', record => {
    expect(google(record)).toMatchObject({ action: 'keep', current: record, value: record })
  })

  test('a provider named further down needs no second include', () => {
    const costs = [
      cost('include:spf.example.net', 'spf.example.net', [
        cost('include:_spf.google.com', '_spf.google.com'),
      ]),
    ]
    const record = 'v=spf1 include:spf.example.net ~all'
    expect(google(record, { costs })).toMatchObject({ action: 'keep', value: record })
    expect(coveredNames([cost('-include:a.example', 'a.example'), cost('mx', 'b.example')])).toEqual([])
  })

  test('while an include could not be followed the record is left alone', () => {
    const costs = [cost('include:spf.example.net', 'spf.example.net', [], 'unavailable')]
    const report = literalReport({ spf: { record: 'v=spf1 include:spf.example.net ~all', costs } })
    expect(plan(report, 'google').spf).toMatchObject({
      action: 'keep',
      value: 'v=spf1 include:spf.example.net ~all',
    })
    expect(plan(report, 'google').incomplete).toBe(true)
  })

  test('several records become one that holds them all', () => {
    const records = ['v=spf1 mx include:a.example -all', 'v=spf1 include:A.example ip4:192.0.2.1 ~all']
    const report = literalReport({
      spf: { record: null, verdict: 'fail' },
      findings: [finding('spf.multiple', { name: 'example.com', count: 2, records })],
    })
    expect(plan(report).of('spf')).toHaveLength(1)
    expect(plan(report).spf).toMatchObject({
      action: 'replace',
      current: records.join('\n'),
      value: 'v=spf1 mx include:a.example ip4:192.0.2.1 -all',
    })
  })

  test.each([
    ['“v=spf1 mx ~all”', 'quotes', 'replace', 'v=spf1 mx include:_spf.google.com ~all'],
    [' v=spf1;mx;-all', 'separator', 'replace', 'v=spf1 mx include:_spf.google.com -all'],
    ['v=spf1 mx ~all', 'record-type', 'add', 'v=spf1 mx include:_spf.google.com ~all'],
    ['v=spf2.0/pra mx ~all', 'version', 'add', 'v=spf1 include:_spf.google.com ~all'],
  ])('the near miss %s (%s): %s', (record, reason, action, value) => {
    const report = literalReport({
      spf: absentSpf,
      findings: [finding('spf.almost', { name: 'example.com', record, reason })],
    })
    expect(plan(report, 'google').spf).toMatchObject({ action, value })
  })

  test('an error with more than one meaning is left to a person', () => {
    expect(google('v=spf1 ip4:192.0.2.300 ~all')).toMatchObject({
      action: 'keep',
      value: null,
      current: 'v=spf1 ip4:192.0.2.300 ~all',
    })
  })

  test.each([
    [
      'a provider',
      literalReport({ spf: absentSpf }),
      'fastmail',
      'add',
      'v=spf1 include:spf.messagingengine.com ~all',
    ],
    ['a provider without one include for all', literalReport({ spf: absentSpf }), 'ionos', 'provider', null],
    ['MX hosts of nobody known', literalReport({ spf: absentSpf }), null, 'add', 'v=spf1 mx ~all'],
    ['no MX', literalReport({ spf: absentSpf, mx: absentMx }), null, 'provider', null],
    [
      'a null MX',
      literalReport({ spf: absentSpf, mx: { nullMx: true, hosts: [] } }),
      null,
      'add',
      'v=spf1 -all',
    ],
    [
      'MX that could not be asked',
      literalReport({ spf: absentSpf, mx: { state: 'unavailable', hosts: [] } }),
      null,
      'provider',
      null,
    ],
    ['no audit, a provider', null, 'google', 'add', 'v=spf1 include:_spf.google.com ~all'],
    ['no audit, no provider', null, null, 'provider', null],
  ] as const)('none published, %s', (_, report, provider, action, value) => {
    expect(plan(report, provider).spf).toMatchObject({
      action,
      value,
      current: null,
      name: 'example.com',
      type: 'TXT',
    })
  })

  test('the MX names the provider when nobody chose one', () => {
    const report = literalReport({ spf: absentSpf, mx: { provider: 'migadu' } })
    expect(plan(report).spf?.value).toBe('v=spf1 include:spf.migadu.com ~all')
    expect(plan(report, 'google').spf?.value).toBe('v=spf1 include:_spf.google.com ~all')
  })
})

describe('for any records', () => {
  const term = fc.oneof(
    fc.domain().map(name => `include:${name}`),
    fc.domain().map(name => `?a:${name}/24`),
    fc.ipV4().map(address => `ip4:${address}`),
    fc
      .ipV6()
      .filter(address => !address.includes('.'))
      .map(address => `-ip6:${address}`),
    fc.constantFrom('mx', 'a', 'ptr', 'include:_spf.google.com', 'exists:%{i}.x.example', 'exp=why.example'),
    fc.string({ unit: 'grapheme-ascii' }).map(text => text.replaceAll(' ', '')),
  )
  const end = fc.constantFrom('~all', '-all', '?all', '+all', 'all', 'redirect=_spf.example.net', '')
  const spf = fc
    .tuple(fc.array(term, { maxLength: 8 }), end)
    .map(([terms, last]) => ['v=spf1', ...terms, last].join(' ').trim())
  const provider = fc.constantFrom(null, ...mailProviders.map(row => row.id))

  test('the one SPF record holds every old mechanism and lets the provider send, and planning again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(spf, { minLength: 1, maxLength: 3 }), provider, (records, id) => {
        const result = plan(reportOf(records), id)
        expect(result.of('spf')).toHaveLength(1)
        expect(
          recordPlanSchema.safeParse(
            planRecords({ domain: 'example.com', report: reportOf(records), mailProvider: id }),
          ).success,
        ).toBe(true)
        const value = result.spf?.value
        if (value === null || value === undefined) return
        const parsed = parseSpf(value)
        expect(parsed.ok && parsed.record.errors).toEqual([])
        const kept = value.toLowerCase().split(' ')
        for (const record of records) {
          const old = parseSpf(record)
          if (!old.ok || old.record.errors.length > 0) continue
          for (const { text, ...rest } of old.record.terms) {
            const mistaken = rest.kind === 'modifier' && !['redirect', 'exp'].includes(rest.name)
            if (!isEnd(text) && !mistaken) expect(kept).toContain(text.toLowerCase())
          }
        }
        const include = mailProvider(id)?.spfInclude
        const names = [include, ...(mailProvider(id)?.spfAlso ?? [])]
        if (include) expect(names.some(name => value.toLowerCase().includes(`:${name}`))).toBe(true)
        expect(kept).not.toContain('+all')
        expect(kept).not.toContain('all')
        expect(plan(reportOf([value]), id).spf).toMatchObject({ action: 'keep', value })
      }),
      { numRuns: 500 },
    )
  })
})
