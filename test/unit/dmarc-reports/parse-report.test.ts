import { describe, expect, it } from 'vitest'
import { parseReport } from '#engine/dmarc-reports/parse-report.ts'
import type { DmarcReport } from '#shared/model/dmarc-report.ts'
import {
  bySendgrid,
  dayMs,
  forwarded,
  passing,
  recordXml,
  type ReportText,
  reportXml,
} from '../../helpers/dmarc-reports.ts'

const now = Date.UTC(2026, 10, 22)
const parse = (text: string | Uint8Array) => parseReport(Buffer.from(text), now)
const read = (text: string | Uint8Array): DmarcReport => {
  const parsed = parse(text)
  if (!parsed.ok) throw new Error(`${parsed.code} ${JSON.stringify(parsed.facts)}`)
  return parsed.report
}
const codeOf = (text: string | Uint8Array) => {
  const parsed = parse(text)
  return parsed.ok ? 'read' : parsed.code
}
/** The report with some text of it replaced; it must stand there. */
const without = (from: string | RegExp, to = '', options: ReportText = {}) => {
  const text = reportXml(options)
  expect(text.match(from)).not.toBeNull()
  return text.replace(from, to)
}

describe('a report', () => {
  it('of RFC 9990 is read whole', () => {
    const report = read(reportXml({ errors: ['rua is no URI'], records: [passing, bySendgrid, forwarded] }))
    expect(report).toMatchObject({
      format: 'rfc9990',
      organisation: 'Receiver Example',
      email: 'reports@receiver.example',
      reportId: 'r-1',
      domain: 'example.com',
      beginsAt: Date.UTC(2026, 10, 20),
      endsAt: Date.UTC(2026, 10, 20) + dayMs - 1_000,
      policy: { p: 'none', sp: 'none', np: 'none', testing: false },
      errors: ['rua is no URI'],
      leftOut: 0,
    })
    expect(report.rows).toEqual([
      {
        ip: '198.51.100.25',
        messages: 10,
        disposition: 'none',
        spfAligned: true,
        dkimAligned: true,
        reasons: [],
        headerFrom: 'example.com',
        envelopeFrom: 'example.com',
        spf: [{ domain: 'example.com', result: 'pass' }],
        dkim: [{ domain: 'example.com', selector: 'mail', result: 'pass' }],
      },
      expect.objectContaining({ spfAligned: false, dkimAligned: false, envelopeFrom: 'em123.sendgrid.net' }),
      expect.objectContaining({ spfAligned: false, dkimAligned: true }),
    ])
  })

  it('of RFC 7489 is read alike, and called so', () => {
    const text = reportXml({
      namespace: false,
      policy: '<adkim>r</adkim><aspf>r</aspf><p>reject</p><sp>reject</sp><pct>100</pct>',
    })
    expect(read(text)).toMatchObject({ format: 'rfc7489', policy: { p: 'reject', np: null, testing: false } })
  })

  it.each([
    [
      'a prefix on every element',
      reportXml()
        .replace(/<(\/?)(\w)/g, '<$1d:$2')
        .replace('xmlns=', 'xmlns:d='),
    ],
    ['no version', without('<version>1.0</version>')],
    ['no declaration', without(/<\?xml[^>]*>\n/)],
    ['times with a fraction', without(/<(begin|end)>(\d+)</g, '<$1>$2.75<')],
    ['times in milliseconds', without(/<(begin|end)>(\d+)</g, '<$1>$2000<')],
    ['an ampersand as it is', without('Receiver Example', 'Receiver & Example')],
    ['white space around', without(/>example\.com</g, '>\n example.com \n<')],
    ['capitals', without('<domain>example.com', '<domain>EXAMPLE.com.')],
    [
      'extensions',
      without('</feedback>', '<extension><x:more xmlns:x="urn:x">1</x:more></extension></feedback>'),
    ],
    ['a comment and a processing instruction', without('<record>', '<!-- one --><?some thing?><record>')],
    ['character data', without('Receiver Example', '<![CDATA[Receiver Example]]>')],
    ['attributes', without('<error>', '<error lang="en">', { errors: ['x'] })],
  ])('with %s is read', (_, text) => {
    const { domain, beginsAt, rows } = read(text)
    expect({ domain, day: Math.floor(beginsAt / 1_000) * 1_000 }).toEqual({
      domain: 'example.com',
      day: Date.UTC(2026, 10, 20),
    })
    expect(rows).toMatchObject([
      { messages: 10, spfAligned: true, dkimAligned: true, headerFrom: 'example.com' },
    ])
  })

  it('in another encoding is read in that', () => {
    const text = without('UTF-8', 'iso-8859-1').replace('Receiver Example', 'R\u00e9ception')
    expect(read(Buffer.from(text, 'latin1')).organisation).toBe('R\u00e9ception')
    const wide = Buffer.from(`\ufeff${reportXml().replace('UTF-8', 'UTF-16')}`, 'utf16le')
    expect(read(wide).organisation).toBe('Receiver Example')
    expect(codeOf(without('UTF-8', 'x-klingon'))).toBe('encoding-unknown')
  })

  it('keeps entities as the characters they stand for, and no others', () => {
    const report = read(without('Receiver Example', 'A &amp;amp; B &#82;&#x52; &#0; &lt;'))
    expect(report.organisation).toBe('A &amp; B RR   <')
  })
})

const rowOf = (from: string | RegExp, to: string) => read(without(from, to)).rows[0]

describe('a record', () => {
  it('has the envelope sender by its domain, empty for a bounce, and null when it is not told', () => {
    expect(rowOf('<envelope_from>example.com', '<envelope_from>news@Bounce.example.com')).toMatchObject({
      envelopeFrom: 'bounce.example.com',
    })
    expect(rowOf('<envelope_from>example.com', '<envelope_from>')).toMatchObject({ envelopeFrom: '' })
    expect(rowOf('<envelope_from>example.com</envelope_from>', '')).toMatchObject({ envelopeFrom: null })
  })

  it('without identifiers is about the domain of the policy', () => {
    expect(rowOf(/<identifiers>.*<\/identifiers>/, '')).toMatchObject({ headerFrom: 'example.com' })
  })

  it('has every result, by its name of today', () => {
    const spf = ['hardfail', 'unknown', 'error', 'SoftFail', 'what'].map(result => ({
      domain: 'a.example',
      result,
    }))
    const [row] = read(reportXml({ records: [{ ...passing, spfResults: spf }] })).rows
    expect(row?.spf.map(({ result }) => result)).toEqual([
      'fail',
      'temperror',
      'permerror',
      'softfail',
      'none',
    ])
  })

  it('keeps the reasons of an override, once each', () => {
    const reasons = ['forwarded', 'mailing_list', 'forwarded', 'because']
    const [row] = read(reportXml({ records: [{ ...passing, reasons }] })).rows
    expect(row?.reasons).toEqual(['forwarded', 'mailing_list'])
  })

  it('writes an address as it is usually written', () => {
    expect(rowOf('198.51.100.25', '2001:DB8:0:0::1')).toMatchObject({ ip: '2001:db8::1' })
    expect(rowOf('198.51.100.25', '::ffff:198.51.100.25')).toMatchObject({ ip: '198.51.100.25' })
  })

  it.each([
    ['an address that is none', recordXml({ ip: '300.1.1.1' })],
    ['a count of nothing', recordXml({ count: 0 })],
    ['a count that is no number', recordXml({ count: 'many' })],
    ['no evaluation', recordXml({}).replace(/<policy_evaluated>[^]*<\/policy_evaluated>/, '')],
  ])('with %s is left out and counted', (_, record) => {
    const { rows, leftOut } = read(without('</feedback>', `${record}</feedback>`))
    expect([rows.length, leftOut]).toEqual([1, 1])
  })
})

describe('what is no report is refused by name', () => {
  it.each([
    ['not-a-report', '<html><body>Hello</body></html>'],
    ['not-a-report', '<feedback><report_metadata/></feedback>'],
    ['xml-damaged', reportXml().slice(0, 700)],
    ['xml-damaged', '<'],
    ['has-doctype', without('<feedback', '<!DOCTYPE x [<!ENTITY a "aaaa">]><feedback')],
    ['too-deep', `<feedback>${'<a>'.repeat(40)}${'</a>'.repeat(40)}</feedback>`],
    ['domain-missing', without('<domain>example.com</domain><p>', '<p>')],
    ['domain-missing', without('<domain>example.com</domain><p>', '<domain>not a name</domain><p>')],
    ['id-missing', without('<report_id>r-1</report_id>')],
    ['dates-unusable', without(/<date_range>.*<\/date_range>/)],
    ['dates-unusable', reportXml({ beginsAt: now + 10 * dayMs })],
    ['dates-unusable', reportXml({ beginsAt: Date.UTC(1999, 1, 1) })],
    ['dates-unusable', reportXml({ beginsAt: now, endsAt: now - dayMs })],
    ['dates-unusable', reportXml({ beginsAt: now - 300 * dayMs, endsAt: now })],
    ['no-records', reportXml({ records: [] })],
    ['no-records', reportXml({ records: [{ ...passing, ip: 'here' }] })],
    ['too-many-records', `<feedback>${'<a/>'.repeat(1_000_001)}</feedback>`],
  ])('%s', (code, text) => {
    expect(codeOf(text)).toBe(code)
  })

  it('too many records', () => {
    const records = recordXml({}).repeat(20_001)
    expect(codeOf(without('</feedback>', `${records}</feedback>`))).toBe('too-many-records')
  })
})
