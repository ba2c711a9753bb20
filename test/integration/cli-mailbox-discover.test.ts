import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DnsServer, startDnsServer } from '../helpers/dns-server.ts'

const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))
const noSockets = new URL('../helpers/no-sockets.ts', import.meta.url).href
let folder = ''
let zone = ''
let dns: DnsServer
let dead: DnsServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-discover-'))
  zone = join(folder, 'example.com.zone')
  await writeFile(
    zone,
    `$ORIGIN example.com.
$TTL 1h
@ SOA ns1 host 1 2h 30m 1w 5m
@ NS ns1
@ MX 10 mx1
_submissions._tcp SRV 0 1 465 smtp
_imaps._tcp SRV 0 1 993 imap
`,
  )
  dns = await startDnsServer(question =>
    question.type === 'MX'
      ? {
          answers: [
            { name: question.name, type: 'MX', data: { preference: 1, exchange: 'smtp.google.com' } },
          ],
        }
      : { rcode: 3, authorities: [] },
  )
  dead = await startDnsServer(() => ({ rcode: 2 }))
})
afterAll(async () => {
  await dns.close()
  await dead.close()
  await rm(folder, { recursive: true, force: true })
})

async function discover(words: readonly string[], flags: readonly string[] = []) {
  const { FORCE_COLOR: _force, ...env } = process.env
  const child = spawn(process.execPath, [...flags, main, 'mailbox', 'discover', ...words], { env })
  child.stdin.end()
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: code as number | null, stdout, stderr }
}

/** The command where any use of a socket ends it with code 99. */
const offline = (words: readonly string[]) => discover([...words, '--zone', zone], ['--import', noSockets])
const local = (server: DnsServer) => ['--resolver', `127.0.0.1:${server.port}`, '--no-https', '--no-probe']

describe('rookery mailbox discover', () => {
  it('names each mistake of a zone file on a line of its own', async () => {
    const broken = join(folder, 'broken.zone')
    await writeFile(broken, '$ORIGIN example.com.\n@ 1h IN A 192.0.2.300\n@ 1h IN MX ten mx1\n')
    const { code, stdout, stderr } = await discover(
      ['anna@example.com', '--zone', broken],
      ['--import', noSockets],
    )
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    const lines = stderr.trimEnd().split('\n')
    expect(lines.filter(line => /broken\.zone:2\b/.test(line))).toHaveLength(1)
    expect(lines.filter(line => /broken\.zone:3\b/.test(line))).toHaveLength(1)
  })

  it('finds servers in a zone file, and says so to people and programs', async () => {
    const shown = await offline(['anna@example.com'])
    expect(shown).toMatchObject({ code: 0, stderr: '' })
    expect(shown.stdout).toContain('SMTP  smtp.example.com:465 (TLS)')
    const { code, stdout } = await offline(['anna@example.com', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      address: 'anna@example.com',
      chosen: { source: 'srv', imap: { host: 'imap.example.com', port: 993, security: 'tls' } },
    })
  })

  it('knows providers without a network, with their rules in words', async () => {
    const { code, stdout } = await offline(['anna@outlook.com', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      provider: { id: 'outlook-com' },
      chosen: { authentication: ['oauth'] },
      rules: expect.arrayContaining([
        expect.objectContaining({ code: 'oauth-only', title: expect.any(String), text: expect.any(String) }),
      ]),
    })
  })

  it('tells "could not look" (3) from "nothing there" (1)', async () => {
    const outside = await offline(['anna@example.net'])
    expect(outside.code).toBe(3)
    expect(outside.stdout).toContain('Could not look at')
    expect((await offline(['anna@tuta.com'])).code).toBe(1)
  })

  it('asks the DNS server it is given', async () => {
    const { code, stdout } = await discover(['anna@example.com', '--json', ...local(dns)])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ provider: { id: 'google' }, chosen: { source: 'mx' } })
    expect((await discover(['anna@example.com', ...local(dead)])).code).toBe(3)
  })

  it.each([
    ['anna', 'There is no @ sign'],
    ['anna@exa mple.com', 'There is a space inside the address'],
    ['anna@com', 'is an ending that many domains share'],
  ])('refuses %j as usage', async (address, sentence) => {
    const { code, stdout, stderr } = await offline([address])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(sentence)
  })
})
