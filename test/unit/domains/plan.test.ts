import { describe, expect, test } from 'vitest'
import { expectedRecords } from '#engine/domains/plan.ts'
import { parseDmarc } from '#shared/mail-auth/parse-dmarc.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { absentDkim, absentDmarc, absentMx, literalReport } from './literal-report.ts'
import { finding, plan } from './planned.ts'

const dmarc = (record: string, more: Partial<AuditReport['dmarc']> = {}) =>
  plan(literalReport({ dmarc: { record, ...more } })).dmarc

const host = (name: string, state: 'found' | 'absent' | 'unavailable' = 'found', preference = 10) => ({
  preference,
  host: name,
  addresses: [],
  state,
})

describe('a domain where all is right', () => {
  test('keeps every record', () => {
    const result = plan(literalReport())
    expect(result.records.map(record => record.action)).toEqual(['keep', 'keep', 'keep', 'keep'])
    expect(result.records.map(record => record.value)).toEqual(result.records.map(record => record.current))
    expect(result).toMatchObject({ incomplete: false, checkedAt: 1_000_250, mailProvider: null })
  })
})

describe('DMARC', () => {
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
