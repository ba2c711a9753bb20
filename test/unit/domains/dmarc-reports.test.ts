import { describe, expect, it } from 'vitest'
import { gatherDmarc, judgeDmarc } from '#engine/domains/checks/dmarc.ts'
import { zone, type ZoneOptions, type ZoneText } from '../../helpers/zone.ts'

const mail = { MX: ['1 mx.example.com'] }

async function judge(record: string, text: ZoneText = {}, options: ZoneOptions = {}) {
  const world = zone({ 'example.com': mail, '_dmarc.example.com': { TXT: [record] }, ...text }, options)
  const judged = judgeDmarc(await gatherDmarc('example.com', world.ask))
  const told = judged.findings.filter(entry => !['dmarc.np-advised'].includes(entry.code))
  return { ...judged, told, codes: told.map(entry => entry.code), asked: world.calls.map(call => call.name) }
}

const to = (...addresses: string[]) => `v=DMARC1; p=reject; rua=${addresses.join(',')}`
const outside = 'example.com._report._dmarc.reports.example'

describe('permission of another organisation', () => {
  it.each([
    ['a record of its own', { [outside]: { TXT: ['v=DMARC1'] } }],
    ['with a semicolon', { [outside]: { TXT: ['v=DMARC1;'] } }],
    [
      'a wildcard',
      { '*._report._dmarc.reports.example': { TXT: ['v=DMARC1; rua=mailto:b@reports.example'] } },
    ],
    ['beside other texts', { [outside]: { TXT: ['hello', 'v=DMARC1', 'v=DMARC1'] } }],
  ])('is given by %s', async (_, text) => {
    expect((await judge(to('mailto:a@reports.example'), { 'reports.example': mail, ...text })).codes).toEqual(
      [],
    )
  })

  it.each([
    ['another address at the same host', 'v=DMARC1; rua=mailto:b@Reports.example', []],
    ['an address for the other kind of report', 'v=DMARC1; ruf=mailto:b@elsewhere.example', []],
    [
      'an address at another host',
      'v=DMARC1; rua=mailto:b@elsewhere.example',
      ['dmarc.reports-not-permitted'],
    ],
  ])('that names %s', async (_, permission, expected) => {
    const text = { 'reports.example': mail, [outside]: { TXT: [permission] } }
    expect((await judge(to('mailto:a@reports.example'), text)).codes).toEqual(expected)
  })

  it('a text that is no DMARC record gives none', async () => {
    const text = { 'reports.example': mail, [outside]: { TXT: ['v=dmarc1'] } }
    const { codes } = await judge(to('mailto:a@reports.example'), text)
    expect(codes).toEqual(['dmarc.reports-not-permitted'])
  })

  it('cannot stand under a name that is too long to be asked', async () => {
    const host = `${`${'x'.repeat(57)}.`.repeat(4)}example`
    const { codes, asked } = await judge(to(`mailto:a@${host}`), { [host]: mail })
    expect(codes).toEqual(['dmarc.reports-not-permitted'])
    expect(asked.every(name => name.length <= 253)).toBe(true)
  })

  it('is asked of failure reports too', async () => {
    const record = 'v=DMARC1; p=reject; rua=mailto:a@example.com; ruf=mailto:a@reports.example'
    const { told } = await judge(record, { 'reports.example': mail })
    expect(told.map(entry => [entry.code, entry.facts.tag])).toEqual([['dmarc.reports-not-permitted', 'ruf']])
  })

  it('the same organisation needs none, above or below the domain', async () => {
    const { codes, asked } = await judge(to('mailto:a@reports.example.com'), { 'reports.example.com': mail })
    expect(codes).toEqual([])
    expect(asked.filter(name => name.includes('_report'))).toEqual([])
  })

  it('a part that says psd=n is another organisation', async () => {
    const { codes } = await judge(to('mailto:a@reports.example.com'), {
      'reports.example.com': mail,
      '_dmarc.reports.example.com': { TXT: ['v=DMARC1; p=reject; psd=n'] },
    })
    expect(codes).toEqual(['dmarc.reports-not-permitted'])
  })

  it('is left open while it cannot be looked up', async () => {
    const options: ZoneOptions = { unavailable: call => (call.name === outside ? 'servfail' : null) }
    expect((await judge(to('mailto:a@reports.example'), { 'reports.example': mail }, options)).codes).toEqual(
      [],
    )
  })

  it('no more than eight addresses are followed', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `mailto:a@r${index}.example`)
    const { asked } = await judge(to(...many))
    expect(asked.filter(name => name.includes('_report'))).toHaveLength(8)
  })
})

describe('a host that takes reports', () => {
  const permitted = { '*._report._dmarc.reports.example': { TXT: ['v=DMARC1'] } }

  it.each([
    ['null-mx', { MX: ['0 .'] }],
    ['no-mail-server', { TXT: ['exists'] }],
    ['nxdomain', undefined],
  ])('%s', async (reason, records) => {
    const text: ZoneText = records === undefined ? {} : { 'reports.example': records, ...permitted }
    const { told } = await judge(to('mailto:a@reports.example'), text)
    expect(told.find(entry => entry.code === 'dmarc.report-host-no-mail')?.facts).toMatchObject({ reason })
  })

  it('an address of its own is enough', async () => {
    const text = { 'reports.example': { A: ['192.0.2.1'] }, ...permitted }
    expect((await judge(to('mailto:a@reports.example'), text)).codes).toEqual([])
  })
})

describe('lists of addresses', () => {
  it.each([
    [
      'v=DMARC1; p=reject; rua=mailto:a@example.com; mailto:b@example.com',
      'separator',
      'mailto:b@example.com',
    ],
    [
      'v=DMARC1; p=reject; rua=mailto:a@example.com mailto:b@example.com',
      'separator',
      'mailto:a@example.com,mailto:b@example.com',
    ],
    ['v=DMARC1; p=reject; rua=a@example.com', 'scheme-missing', 'mailto:a@example.com'],
    ['v=DMARC1; p=reject; rua=https://example.com/r', 'scheme-not-mailto', ''],
  ])('%s', async (record, reason, expected) => {
    const { told } = await judge(record)
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ code: 'dmarc.report-address-invalid', facts: { reason, expected } })
  })

  it('two addresses are no fault', async () => {
    expect((await judge(to('mailto:a@example.com', 'mailto:b@example.com'))).codes).toEqual([])
  })

  it.each([
    ['fo=1', 'without-ruf'],
    ['fo=0:1; ruf=mailto:a@example.com', 'redundant'],
  ])('%s: %s', async (tags, reason) => {
    const { told } = await judge(`v=DMARC1; p=reject; rua=mailto:a@example.com; ${tags}`)
    expect(told).toMatchObject([{ code: 'dmarc.failure-options', facts: { reason } }])
  })

  it('fo with an address is right', async () => {
    const { codes } = await judge(
      'v=DMARC1; p=reject; rua=mailto:a@example.com; fo=1:d; ruf=mailto:a@example.com',
    )
    expect(codes).toEqual([])
  })
})

describe('records in the wrong place', () => {
  const record = 'v=DMARC1; p=reject; rua=mailto:a@example.com'
  const nowhere = { '_dmarc.example.com': {} }

  it.each(['_dmarc.example.com.example.com', 'dmarc.example.com', 'example.com'])('%s', async name => {
    const { told } = await judge('', { ...nowhere, [name]: { ...mail, TXT: [record] } })
    expect(told[0]).toMatchObject({
      code: 'dmarc.wrong-location',
      facts: { name, shouldBe: '_dmarc.example.com', expected: record },
    })
  })

  it('a wildcard is told once', async () => {
    const { codes } = await judge('', { ...nowhere, '*.example.com': { TXT: [record] } })
    expect(codes.filter(code => code === 'dmarc.wrong-location')).toHaveLength(1)
  })

  it('an SPF text comes with what DMARC should read', async () => {
    const { told } = await judge('v=spf1 -all')
    expect(told[0]?.facts).toMatchObject({ holds: 'spf', expected: 'v=DMARC1; p=none' })
  })

  it.each([
    ['“v=DMARC1; p=reject”', 'v=DMARC1; p=reject'],
    ['v=DMARC1\\; p=reject', 'v=DMARC1; p=reject'],
    ['v=dmarc1; p=reject', 'v=DMARC1; p=reject'],
    ['p=reject; v=DMARC1', 'v=DMARC1; p=reject'],
  ])('%s is told as it should be', async (text, expected) => {
    const { told } = await judge(text)
    expect(told[0]).toMatchObject({ code: 'dmarc.almost', facts: { expected } })
  })
})

describe('an alias', () => {
  it('to a record is followed', async () => {
    const { codes, result } = await judge('', {
      '_dmarc.example.com': { CNAME: 'dmarc.service.example' },
      'dmarc.service.example': { TXT: ['v=DMARC1; p=reject; rua=mailto:a@example.com'] },
    })
    expect(codes).toEqual([])
    expect(result.policy).toBe('reject')
  })

  it('that every name has says nothing about DMARC', async () => {
    const { codes } = await judge('', {
      '_dmarc.example.com': { CNAME: 'web.example' },
      '*.example.com': { CNAME: 'web.example' },
    })
    expect(codes).toEqual(['dmarc.missing'])
  })
})
