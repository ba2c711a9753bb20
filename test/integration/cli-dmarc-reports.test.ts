import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bySendgrid, forwarded, makeZip, passing, reportXml } from '../helpers/dmarc-reports.ts'
import { temporaryFolder } from '../helpers/platform.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeAll(async () => {
  folder = temporaryFolder()
  const files = {
    'good.xml.gz': gzipSync(reportXml({ records: [passing, forwarded] })),
    'two.zip': makeZip([
      { name: 'a.xml', content: reportXml({ reportId: 'r-2', records: [bySendgrid] }) },
      { name: 'b.xml', content: reportXml({ reportId: 'r-1' }) },
    ]),
    'bomb.gz': gzipSync(Buffer.alloc(9_000_000)),
  }
  for (const [name, octets] of Object.entries(files)) await writeFile(join(folder.path, name), octets)
})
afterAll(() => folder.remove())

function rookery(words: readonly string[], input?: Uint8Array) {
  return new Promise<{ code: number | null; out: string; err: string }>(resolve => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../../src-main/cli/main.ts'), 'dmarc-reports', ...words],
      { cwd: folder.path, stdio: 'pipe', env: { ...process.env, NO_COLOR: '1' } },
    )
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
    child.once('close', code => resolve({ code, ...said }))
    child.stdin.end(input)
  })
}
const linesOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)

describe('rookery dmarc-reports', () => {
  it('tells each file, each record and each domain as JSON', async () => {
    const { code, out, err } = await rookery(['--json', 'good.xml.gz', 'two.zip'])
    expect([code, err]).toEqual([1, ''])
    const lines = linesOf(out)
    expect(lines.map(({ kind, state }) => `${kind} ${state ?? ''}`.trim())).toEqual([
      'file read',
      'row',
      'row',
      'file read',
      'row',
      'file duplicate',
      'summary',
    ])
    expect(lines[1]).toMatchObject({
      domain: 'example.com',
      reportId: 'r-1',
      ip: '198.51.100.25',
      messages: 10,
      spfAligned: true,
      headerFrom: 'example.com',
    })
    expect(lines.at(-1)).toMatchObject({ domain: 'example.com', reports: 2, messages: 17, aligned: 13 })
  })

  it('says in words who sends and what to do', async () => {
    const { code, out } = await rookery(['two.zip', 'good.xml.gz'])
    expect(code).toBe(1)
    expect(out).toContain('two.zip: a.xml: Read: 4 messages of example.com, reported by Receiver Example.')
    expect(out).toContain('example.com  2026-11-20  2 reports, 14 messages, 71.4 % pass DMARC')
    expect(out).toContain('  SendGrid: 4 messages, 0 % pass. Signed for another domain.')
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'DKIM passes for sendgrid.net, which is not the domain in From.',
    )
  })

  it('ends with 0 when everything passes, also what was passed on', async () => {
    expect((await rookery(['good.xml.gz'])).code).toBe(0)
    expect((await rookery(['-', '--json'], Buffer.from(reportXml()))).code).toBe(0)
  })

  it('ends with 2 for a file that cannot be read, and reads the others', async () => {
    const bomb = await rookery(['bomb.gz', 'good.xml.gz', '--json'])
    expect(bomb.code).toBe(2)
    expect(linesOf(bomb.out)[0]).toMatchObject({
      state: 'refused',
      code: 'inflates-too-far',
      file: 'bomb.gz',
    })
    expect(linesOf(bomb.out).at(-1)).toMatchObject({ kind: 'summary', messages: 13 })
    const missing = await rookery(['gone.xml', 'two.zip'])
    expect(missing.code).toBe(2)
    expect(missing.err).toMatch(/^rookery: gone\.xml: /)
    expect(missing.out).toContain('SendGrid')
  })
})
