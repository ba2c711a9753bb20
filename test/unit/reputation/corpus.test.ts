import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readMailReport } from '#engine/reputation/bounces.ts'
import type { MailReport } from '#shared/model/mail-report.ts'

const folder = new URL('../../fixtures/mail-reports/', import.meta.url)
const expected: Record<string, MailReport> = JSON.parse(
  readFileSync(new URL('expected.json', folder), 'utf8'),
)
const names = readdirSync(folder)
  .filter(name => name.endsWith('.eml'))
  .map(name => name.slice(0, -4))

function octetsOf(name: string): Buffer {
  return readFileSync(new URL(`${name}.eml`, folder))
}

/** As it comes over the wire; the files have the ends of lines of this repository. */
function withCrlf(octets: Buffer): Buffer {
  return Buffer.from(octets.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
}

describe('the corpus of reports', () => {
  test('each message has an expectation, and each expectation a message', () => {
    expect(Object.keys(expected).toSorted()).toEqual(names.toSorted())
  })

  test.each(Object.entries(expected))('%s', async (name, report) => {
    expect(await readMailReport(octetsOf(name))).toEqual(report)
    expect(await readMailReport(withCrlf(octetsOf(name)))).toEqual(report)
  })

  test('with 50 MB returned, the report at the front says all the same', { timeout: 120_000 }, async () => {
    for (const name of ['gmail'] as const) {
      const text = octetsOf(name).toString().replace('Yes, at noon.', 'Yes, at noon.\n'.repeat(3_600_000))
      expect(await readMailReport(Buffer.from(text)), name).toEqual(expected[name])
    }
  })

  test('cut off anywhere, it is what it was or nothing', async () => {
    for (const name of ['gmail', 'postfix', 'arf-microsoft', 'international'] as const) {
      const octets = octetsOf(name)
      for (let end = 0; end < octets.length; end += 97) {
        const { kind } = await readMailReport(octets.subarray(0, end))
        // Before its parts begin, only the headers tell that no person wrote it.
        expect(['none', 'auto-reply', expected[name]?.kind], `${name} ${end}`).toContain(kind)
      }
    }
  })
})
