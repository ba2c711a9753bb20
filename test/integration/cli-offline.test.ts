import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '#shared/model/finding.ts'
import { startNsd } from '../helpers/nsd.ts'
import { cliZones } from './cli-zone.ts'

const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))
const noSockets = new URL('../helpers/no-sockets.ts', import.meta.url).href
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-offline-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Ended = { code: number | null; stdout: string; stderr: string }

async function run(flags: readonly string[], words: readonly string[], stdin = ''): Promise<Ended> {
  const { FORCE_COLOR: _force, ...env } = process.env
  const child = spawn(process.execPath, [...flags, main, ...words], { env })
  child.stdin.end(stdin)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

/** The command line where any use of a socket ends it with code 99. */
const offline = (words: readonly string[], stdin = '') => run(['--import', noSockets], words, stdin)
const online = (words: readonly string[]) => run([], words)

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const goodZone = `
$ORIGIN sunny.example.
$TTL 1h
@ SOA ns1 host 1 2h 30m 1w 5m
@ NS ns1
@ NS ns2
ns1 A 192.0.2.1
ns2 A 192.0.2.2
@ MX 10 mail
mail A 192.0.2.3
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@sunny.example"
`
const records = (stdout: string) =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))

test('the preload does end a process that asks the network', async () => {
  const ended = await offline(['audit', '--resolver', '127.0.0.1:9', 'example.com'])
  expect(ended).toMatchObject({ code: 99 })
  expect(ended.stderr).toContain('a socket was used')
})

describe('audit --zone', () => {
  test('audits the domains of the file without a socket', async () => {
    const path = await file('sunny.zone', goodZone)
    const ended = await offline(['audit', '--zone', path, '--json'])
    const [record, extra] = records(ended.stdout)
    expect(extra).toBeUndefined()
    expect(record).toMatchObject({
      domain: 'sunny.example',
      queries: 0,
      spf: { state: 'found', verdict: 'pass', lookups: 1, all: '-all' },
      dmarc: { policy: 'reject', foundAt: '_dmarc.sunny.example' },
      mx: {
        hosts: [{ preference: 10, host: 'mail.sunny.example', addresses: ['192.0.2.3'], state: 'found' }],
      },
      dkim: { state: 'absent' },
      ns: { hosts: ['ns1.sunny.example', 'ns2.sunny.example'] },
      unavailable: [],
    })
    const serious = record.findings.filter(({ severity }: Finding) => /critical|high|medium/.test(severity))
    expect(serious.map(({ code }: Finding) => code)).toEqual(['dkim.none-possible'])
    expect(ended).toMatchObject({ code: 1, stderr: '' })
  })

  test('names outside the file could not be looked up, and another --zone file may hold them', async () => {
    const path = await file('inc.zone', goodZone.replace('mx -all', 'include:_spf.provider.test -all'))
    const alone = await offline(['audit', '--zone', path, '--json'])
    expect(alone.code).toBe(3)
    expect(records(alone.stdout)[0].unavailable).toEqual([
      { name: '_spf.provider.test', type: 'TXT', reason: 'not-in-zone', server: 'inc.zone' },
    ])
    const other = await file('provider.zone', '_spf.provider.test. 60 TXT "v=spf1 ip4:192.0.2.0/24 -all"')
    const both = await offline(['audit', '-z', path, '-z', other, '--json', 'sunny.example'])
    expect(records(both.stdout)[0]).toMatchObject({ spf: { verdict: 'pass' }, unavailable: [] })
    expect(both.code).toBe(1)
  })

  test('makes the further checks that were asked for, and no others', async () => {
    const path = await file('few.zone', goodZone)
    const few = await offline(['audit', '--zone', path, '--json', '--more', 'tls-rpt'])
    expect(Object.keys(records(few.stdout)[0].checks)).toEqual([
      'ns',
      'mx',
      'spf',
      'dmarc',
      'dkim',
      'tls-rpt',
    ])
  })

  test('a file with mistakes is refused with line and column, and --skip-errors audits the rest', async () => {
    const path = await file('bad.zone', `${goodZone}broken 60 A 192.0.2.999\n_dmarc TXT "open\n`)
    const refused = await offline(['audit', '--zone', path])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain(`${path}:13:13: “192.0.2.999” is not an address of this type.`)
    expect(refused.stderr).toContain(`${path}:14:12: This quotation mark is not closed on its line.`)
    expect(refused.stderr).toContain('--skip-errors')
    const rest = await offline(['audit', '--zone', path, '--skip-errors', '--json'])
    expect(records(rest.stdout)[0]).toMatchObject({
      spf: { verdict: 'pass' },
      dmarc: { state: 'unavailable', verdict: 'unavailable' },
    })
    expect(rest.code).toBe(3)
    expect(rest.stderr).toContain('2 mistakes left out')
  })

  test('reads standard input, and names what is not there', async () => {
    const ended = await offline(['audit', '--zone', '-', '--json'], goodZone)
    expect(records(ended.stdout)[0].domain).toBe('sunny.example')
    const gone = await offline(['audit', '--zone', join(folder, 'gone.zone')])
    expect(gone).toMatchObject({ code: 2 })
    expect(gone.stderr).toContain('there is no such file')
  })

  test.each([
    ['two kinds of source', ['--zone', 'a', '--resolver', '127.0.0.1']],
    ['--skip-errors without a zone', ['--skip-errors', 'example.com']],
    ['a zone without a domain', ['--zone', '-']],
  ])('refuses %s', async (_what, words) => {
    const ended = await offline(['audit', ...words], '; nothing\n')
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(/^rookery: .+\n$/)
  })

  test('1,000 domains need no socket', async () => {
    const zones = Array.from({ length: 1_000 }, (_, index) => goodZone.replaceAll('sunny', `sunny${index}`))
    const path = await file('many.zone', zones.join('\n'))
    const ended = await offline(['audit', '--zone', path, '--json'])
    expect(ended).toMatchObject({ code: 1, stderr: '' })
    const audited = records(ended.stdout)
    expect(new Set(audited.map(record => record.domain)).size).toBe(1_000)
    expect(audited.every(record => record.spf.verdict === 'pass' && record.queries === 0)).toBe(true)
  })
})

describe('snapshots', () => {
  test('the same lines come again, byte for byte, without a socket', async () => {
    const path = await file('snap.zone', goodZone)
    const kept = join(folder, 'kept.json')
    const first = await offline(['audit', '--zone', path, '--save-snapshot', kept, '--json'])
    const again = await offline(['audit', '--snapshot', kept, '--json'])
    expect(again).toEqual(first)
    expect(JSON.parse(await readFile(kept, 'utf8'))).toMatchObject({ format: 'rookery-snapshot', version: 1 })
    // Saving what was replayed keeps everything but the time it was saved at.
    const copied = join(folder, 'copied.json')
    await offline(['audit', '--snapshot', kept, '--save-snapshot', copied])
    const { savedAt: _a, checksum: _b, ...original } = JSON.parse(await readFile(kept, 'utf8'))
    const { savedAt: _c, checksum: _d, ...copy } = JSON.parse(await readFile(copied, 'utf8'))
    expect(copy).toEqual(original)
  })

  test('a damaged one, one of another version and something else are refused', async () => {
    const path = await file('damage.zone', goodZone)
    const kept = join(folder, 'damage.json')
    await offline(['audit', '--zone', path, '--save-snapshot', kept])
    const whole = await readFile(kept, 'utf8')
    const cases: [string, RegExp][] = [
      [whole.replace('p=reject', 'p=none'), /changed or damaged/],
      [whole.slice(0, -200), /not a snapshot/],
      [whole.replace('"version":1', '"version":7'), /has version 7; this Rookery reads version 1/],
      ['{}', /not a snapshot/],
    ]
    for (const [content, says] of cases) {
      const ended = await offline(['audit', '--snapshot', await file('case.json', content)])
      expect(ended).toMatchObject({ code: 2, stdout: '' })
      expect(ended.stderr).toMatch(says)
    }
  })

  test('a domain it does not hold could not be looked up', async () => {
    const path = await file('one.zone', goodZone)
    const kept = join(folder, 'one.json')
    await offline(['audit', '--zone', path, '--save-snapshot', kept])
    const ended = await offline(['audit', '--snapshot', kept, '--json', 'other.example'])
    expect(ended.code).toBe(3)
    expect(records(ended.stdout)[0]).toMatchObject({
      spf: { state: 'unavailable' },
      findings: [],
      score: null,
    })
  })

  test('one that cannot be written is said, and nothing half is left', async () => {
    const path = await file('unwritten.zone', goodZone)
    const ended = await offline([
      'audit',
      '--zone',
      path,
      '--save-snapshot',
      join(folder, 'no', 'such.json'),
      '--json',
    ])
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('there is no such file')
    expect(records(ended.stdout)).toHaveLength(1)
  })
})

const zoneTexts = cliZones()
const nsd = await startNsd({ zones: zoneTexts })
if (nsd === null) console.warn('skipped: zone files against NSD, because nsd is not installed')
afterAll(() => nsd?.stop())

/** What depends on the way the answers came, not on what they say. */
const settled = (record: Record<string, unknown>) => ({ ...record, startedAt: 0, tookMs: 0, queries: 0 })

describe.runIf(nsd !== null)('against a real server on the same zones', () => {
  const domains = ['clean.example', 'faulty.example', 'null.example', 'bare.example', 'mail.clean.example']
  test('the files say what the server says, and a snapshot of the server says it again', async () => {
    const zones: string[] = []
    for (const [index, content] of Object.values(zoneTexts).entries()) {
      zones.push('--zone', await file(`nsd-${index}.zone`, content))
    }
    const kept = join(folder, 'nsd.json')
    const words = ['--json', '--concurrency', '1', ...domains]
    const served = await online([
      'audit',
      '--resolver',
      `127.0.0.1:${nsd?.port}`,
      '--save-snapshot',
      kept,
      // What files cannot hold.
      '--no-direct',
      '--no-https',
      '--no-smtp',
      ...words,
    ])
    const read = await offline(['audit', ...zones, ...words])
    expect(records(read.stdout).map(settled)).toEqual(records(served.stdout).map(settled))
    expect(read.code).toBe(served.code)
    const replayed = await offline(['audit', '--snapshot', kept, ...words])
    expect(replayed.stdout).toBe(served.stdout)
    expect(replayed.code).toBe(served.code)
  })
})
