import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectedRecords, planRecords, zoneOf } from '#engine/domains/plan.ts'
import { coveredNames } from '#engine/domains/plan-spf.ts'
import { dnsProviders, mailProvider, mailProviders } from '#engine/domains/providers.ts'
import { recordPlanSchema } from '#shared/model/domain.ts'
import type { AuditReport, SpfCost } from '#shared/model/audit.ts'
import type { CheckId, Fact, FindingCode } from '#shared/model/finding.ts'
import { parseDmarc } from '#shared/mail-auth/parse-dmarc.ts'
import { parseSpf } from '#shared/mail-auth/parse-spf.ts'
import { absentDkim, absentDmarc, absentMx, absentSpf, literalReport } from './literal-report.ts'

function plan(report: AuditReport | null, provider: string | null = null, domain = 'example.com') {
  const result = planRecords({ domain, report, mailProvider: provider })
  const of = (check: string) => result.records.filter(record => record.check === check)
  const brief = (check: string) => of(check).map(({ action, value, current }) => ({ action, value, current }))
  return { ...result, of, brief, spf: of('spf')[0], dmarc: of('dmarc')[0] }
}

function finding(code: FindingCode, facts: Record<string, Fact>): AuditReport['findings'][number] {
  return { code, severity: 'critical', check: code.split('.')[0] as CheckId, facts, rfc: 'RFC 7208 §4.5' }
}

function cost(
  term: string,
  target: string,
  children: SpfCost[] = [],
  state: SpfCost['state'] = 'found',
): SpfCost {
  return { term, target, lookups: 1, voidLookups: 0, state, children }
}

const nothing = { spf: absentSpf, dmarc: absentDmarc, dkim: absentDkim, mx: absentMx }

describe('a domain where all is right', () => {
  test('keeps every record', () => {
    const result = plan(literalReport())
    expect(result.records.map(record => record.action)).toEqual(['keep', 'keep', 'keep', 'keep'])
    expect(result.records.map(record => record.value)).toEqual(result.records.map(record => record.current))
    expect(result).toMatchObject({ incomplete: false, checkedAt: 1_000_250, mailProvider: null })
  })
})

describe('SPF', () => {
  const google = (record: string, more: Partial<AuditReport['spf']> = {}) =>
    plan(literalReport({ spf: { record, ...more } }), 'google').spf

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
    ['a null MX', literalReport({ spf: absentSpf, mx: { nullMx: true, hosts: [] } }), null, 'provider', null],
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

describe('DMARC', () => {
  const dmarc = (record: string, more: Partial<AuditReport['dmarc']> = {}) =>
    plan(literalReport({ dmarc: { record, ...more } })).dmarc

  test('none: the first step, reports to the domain', () => {
    expect(plan(literalReport({ dmarc: absentDmarc })).dmarc).toMatchObject({
      name: '_dmarc.example.com',
      action: 'add',
      value: 'v=DMARC1; p=none; rua=mailto:dmarc@example.com',
    })
  })
  test('none, on a domain that takes no mail: no reports to an address that cannot exist', () => {
    const report = literalReport({ dmarc: absentDmarc, mx: { nullMx: true, hosts: [] } })
    expect(plan(report).dmarc?.value).toBe('v=DMARC1; p=none')
  })
  test.each([
    'v=DMARC1; p=none',
    'v=DMARC1;p=reject;sp=none;pct=50;x=1',
    'v=DMARC1; p=quarantine; rua=mailto:a@b.example',
  ])('%s is kept', record => {
    expect(dmarc(record)).toMatchObject({ action: 'keep', value: record })
  })
  test('one inherited from the organisation is kept where it stands', () => {
    const report = literalReport({ dmarc: { foundAt: '_dmarc.example.com' } })
    expect(plan(report, null, 'mail.example.com').dmarc).toMatchObject({
      action: 'keep',
      name: '_dmarc.example.com',
    })
  })
  test.each([
    ['v=DMARC1; p=monitor; aspf=s', 'v=DMARC1; p=none; aspf=s; rua=mailto:dmarc@example.com'],
    ['v=DMARC1; rua=mailto:a@b.example', 'v=DMARC1; p=none; rua=mailto:a@b.example'],
    [
      'v=DMARC1; p=reject; sp=all; pct=20; adkim=s',
      'v=DMARC1; p=reject; adkim=s; rua=mailto:dmarc@example.com',
    ],
  ])('%s becomes %s', (record, value) => {
    expect(dmarc(record)).toMatchObject({ action: 'replace', current: record, value })
  })
  test('several become one, with the mildest policy, because none was in force', () => {
    const records = ['v=DMARC1; p=reject; rua=mailto:a@b.example', 'v=DMARC1; p=quarantine']
    const report = literalReport({
      dmarc: { record: null },
      findings: [finding('dmarc.multiple', { records })],
    })
    expect(plan(report).of('dmarc')).toHaveLength(1)
    expect(plan(report).dmarc).toMatchObject({
      action: 'replace',
      value: 'v=DMARC1; p=quarantine; rua=mailto:a@b.example',
    })
  })
  test.each([
    ['"v=DMARC1; p=reject"', 'v=DMARC1; p=reject'],
    ['v=dmarc1;p=quarantine', 'v=DMARC1; p=quarantine'],
    ['p=reject; v=DMARC1', 'v=DMARC1; p=reject'],
  ])('the near miss %s is mended', (record, start) => {
    const report = literalReport({ dmarc: absentDmarc, findings: [finding('dmarc.almost', { record })] })
    const { value, action } = plan(report).dmarc ?? {}
    expect(action).toBe('replace')
    expect(parseDmarc(value ?? '')).toMatchObject({ ok: true, record: { errors: [] } })
    expect(value?.replace('; rua=mailto:dmarc@example.com', '').replace(';p', '; p')).toBe(start)
  })
  test('one that stands at the wrong name is moved', () => {
    const facts = { name: 'example.com', record: 'v=DMARC1; p=reject', holds: 'dmarc' }
    const report = literalReport({ dmarc: absentDmarc, findings: [finding('dmarc.wrong-location', facts)] })
    expect(plan(report).dmarc).toMatchObject({
      action: 'add',
      name: '_dmarc.example.com',
      value: 'v=DMARC1; p=reject',
    })
  })
})

describe('DKIM', () => {
  test('aliases with a fixed target are written down, each on its own state', () => {
    const selectors: AuditReport['dkim']['selectors'] = [
      {
        selector: 'fm1',
        state: 'found',
        verdict: 'pass',
        keyType: 'rsa',
        keyBits: 2048,
        record: 'v=DKIM1; p=AA',
      },
      {
        selector: 'fm2',
        state: 'found',
        verdict: 'fail',
        keyType: null,
        keyBits: null,
        record: 'v=DKIM1; p=',
      },
    ]
    expect(plan(literalReport({ dkim: { selectors } }), 'fastmail').brief('dkim')).toEqual([
      { action: 'keep', value: 'fm1.example.com.dkim.fmhosted.com', current: 'v=DKIM1; p=AA' },
      { action: 'replace', value: 'fm2.example.com.dkim.fmhosted.com', current: 'v=DKIM1; p=' },
      { action: 'add', value: 'fm3.example.com.dkim.fmhosted.com', current: null },
    ])
  })
  test.each([
    ['microsoft365', ['selector1._domainkey.example.com', 'selector2._domainkey.example.com'], 'CNAME'],
    ['google', ['google._domainkey.example.com'], 'TXT'],
    ['rackspace', ['_domainkey.example.com'], 'TXT'],
    [null, ['_domainkey.example.com'], 'TXT'],
  ])('%s makes the key itself', (provider, names, type) => {
    const records = plan(literalReport({ dkim: absentDkim }), provider).of('dkim')
    expect(records.map(record => record.name)).toEqual(names)
    for (const record of records)
      expect(record).toMatchObject({ type, action: 'provider', value: null, enterValue: null })
  })
  test('a key that is right is kept under whichever selector it stands', () => {
    const record = { action: 'keep', name: 'mail._domainkey.example.com', value: 'v=DKIM1; p=AAAA' }
    for (const provider of [null, 'google', 'rackspace']) {
      expect(plan(literalReport(), provider).of('dkim')).toMatchObject([record])
    }
  })
})

describe('MX', () => {
  const host = (name: string, state: 'found' | 'absent' | 'unavailable' = 'found', preference = 10) => ({
    preference,
    host: name,
    addresses: [],
    state,
  })
  test('hosts that resolve are kept, whoever was chosen', () => {
    const report = literalReport({
      mx: { hosts: [host('a.example.net'), host('b.example.net', 'unavailable', 20)] },
    })
    expect(plan(report, 'google').brief('mx')).toEqual([
      { action: 'keep', value: '10 a.example.net', current: '10 a.example.net' },
      { action: 'keep', value: '20 b.example.net', current: '20 b.example.net' },
    ])
    expect(plan(report).incomplete).toBe(true)
  })
  test("none: the provider's set", () => {
    expect(plan(literalReport({ mx: absentMx }), 'purelymail').brief('mx')).toEqual([
      { action: 'add', value: '10 mailserver.purelymail.com', current: null },
    ])
    expect(plan(literalReport({ mx: absentMx }), 'microsoft365').brief('mx')).toEqual([
      { action: 'provider', value: null, current: null },
    ])
  })
  test('hosts that lead nowhere give way, right ones of the set stay', () => {
    const hosts = [
      host('in1-smtp.messagingengine.com'),
      host('old.example.com', 'absent', 30),
      host('10.0.0.1', 'found', 40),
    ]
    const report = literalReport({
      mx: { hosts, verdict: 'fail' },
      findings: [finding('mx.target-is-address', { host: '10.0.0.1', preference: 40 })],
    })
    expect(plan(report, 'fastmail').brief('mx')).toEqual([
      {
        action: 'keep',
        value: '10 in1-smtp.messagingengine.com',
        current: '10 in1-smtp.messagingengine.com',
      },
      { action: 'replace', value: '20 in2-smtp.messagingengine.com', current: '30 old.example.com' },
      { action: 'provider', value: null, current: '40 10.0.0.1' },
    ])
  })
  test.each([[[]], [[host('.', 'found', 0)]], [[host('', 'found', 0)]]])('a null MX is kept: %j', hosts => {
    const report = literalReport({ mx: { nullMx: true, verdict: 'warn', hosts } })
    expect(plan(report, 'google').brief('mx')).toEqual([{ action: 'keep', value: '0 .', current: '0 .' }])
  })
})

describe('what could not be looked up', () => {
  test.each(['spf', 'dmarc', 'dkim', 'mx'] as const)(
    '%s is left alone, and the plan says it may change',
    check => {
      const gone = {
        state: 'unavailable',
        verdict: 'unavailable',
        record: null,
        selectors: [],
        hosts: [],
        costs: [],
      }
      const result = plan(literalReport({ [check]: gone }), 'fastmail')
      expect(result.incomplete).toBe(true)
      for (const record of result.of(check))
        expect(record).toMatchObject({ action: 'keep', value: null, enterValue: null })
      expect(result.of(check).length).toBeGreaterThan(0)
    },
  )
  test('one selector of three', () => {
    const unasked = {
      selector: 'fm2',
      state: 'unavailable',
      verdict: 'unavailable',
      keyType: null,
      keyBits: null,
      record: null,
    } as const
    const result = plan(literalReport({ dkim: { selectors: [unasked] } }), 'fastmail')
    expect(result.of('dkim').map(record => record.action)).toEqual(['add', 'keep', 'add'])
    expect(result.incomplete).toBe(true)
  })
  test('an unknown nameserver and no audit at all', () => {
    expect(plan(literalReport({ ns: { state: 'unavailable', verdict: 'unavailable' } })).incomplete).toBe(
      true,
    )
    expect(plan(null, 'fastmail')).toMatchObject({ incomplete: true, checkedAt: null, dnsProvider: null })
  })
})

describe('as the DNS provider wants it typed', () => {
  const typed = (provider: string | null, zone = 'example.com', domain = 'example.com') => {
    const report = literalReport({ ...nothing, ns: { provider, zone } })
    return plan(report, 'fastmail', domain).records.map(record => `${record.enterName}|${record.enterValue}`)
  }
  const dkim = (n: number, domain = 'example.com') => `fm${n}.${domain}.dkim.fmhosted.com`

  test('bare names, @ for the zone, the priority in its own box', () => {
    expect(typed('godaddy')).toEqual([
      '@|v=spf1 include:spf.messagingengine.com ~all',
      '_dmarc|v=DMARC1; p=none; rua=mailto:dmarc@example.com',
      `fm1._domainkey|${dkim(1)}`,
      `fm2._domainkey|${dkim(2)}`,
      `fm3._domainkey|${dkim(3)}`,
      '@|in1-smtp.messagingengine.com',
      '@|in2-smtp.messagingengine.com',
    ])
    expect(typed(null)).toEqual(typed('godaddy'))
  })
  test('quotes, an empty box for the zone, priority and host in one box', () => {
    const route53 = typed('route53')
    expect(route53[0]).toBe('|"v=spf1 include:spf.messagingengine.com ~all"')
    expect(route53.at(-1)).toBe('|20 in2-smtp.messagingengine.com')
  })
  test('an ending dot on targets', () => {
    expect(typed('digitalocean').slice(2)).toEqual([
      ...[1, 2, 3].map(n => `fm${n}._domainkey|${dkim(n)}.`),
      '@|in1-smtp.messagingengine.com.',
      '@|in2-smtp.messagingengine.com.',
    ])
  })
  test('full names', () => {
    expect(
      typed('netlify')
        .slice(0, 2)
        .map(line => line.split('|')[0]),
    ).toEqual(['example.com', '_dmarc.example.com'])
  })
  test('a subdomain inside the zone of its parent', () => {
    const names = typed('godaddy', 'example.com', 'mail.example.com').map(line => line.split('|')[0])
    expect(names.slice(0, 3)).toEqual(['mail', '_dmarc.mail', 'fm1._domainkey.mail'])
    expect(zoneOf('mail.example.co.uk', null)).toBe('example.co.uk')
    expect(zoneOf('a.b.example.com', literalReport({ ns: { zone: 'b.example.com' } }))).toBe('b.example.com')
  })
  test('a record above the zone keeps its full name', () => {
    const report = literalReport({ ns: { provider: 'godaddy', zone: 'mail.example.com' } })
    expect(plan(report, null, 'mail.example.com').dmarc?.enterName).toBe('_dmarc.example.com')
  })
  test('long texts in quoted strings of at most 255 octets, which join to the value', () => {
    const record = `v=DKIM1; p=${'A'.repeat(400)}; n="ä\\"`
    const selectors = [
      { selector: 's', state: 'found', verdict: 'pass', keyType: 'rsa', keyBits: 2048, record },
    ] as const
    const report = literalReport({ ns: { provider: 'hetzner' }, dkim: { selectors: [...selectors] } })
    const { enterValue } = plan(report).of('dkim')[0] ?? {}
    const strings = [...(enterValue ?? '').matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(match =>
      (match[1] ?? '').replaceAll(/\\(.)/g, '$1'),
    )
    expect(strings.length).toBe(2)
    for (const text of strings) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(255)
    expect(strings.join('')).toBe(record)
  })
})

describe('expectedRecords', () => {
  const facts = {
    domain: 'example.com',
    spf: { state: 'found', records: ['v=spf1 mx ~all'] },
    dmarc: { state: 'found', records: ['v=DMARC1; p=reject'] },
    mx: { state: 'found', nullMx: false, provider: 'google' },
  } as const
  test('says what the plan says', () => {
    expect(expectedRecords(facts)).toEqual({
      spf: 'v=spf1 mx include:_spf.google.com ~all',
      dmarc: 'v=DMARC1; p=reject',
    })
    const none = {
      ...facts,
      spf: { state: 'absent', records: [] },
      dmarc: { state: 'absent', records: [] },
    } as const
    expect(expectedRecords(none)).toEqual({
      spf: 'v=spf1 include:_spf.google.com ~all',
      dmarc: 'v=DMARC1; p=none; rua=mailto:dmarc@example.com',
    })
    expect(
      expectedRecords({ ...none, mx: { state: 'absent', nullMx: false, provider: null } }).spf,
    ).toBeNull()
  })
  test('is silent about what could not be looked up', () => {
    const unread = { state: 'unavailable', records: [] } as const
    expect(expectedRecords({ ...facts, spf: unread, dmarc: unread })).toEqual({ spf: null, dmarc: null })
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
  const isEnd = (text: string) => /^[+\-~?]?all$/i.test(text)

  test('the one SPF record holds every old mechanism and lets the provider send, and planning again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(spf, { minLength: 1, maxLength: 3 }), provider, (records, id) => {
        const reportOf = (texts: readonly string[]) =>
          literalReport({
            spf: { record: texts[0] ?? null },
            findings: texts.length > 1 ? [finding('spf.multiple', { records: [...texts] })] : [],
          })
        const result = plan(reportOf(records), id)
        expect(result.of('spf')).toHaveLength(1)
        expect(
          recordPlanSchema.safeParse(
            planRecords({ domain: 'example.com', report: reportOf(records), mailProvider: id }),
          ).success,
        ).toBe(true)
        const value = result.spf?.value
        if (value == null) return
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

  test('every DNS provider gets a name and a value for every record that has one', () => {
    for (const dns of dnsProviders) {
      for (const mail of mailProviders) {
        for (const record of plan(literalReport({ ...nothing, ns: { provider: dns.id } }), mail.id).records) {
          expect(record.enterValue === null).toBe(record.value === null)
          if (dns.nameField === 'bare') expect(record.enterName).not.toContain('example.com')
          expect((record.action === 'add') === (record.value !== null)).toBe(true)
        }
      }
    }
  })
})
