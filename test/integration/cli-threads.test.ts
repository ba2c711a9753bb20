import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { startDnsServer } from '../helpers/dns-server.ts'
import { startNsd } from '../helpers/nsd.ts'
import { cliZones } from './cli-zone.ts'

const nsd = await startNsd({ zones: cliZones() })
if (nsd === null) console.warn('skipped: long lists against NSD, because nsd is not installed')
const silent = await startDnsServer(() => 'drop')
const folder = await mkdtemp(join(tmpdir(), 'rookery-threads-'))
afterAll(async () => {
  await nsd?.stop()
  await silent.close()
  await rm(folder, { recursive: true, force: true })
})

const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))
const nothingElse = ['--no-direct', '--no-https', '--no-smtp']
const known = ['clean.example', 'faulty.example']
/** Long enough for threads. */
const names = [...known, ...Array.from({ length: 220 }, (_, index) => `gone-${index}.example`)]
const list = join(folder, 'names')
await writeFile(list, `${names.join('\n')}\n`)

function start(words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [main, 'audit', ...nothingElse, ...words])
}

async function ended(child: ChildProcess) {
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'close'),
  ])
  return { code: code as number | null, stdout, stderr }
}

/** What differs from run to run is left out, and where a name stands in a list. */
function linesOf(stdout: string): Map<string, object> {
  const lines = stdout.split('\n').slice(0, -1)
  return new Map(
    lines.map(line => {
      const {
        startedAt: _at,
        tookMs: _took,
        queries: _asked,
        file: _file,
        line: _line,
        ...rest
      } = JSON.parse(line)
      return [rest.domain, rest]
    }),
  )
}

async function dkimOf(words: readonly string[]) {
  const { code, stdout } = await ended(start(['--json', '--more', 'none', '--no-dkim-search', ...words]))
  return { code, lines: [...linesOf(stdout).values()] as { dkim: object; unavailable: object[] }[] }
}

describe.runIf(nsd !== null)('a long list', () => {
  const resolver = `127.0.0.1:${nsd?.port ?? 0}`

  it('is told like a short one, each name once', async () => {
    const long = await ended(start(['--resolver', resolver, '--json', '--file', list]))
    const short = await ended(start(['--resolver', resolver, '--json', ...known, 'gone-7.example']))
    expect(long).toMatchObject({ code: 1, stderr: '' })
    const lines = linesOf(long.stdout)
    expect([...lines.keys()].toSorted()).toEqual(names.toSorted())
    expect(long.stdout.split('\n')).toHaveLength(names.length + 1)
    for (const [domain, line] of linesOf(short.stdout)) expect(lines.get(domain)).toEqual(line)
  })

  it('leaves DKIM alone when it is told to, like a short one, and is complete', async () => {
    const unknown = { state: 'unavailable', verdict: 'unavailable', tried: 0, selectors: [] }
    for (const words of [['--file', list], known]) {
      const { code, lines } = await dkimOf(['--resolver', resolver, ...words])
      expect(code).toBe(1)
      expect(lines.length).toBeGreaterThanOrEqual(known.length)
      for (const line of lines) expect(line).toMatchObject({ dkim: unknown, unavailable: [] })
    }
  })

  it('is printed for people in its own order, and saved whole', async () => {
    const saved = join(folder, 'saved')
    const { code, stdout } = await ended(
      start(['--resolver', resolver, '--file', list, '--save-snapshot', saved]),
    )
    expect(code).toBe(1)
    const places = names.map(name => stdout.indexOf(name))
    expect(places.every((place, index) => place > (places[index - 1] ?? -1))).toBe(true)
    const replayed = await ended(
      spawn(process.execPath, [main, 'audit', '--snapshot', saved, '--json', 'faulty.example']),
    )
    const asked = await ended(start(['--resolver', resolver, '--json', 'faulty.example']))
    expect(linesOf(replayed.stdout)).toEqual(linesOf(asked.stdout))
    expect(await readFile(saved, 'utf8')).toContain('gone-219.example')
  })
})

it('a long list with a resolver that is none is refused like a short one', async () => {
  const long = await ended(start(['--resolver', 'no-address', '--file', list]))
  expect(long).toEqual(await ended(start(['--resolver', 'no-address', 'clean.example'])))
  expect(long.code).toBe(2)
})

it('a long list ends at once when it is interrupted', async () => {
  const child = start(['--resolver', `127.0.0.1:${silent.port}`, '--json', '--file', list])
  while (silent.questions.length === 0) await new Promise(resolve => setTimeout(resolve, 20))
  child.kill('SIGINT')
  expect(await ended(child)).toMatchObject({ code: 130, stdout: '' })
})
