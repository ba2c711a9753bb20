import { gzipSync } from 'node:zlib'
import { assert, asyncProperty, constantFrom, integer, nat, record, string, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readReportFile } from '#engine/dmarc-reports/read-report-file.ts'
import { reportRefusals } from '#shared/model/dmarc-report.ts'
import { cpuTime } from '../../helpers/cpu-time.ts'
import { bySendgrid, forged, makeZip, passing, reportMail, reportXml } from '../../helpers/dmarc-reports.ts'

const now = Date.UTC(2026, 10, 22)
const xml = reportXml({ records: [passing, bySendgrid, forged] })
const packed: readonly Uint8Array[] = [
  Buffer.from(xml),
  gzipSync(xml),
  makeZip([
    { name: 'a.xml', content: xml },
    { name: 'b.xml', content: xml, stored: true },
  ]),
  Buffer.from(reportMail([{ name: 'a.gz', type: 'application/gzip', octets: gzipSync(xml) }])),
]

/** Whatever it was given, it says something sound about it. */
async function holds(octets: Uint8Array): Promise<void> {
  const parts = await readReportFile(octets, now)
  expect(parts.length).toBeGreaterThan(0)
  for (const part of parts) {
    if (!part.ok) {
      expect(reportRefusals).toContain(part.code)
      continue
    }
    const { rows, domain, beginsAt, endsAt } = part.report
    expect(rows.length).toBeGreaterThan(0)
    expect(domain).toMatch(/^[a-z0-9_.-]{3,253}$/)
    expect(endsAt).toBeGreaterThanOrEqual(beginsAt)
    for (const { messages, headerFrom, ip } of rows) {
      expect(Number.isSafeInteger(messages) && messages > 0).toBe(true)
      expect(headerFrom).toMatch(/^[a-z0-9_.-]{3,253}$/)
      expect(ip).toMatch(/^[0-9a-f.:]+$/)
    }
  }
}

describe('hostile input', () => {
  it('of any octets', async () => {
    await assert(asyncProperty(uint8Array({ maxLength: 2_000 }), holds), { numRuns: 300 })
  })

  it('of any octets after the beginning of an archive', async () => {
    const start = constantFrom([0x1f, 0x8b, 8, 0], [0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6])
    await assert(
      asyncProperty(start, uint8Array({ maxLength: 500 }), (first, rest) =>
        holds(Uint8Array.from([...first, ...rest])),
      ),
      { numRuns: 300 },
    )
  })

  it('of real files with octets changed, taken out or put twice', async () => {
    const change = record({
      file: nat(packed.length - 1),
      at: nat(),
      length: integer({ min: 0, max: 40 }),
      octet: nat(255),
    })
    await assert(
      asyncProperty(
        change,
        constantFrom('set', 'cut', 'repeat', 'end'),
        async ({ file, at, length, octet }, how) => {
          const octets = Buffer.from(packed[file] ?? [])
          const from = at % octets.length
          const head = octets.subarray(0, from)
          const middle = octets.subarray(from, from + length)
          const tail = octets.subarray(from + length)
          if (how === 'set') octets.fill(octet, from, Math.min(octets.length, from + length))
          await holds(
            how === 'set'
              ? octets
              : how === 'cut'
                ? Buffer.concat([head, tail])
                : how === 'repeat'
                  ? Buffer.concat([head, middle, middle, tail])
                  : head,
          )
        },
      ),
      { numRuns: 600 },
    )
  })

  it('of any text inside the elements', async () => {
    await assert(
      asyncProperty(
        string({ unit: 'binary', maxLength: 200 }),
        constantFrom('org_name', 'report_id', 'domain', 'count', 'source_ip', 'begin', 'header_from'),
        (text, name) =>
          holds(Buffer.from(xml.replaceAll(new RegExp(`<${name}>[^<]*</`, 'g'), () => `<${name}>${text}</`))),
      ),
      { numRuns: 300 },
    )
  })

  it.each([
    ['elements that never end', '<feedback>'.repeat(200_000)],
    ['a mark that never ends', `<feedback ${'a="b" '.repeat(900_000)}`],
    ['comments that never end', `<feedback>${'<!--'.repeat(200_000)}`],
    ['character data that never ends', `<feedback>${'<![CDATA['.repeat(200_000)}`],
    ['instructions that never end', `<feedback>${'<?a '.repeat(200_000)}`],
    ['ends without beginnings', `<feedback>${'</a>'.repeat(200_000)}`],
    ['marks within marks', '<'.repeat(900_000)],
    ['ampersands', `<feedback>${'&'.repeat(5_000_000)}</feedback>`],
    ['a declaration without an end', `<?xml ${'encoding='.repeat(900_000)}`],
    ['a header without an end', `a:${' b'.repeat(4_000_000)}`],
    ['headers without an end', 'a: b\r\n'.repeat(1_000_000)],
    ['names of objects', '<__proto__><constructor><toString/></constructor></__proto__>'],
    [
      'names of objects in a report',
      xml.replaceAll('org_name', '__proto__').replaceAll('email', 'constructor'),
    ],
  ])('of %s, in bounded time', async (_, text) => {
    const tookMs = cpuTime()
    await holds(Buffer.from(text))
    expect(tookMs()).toBeLessThan(10_000)
  })
})
