import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { planRecords } from '#engine/domains/plan.ts'
import type { ReadChoices } from '#engine/domains/plan-choices.ts'
import type { AuditReport, AuditRow } from '#shared/model/audit.ts'
import { dmarcSteps } from './plan-steps.ts'
import { absentDmarc, literalReport } from './literal-report.ts'

function planned(
  choices: Partial<ReadChoices>,
  report: AuditReport | null = literalReport(),
  domain = 'example.com',
) {
  const plan = planRecords({ domain, report, ...choices })
  return { ...plan, of: (check: string) => plan.records.filter(record => record.check === check) }
}

function withRow(row: Pick<AuditRow, 'name' | 'type' | 'state'> & { found?: string[] }): AuditReport {
  const full = {
    id: 'x',
    check: 'dkim',
    reason: null,
    verdict: 'pass',
    found: [],
    expected: null,
    ttlS: null,
    server: null,
    codes: [],
    ...row,
  } as AuditRow
  return { ...literalReport(), rows: [full] }
}

const spf = (record: string | null, choices: Partial<ReadChoices>) =>
  planned(
    choices,
    literalReport(record === null ? { spf: { state: 'absent', record: null } } : { spf: { record } }),
  ).of('spf')[0]

const hosts = (...names: string[]) =>
  names.map((host, index) => ({
    preference: index,
    host,
    addresses: ['192.0.2.1'],
    state: 'found' as const,
  }))

const idOf = (mode: 'testing' | 'enforce', host: string) =>
  planned({ mtaSts: mode }, literalReport({ mx: { hosts: hosts(host) } })).of('mta-sts')[0]?.value

describe('an own include in SPF', () => {
  test.each([
    ['v=spf1 mx ~all', 'v=spf1 mx include:spf.news.example ~all'],
    ['v=spf1 redirect=_spf.example.net', 'v=spf1 include:spf.news.example redirect=_spf.example.net'],
    ['v=spf1 include:SPF.news.example -all', 'v=spf1 include:SPF.news.example -all'],
    [null, 'v=spf1 mx include:spf.news.example ~all'],
  ])('%j becomes %j', (record, value) => {
    expect(spf(record, { spfInclude: 'spf.news.example' })?.value).toBe(value)
  })
  test('stands beside that of the mail provider, each once', () => {
    expect(spf('v=spf1 -all', { spfInclude: 'spf.news.example', mailProvider: 'fastmail' })?.value).toBe(
      'v=spf1 include:spf.messagingengine.com include:spf.news.example -all',
    )
    expect(spf(null, { spfInclude: '_spf.google.com', mailProvider: 'google' })?.value).toBe(
      'v=spf1 include:_spf.google.com ~all',
    )
  })
})

describe('a DMARC step', () => {
  test.each(dmarcSteps)('%j with %s becomes %j', (record, step, value) => {
    const report = literalReport({ dmarc: record === null ? absentDmarc : { record } })
    const plan = planned({ dmarcStep: step }, report)
    expect(plan.of('dmarc')).toMatchObject([
      { value, action: record === null ? 'add' : value === record ? 'keep' : 'replace' },
    ])
    expect(plan.dmarc.planned).toBe(step)
  })
  test('none keeps what is published', () => {
    expect(planned({ dmarcStep: null }).of('dmarc')[0]?.action).toBe('keep')
    expect(planned({}).dmarc).toEqual({ published: 'reject', planned: 'reject' })
  })
  test('of a subdomain leaves the policy of its organisation alone', () => {
    const report = literalReport({ dmarc: { foundAt: '_dmarc.example.com' } })
    expect(planned({ dmarcStep: 'none' }, report, 'mail.example.com').of('dmarc')).toMatchObject([
      { name: '_dmarc.mail.example.com', action: 'add', current: null },
    ])
    expect(planned({ dmarcStep: 'reject' }, report, 'mail.example.com').of('dmarc')).toMatchObject([
      { name: '_dmarc.example.com', action: 'keep' },
    ])
  })
})

describe('MTA-STS', () => {
  test('the file names every mail server once, and the id is made from it', () => {
    const report = literalReport({ mx: { hosts: hosts('B.example.net', 'a.example.net', 'b.example.net') } })
    const { policyFile, of } = planned({ mtaSts: 'testing' }, report)
    expect(policyFile).toEqual({
      host: 'mta-sts.example.com',
      url: 'https://mta-sts.example.com/.well-known/mta-sts.txt',
      mode: 'testing',
      text: 'version: STSv1\nmode: testing\nmx: a.example.net\nmx: b.example.net\nmax_age: 86400\n',
    })
    const id = createHash('sha256')
      .update(policyFile?.text ?? '')
      .digest('hex')
      .slice(0, 20)
    expect(of('mta-sts')).toMatchObject([
      { name: '_mta-sts.example.com', type: 'TXT', action: 'add', value: `v=STSv1; id=${id};` },
    ])
  })
  test('another mode and another server are another id', () => {
    const ids = [
      idOf('testing', 'a.example.net'),
      idOf('enforce', 'a.example.net'),
      idOf('testing', 'b.example.net'),
    ]
    expect(new Set(ids).size).toBe(3)
    for (const value of ids) expect(value).toMatch(/^v=STSv1; id=[A-Za-z0-9]{1,32};$/)
  })
  test('a record with this id is kept, another gives way, one that was not seen is left alone', () => {
    const name = '_mta-sts.example.com'
    const value = planned({ mtaSts: 'testing' }).of('mta-sts')[0]?.value ?? ''
    const action = (report: AuditReport) => planned({ mtaSts: 'testing' }, report)
    expect(
      action(withRow({ name, type: 'TXT', state: 'found', found: [value] })).of('mta-sts'),
    ).toMatchObject([{ action: 'keep', current: value }])
    expect(
      action(withRow({ name, type: 'TXT', state: 'found', found: ['v=STSv1; id=1', 'x'] })).of('mta-sts'),
    ).toMatchObject([{ action: 'replace', value, current: 'v=STSv1; id=1\nx' }])
    const unseen = action(withRow({ name, type: 'TXT', state: 'unavailable' }))
    expect(unseen.of('mta-sts')).toMatchObject([{ action: 'keep', value: null }])
    expect(unseen.incomplete).toBe(true)
  })
})

test('TLS-RPT: one that reports somewhere is kept', () => {
  const name = '_smtp._tls.example.com'
  const plan = (found: string[]) =>
    planned(
      { tlsRpt: true },
      withRow({ name, type: 'TXT', state: found.length > 0 ? 'found' : 'absent', found }),
    )
      .of('tls-rpt')
      .map(({ action, value }) => [action, value])
  const ours = 'v=TLSRPTv1; rua=mailto:tls-reports@example.com'
  expect(plan([])).toEqual([['add', ours]])
  expect(plan(['v=TLSRPTv1;rua=https://r.example.net/v1'])).toEqual([
    ['keep', 'v=TLSRPTv1;rua=https://r.example.net/v1'],
  ])
  expect(plan(['v=TLSRPTv1'])).toEqual([['replace', ours]])
})

test('without a server that takes mail, MTA-STS and TLS-RPT are left out, and the plan says so', () => {
  for (const mx of [
    { nullMx: true, hosts: [] },
    { state: 'absent' as const, hosts: [] },
  ]) {
    const plan = planned({ mtaSts: 'enforce', tlsRpt: true }, literalReport({ mx }))
    expect(plan).toMatchObject({ leftOut: ['mta-sts', 'tls-rpt'], policyFile: null })
    expect([...plan.of('mta-sts'), ...plan.of('tls-rpt')]).toEqual([])
  }
  expect(planned({}).leftOut).toEqual([])
})

test('a tracking name is one alias', () => {
  const tracking = { name: 'track.example.com', target: 't.example.net' }
  const plan = (found: string[]) =>
    planned({ tracking }, withRow({ name: tracking.name, type: 'CNAME', state: 'found', found })).of(
      'tracking',
    )
  expect(planned({ tracking }).of('tracking')).toMatchObject([
    { type: 'CNAME', action: 'add', name: 'track.example.com', value: 't.example.net', enterName: 'track' },
  ])
  expect(plan(['T.example.net.'])).toMatchObject([{ action: 'keep' }])
  expect(plan(['other.example.net'])).toMatchObject([{ action: 'replace', current: 'other.example.net' }])
})

describe('keys made here', () => {
  const own = { selector: 'rk202611', record: 'v=DKIM1; k=rsa; p=AAAA' }
  const plan = (selectors: AuditReport['dkim']['selectors'], mailProvider: string | null = null) =>
    planRecords({
      domain: 'example.com',
      report: literalReport({ dkim: { selectors } }),
      mailProvider,
      ownKeys: [own],
    })
      .records.filter(({ check }) => check === 'dkim')
      .map(({ name, action, value }) => [name, action, value])
  const row = (record: string | null, state: 'found' | 'unavailable' = 'found') =>
    ({ selector: own.selector, state, verdict: 'pass', keyType: 'rsa', keyBits: 2048, record }) as const
  const name = 'rk202611._domainkey.example.com'
  test.each([
    ['not published', [], 'add', own.record],
    ['published', [row('v=DKIM1;k=rsa; p=AA AA')], 'keep', 'v=DKIM1;k=rsa; p=AA AA'],
    ['another key there', [row('v=DKIM1; p=BBBB')], 'replace', own.record],
    ['not seen', [row(null, 'unavailable')], 'keep', null],
  ])('%s', (_, selectors, action, value) => {
    expect(plan([...selectors])).toEqual([[name, action, value]])
  })
  test('stand beside the records of the provider', () => {
    expect(plan([], 'google').map(([at]) => at)).toEqual([name, 'google._domainkey.example.com'])
  })
})
