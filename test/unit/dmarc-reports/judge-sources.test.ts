import { describe, expect, it } from 'vitest'
import { judgeSources } from '#engine/dmarc-reports/judge-sources.ts'
import { parseReport } from '#engine/dmarc-reports/parse-report.ts'
import type { KnownRange } from '#engine/dmarc-reports/sender-names.ts'
import { toDayRow } from '#engine/dmarc-reports/store.ts'
import { readIpAddress } from '#shared/mail-auth/ip-range.ts'
import {
  bySendgrid,
  forged,
  forwarded,
  passing,
  type RecordText,
  reportXml,
} from '../../helpers/dmarc-reports.ts'

const range = (text: string, prefix: number, via: string | null): KnownRange => {
  const network = readIpAddress(text)
  if (network === null) throw new Error(text)
  return { range: { network, prefix }, via }
}

function judge(records: readonly RecordText[], known: readonly KnownRange[] = []) {
  const parsed = parseReport(Buffer.from(reportXml({ records })), Date.UTC(2026, 10, 22))
  if (!parsed.ok) throw new Error(parsed.code)
  return judgeSources(
    parsed.report.rows.map(row => toDayRow(row, 20_000)),
    known,
  )
}
const sendersOf = (records: readonly RecordText[], known?: readonly KnownRange[]) =>
  judge(records, known).sources.map(({ sender }) => `${sender.kind} ${sender.name}`)
const verdictsOf = (...records: RecordText[]) => judge(records).sources.flatMap(({ lines }) => lines)

const failing: RecordText = { ...forged, spfResults: [], dkimResults: [] }

describe('who sent it', () => {
  it.each<[string, RecordText, string]>([
    ['a service that signs as itself', bySendgrid, 'service SendGrid'],
    [
      'a service by its envelope sender alone',
      { ...failing, spfResults: [{ domain: 'eu-west-1.amazonses.com', result: 'pass' }] },
      'service Amazon SES',
    ],
    [
      'a service whose name did not pass',
      { ...failing, dkimResults: [{ domain: 'sendgrid.net', result: 'fail' }] },
      'address 192.0.2.200',
    ],
    [
      'a name that only ends alike',
      { ...failing, dkimResults: [{ domain: 'notsendgrid.net', result: 'pass' }] },
      'domain notsendgrid.net',
    ],
    [
      'a selector of one provider',
      { ...passing, dkimResults: [{ domain: 'example.com', selector: 'google', result: 'pass' }] },
      'service Google Workspace',
    ],
    [
      'a selector of several',
      { ...passing, dkimResults: [{ domain: 'example.com', selector: 'default', result: 'pass' }] },
      'address 198.51.100.25',
    ],
    [
      'a selector on mail that was passed on',
      { ...forwarded, dkimResults: [{ domain: 'example.com', selector: 'google', result: 'pass' }] },
      'address 203.0.113.9',
    ],
    ['nobody known', forged, 'address 192.0.2.200'],
  ])('%s', (_, row, expected) => {
    expect(sendersOf([row])).toEqual([expected])
  })

  it('the addresses of the SPF record tell the rest', () => {
    const known = [
      range('198.51.100.0', 24, '_spf.google.com'),
      range('203.0.113.0', 24, 'spf.tiny.example'),
      range('192.0.2.0', 24, null),
    ]
    const plain = { ...passing, spfResults: [{ domain: 'example.com', result: 'pass' }] }
    expect(
      sendersOf([plain, { ...plain, ip: '203.0.113.1' }, { ...plain, ip: '192.0.2.1' }], known).toSorted(),
    ).toEqual(['address 192.0.2.1', 'domain spf.tiny.example', 'service Google Workspace'])
  })

  it('puts all addresses of one sender together, the busiest first', () => {
    const rows = [7, 8, 9].map(last => ({ ...bySendgrid, ip: `167.89.0.${last}`, count: last }))
    expect(judge([forged, ...rows]).sources).toMatchObject([
      {
        sender: { name: 'SendGrid' },
        messages: 24,
        addressCount: 3,
        addresses: [{ ip: '167.89.0.9', messages: 9 }, {}, {}],
      },
      { messages: 2 },
    ])
  })

  it('tells the busiest one by one, and adds the rest up', () => {
    const many = Array.from({ length: 250 }, (_, index) => ({
      ...forged,
      ip: `10.0.${index}.1`,
      count: index + 1,
    }))
    const { sources, more } = judge(many)
    expect([sources.length, sources[0]?.messages, more]).toEqual([
      200,
      250,
      { sources: 50, messages: (50 * 51) / 2, aligned: 0 },
    ])
  })
})

const own = (result: string) => [{ domain: 'example.com', result }]
const other = (result: string) => [{ domain: 'sender.example', result }]

describe('what it comes to', () => {
  it.each<[string, RecordText, object]>([
    ['both pass', passing, { verdict: 'aligned' }],
    ['SPF alone', { ...passing, dkim: 'fail', dkimResults: [] }, { verdict: 'aligned-by-spf' }],
    [
      'DKIM alone, with the envelope sender of a service',
      { ...passing, spf: 'fail', spfResults: other('pass') },
      { verdict: 'aligned-by-dkim', domains: ['sender.example'] },
    ],
    ['DKIM alone, and SPF fails for the domain', forwarded, { verdict: 'forwarded' }],
    [
      'DKIM alone, and the receiver says it was passed on',
      { ...forwarded, spfResults: [], reasons: ['forwarded'] },
      { verdict: 'forwarded' },
    ],
    [
      'neither, on a mailing list',
      { ...failing, reasons: ['mailing_list'], dkimResults: own('fail') },
      { verdict: 'forwarded-changed' },
    ],
    ['DKIM for another domain', bySendgrid, { verdict: 'dkim-other-domain', domains: ['sendgrid.net'] }],
    [
      'SPF for another domain',
      { ...failing, spfResults: other('pass') },
      { verdict: 'spf-other-domain', domains: ['sender.example'] },
    ],
    [
      'a signature of the domain that fails',
      {
        ...failing,
        dkimResults: [{ domain: 'mail.example.com', selector: 's1', result: 'fail' }],
        spfResults: own('fail'),
      },
      { verdict: 'dkim-fails', selectors: ['s1'] },
    ],
    [
      'an address that SPF does not name',
      { ...failing, spfResults: own('softfail') },
      { verdict: 'spf-fails' },
    ],
    ['a look-up that failed', { ...failing, dkimResults: own('temperror') }, { verdict: 'could-not-check' }],
    ['nothing at all', { ...failing, spfResults: other('none') }, { verdict: 'nothing' }],
    ['a stranger’s signature that fails', { ...failing, dkimResults: other('fail') }, { verdict: 'nothing' }],
  ])('%s', (_, row, expected) => {
    expect(verdictsOf(row)).toMatchObject([expected])
  })

  it('a source says what needs somebody first, then what there is most of', () => {
    const rows = [
      { ...passing, count: 90 },
      {
        ...passing,
        count: 5,
        spf: 'fail' as const,
        dkim: 'fail' as const,
        spfResults: [],
        dkimResults: own('fail'),
      },
      {
        ...passing,
        count: 7,
        spf: 'fail' as const,
        dkim: 'fail' as const,
        spfResults: own('fail'),
        dkimResults: [],
      },
    ]
    const [source] = judge(rows).sources
    expect(source?.lines.map(({ verdict, messages }) => [verdict, messages])).toEqual([
      ['spf-fails', 7],
      ['dkim-fails', 5],
      ['aligned', 90],
    ])
    expect(source).toMatchObject({
      messages: 102,
      aligned: 90,
      spfAligned: 90,
      dkimAligned: 90,
      forwarded: 0,
    })
  })

  it('Google’s word for forwarding is understood', () => {
    const text = reportXml({ records: [{ ...failing, reasons: ['local_policy'] }] }).replace(
      'as seen',
      'arc=pass',
    )
    const parsed = parseReport(Buffer.from(text), Date.UTC(2026, 10, 22))
    expect(parsed).toMatchObject({ ok: true, report: { rows: [{ reasons: ['trusted_forwarder'] }] } })
  })
})
