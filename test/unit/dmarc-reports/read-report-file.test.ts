import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readReportFile } from '#engine/dmarc-reports/read-report-file.ts'
import { limits } from '#engine/net/limits.ts'
import { makeZip, reportMail, reportXml } from '../../helpers/dmarc-reports.ts'

const now = Date.UTC(2026, 10, 22)
const xml = reportXml()
const second = reportXml({ reportId: 'r-2' })
const zeros = (megabytes: number) => Buffer.alloc(megabytes * 1_000_000, 0x20)

/** What became of each part: the id of its report, or why it was refused. */
async function outcomes(content: string | Uint8Array): Promise<string[]> {
  const parts = await readReportFile(Buffer.from(content), now)
  return parts.map(
    one => `${one.part === null ? '' : `${one.part}: `}${one.ok ? one.report.reportId : one.code}`,
  )
}
const zip = (...contents: (string | Uint8Array)[]) =>
  makeZip(contents.map((content, index) => ({ name: `${index + 1}.xml`, content })))

describe('a file is read by what it is, not by its name', () => {
  it.each<[string, string | Uint8Array, string[]]>([
    ['XML', xml, ['r-1']],
    ['XML after a byte order mark and empty lines', `\ufeff\n\n${xml.replace(/<\?xml.*\n/, '')}`, ['r-1']],
    ['gzip', gzipSync(xml), ['r-1']],
    ['gzip with something behind it', Buffer.concat([gzipSync(xml), Buffer.from('\0\0\0')]), ['r-1']],
    ['an archive', zip(xml), ['1.xml: r-1']],
    [
      'an archive of several',
      zip(xml, second, 'no report'),
      ['1.xml: r-1', '2.xml: r-2', '3.xml: not-a-report'],
    ],
    ['an archive with a comment', makeZip([{ name: 'a', content: xml }], 'hello'.repeat(200)), ['a: r-1']],
    ['an archive of stored entries', makeZip([{ name: 'a', content: xml, stored: true }]), ['a: r-1']],
    [
      'an archive from a Mac',
      makeZip([
        { name: 'reports/', content: '', stored: true },
        { name: 'reports/a.xml', content: xml },
        { name: '__MACOSX/reports/._a.xml', content: 'x' },
      ]),
      ['reports/a.xml: r-1'],
    ],
    [
      'a message with gzip',
      reportMail([{ name: 'a!b!1!2.xml.gz', type: 'application/gzip', octets: gzipSync(xml) }]),
      ['a!b!1!2.xml.gz: r-1'],
    ],
    [
      'a message whose attachment only has a name',
      reportMail([{ name: 'report.zip', type: 'application/octet-stream', octets: zip(xml) }]),
      ['report.zip: 1.xml: r-1'],
    ],
    [
      'a message whose attachment only has a type',
      reportMail([{ name: null, type: 'text/xml', octets: Buffer.from(xml) }]),
      ['text/xml: r-1'],
    ],
    [
      'a message with several, one of them broken',
      reportMail([
        { name: 'a.gz', type: 'application/gzip', octets: gzipSync(xml) },
        { name: 'b.gz', type: 'application/gzip', octets: gzipSync(second).subarray(0, 100) },
        { name: 'logo.png', type: 'image/png', octets: Buffer.from('x') },
      ]),
      ['a.gz: r-1', 'b.gz: gzip-damaged'],
    ],
  ])('%s', async (_, content, expected) => {
    expect(await outcomes(content)).toEqual(expected)
  })

  it('a message that carries the message with the report', async () => {
    const inner = reportMail([{ name: 'a.gz', type: 'application/gzip', octets: gzipSync(xml) }])
    const outer = `From: a@b.example\r\nSubject: Fwd\r\nContent-Type: message/rfc822\r\n\r\n${inner}`
    expect(await outcomes(outer)).toEqual(['a.gz: r-1'])
  })

  it('a message that is a report and nothing else', async () => {
    const body = gzipSync(xml).toString('base64')
    const head =
      'Subject: Report\r\nContent-Type: application/gzip; name=a.gz\r\nContent-Transfer-Encoding: base64'
    expect(await outcomes(`${head}\r\n\r\n${body}\r\n`)).toEqual(['a.gz: r-1'])
  })
})

describe('what cannot be read is refused by name', () => {
  const broken = zip(xml)
  broken.writeUInt8(0, 30 + '1.xml'.length + 20)
  const elsewhere = zip(xml)
  elsewhere.writeUInt32LE(3, elsewhere.length - 22 - '1.xml'.length - 4)
  const marked64 = zip(xml)
  marked64.writeUInt32LE(0xffffffff, marked64.length - 6)

  it.each<[string, string | Uint8Array, string[]]>([
    ['nothing', '', ['empty']],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]), ['not-a-report']],
    ['gzip that was cut off', gzipSync(xml).subarray(0, 60), ['gzip-damaged']],
    ['gzip of nothing', gzipSync(''), ['empty']],
    ['gzip of something else', gzipSync('hello there'), ['not-a-report']],
    ['gzip in gzip', gzipSync(gzipSync(xml)), ['archive-in-archive']],
    ['an archive in an archive', zip(zip(xml)), ['1.xml: archive-in-archive']],
    ['gzip in an archive', zip(gzipSync(xml)), ['1.xml: archive-in-archive']],
    ['an archive that was cut off', zip(xml).subarray(0, 200), ['zip-damaged']],
    ['an archive without entries', makeZip([]), ['empty']],
    ['an entry with an octet changed', broken, ['1.xml: zip-damaged']],
    [
      'an entry with another checksum',
      makeZip([{ name: 'a', content: xml, checksum: 7 }]),
      ['a: zip-damaged'],
    ],
    ['an encrypted entry', makeZip([{ name: 'a', content: xml, encrypted: true }]), ['a: zip-encrypted']],
    ['an entry packed in another way', makeZip([{ name: 'a', content: xml, method: 14 }]), ['a: zip-method']],
    ['an archive of the large kind', marked64, ['zip-64']],
    ['an archive of too many', zip(...Array.from({ length: 201 }, () => 'x')), ['too-many-entries']],
    [
      'a message without a report',
      'From: a@b.example\r\nSubject: Hello\r\n\r\nHow are you?\r\n',
      ['mail-without-report'],
    ],
    [
      'a message nested beyond sense',
      `${'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n'.repeat(60)}`,
      ['mail-unreadable'],
    ],
  ])('%s', async (_, content, expected) => {
    expect(await outcomes(content)).toEqual(expected)
  })
})

describe('a bomb costs no more than its bounds', () => {
  it('by its ratio', async () => {
    expect(await outcomes(gzipSync(zeros(8)))).toEqual(['inflates-too-far'])
    expect(await outcomes(zip(zeros(8)))).toEqual(['1.xml: inflates-too-far'])
  })

  it('by what it inflates to, however slowly', async () => {
    const noise = Buffer.from(Array.from({ length: 100_000 }, () => `${Math.random()}`).join(' '))
    const large = Buffer.concat(Array.from({ length: 8 }, () => noise))
    expect(large.length).toBeGreaterThan(limits.dmarcDocumentBytes)
    expect(await outcomes(gzipSync(large))).toEqual(['inflated-too-large'])
    expect(await outcomes(makeZip([{ name: 'a', content: large, stored: true }]))).toEqual(['file-too-large'])
  })

  it('by all its parts together, also when they share the same octets', async () => {
    const parts = Array.from({ length: 60 }, () => zeros(0.9))
    const told = await outcomes(zip(...parts))
    expect(told.slice(0, 33).every(one => one.endsWith('not-a-report'))).toBe(true)
    expect(told.at(-1)).toBe('60.xml: inflated-too-large')
  })

  it('by its size as it comes', async () => {
    expect(await outcomes(Buffer.alloc(limits.dmarcFileBytes + 1))).toEqual(['file-too-large'])
  })
})
