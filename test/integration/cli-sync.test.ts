import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { canary, sweepText } from '../helpers/canary.ts'
import { valueOf } from '../helpers/engine.ts'
import { closedOutside } from '../helpers/around.ts'
import { temporaryFolder, testPlatform } from '../helpers/platform.ts'
import { endTenantWorlds, tenantToken, tenantWorld } from '../helpers/tenant.ts'
import { testDns } from '../helpers/zone-resolver.ts'

const main = fileURLToPath(new URL('../../src-main/cli/main.ts', import.meta.url))
const passphrase = canary('vault-passphrase')

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  expect(await endTenantWorlds()).toEqual([])
  folder.remove()
})

/** Runs a verb on the folder with these lines on its standard input. */
async function sync(words: readonly string[], ...lines: readonly string[]) {
  const { FORCE_COLOR: _force, ...env } = process.env
  const child = spawn(process.execPath, [main, 'sync', ...words, '--data-dir', folder.path], { env })
  child.stdin.end(lines.map(line => `${line}\n`).join(''))
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  expect(sweepText(stdout + stderr, 'what was printed')).toEqual([])
  return { code: code as number | null, stdout, stderr }
}

/** Does something on the folder as the app would. */
async function asApp<T>(work: (client: InProcessClient) => Promise<T>): Promise<T> {
  const platform = testPlatform({ dataDir: folder.path })
  const engine = valueOf(await createEngine(platform, testDns().makeResolver, () => closedOutside()))
  try {
    return await work(createInProcessClient(engine.router))
  } finally {
    await engine.stop()
  }
}

const withPassphrase = () =>
  asApp(async client => {
    valueOf(await client.vault.usePassphrase({ passphrase }))
    valueOf(await client.domains.add({ input: 'here.example.com' }))
  })

const connectTo = (url: string) => [
  'connect',
  '--url',
  url,
  '--tenant',
  'tenant-1',
  '--token-stdin',
  '--passphrase-stdin',
]

describe('rookery sync', () => {
  it('connects, synchronises and tells how it stands', async () => {
    const { server } = await tenantWorld()
    server.state().put('there.example.com', { tags: ['north'] })
    await withPassphrase()
    const connected = await sync(connectTo(`${server.url}/api/v1/`), passphrase, tenantToken)
    expect(connected.stderr).toBe('')
    expect(connected.code).toBe(0)
    const now = await sync(['now', '--passphrase-stdin', '--json'], passphrase)
    const lines = now.stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(now.code, now.stderr).toBe(0)
    expect(lines.at(-1)).toMatchObject({ state: 'up-to-date', baseUrl: server.url, waiting: 0, outbox: [] })
    expect(lines.slice(0, -1).every(line => 'event' in line)).toBe(true)
    expect(server.state().find('here.example.com')).not.toBeNull()
    const there = await asApp(client => client.domains.inspect({ input: 'there.example.com' }))
    expect(valueOf(there).alreadyAdded).toBe(true)

    const status = await sync(['status', '--json', '--passphrase-stdin'], passphrase)
    expect(JSON.parse(status.stdout)).toMatchObject({ state: 'up-to-date', tenantId: 'tenant-1' })
    expect(status.code).toBe(0)
    expect(await sync(['conflicts'])).toMatchObject({ code: 0, stdout: 'There is no conflict.\n' })
  })

  it('keeps no connection that did not answer, and says why', async () => {
    const { server } = await tenantWorld()
    await withPassphrase()
    const wrong = await sync(connectTo(server.url), passphrase, canary('wrong-token'))
    expect(wrong).toMatchObject({ code: 3, stdout: '' })
    expect(wrong.stderr).toContain('does not accept the token')
    const plain = await sync(connectTo('http://api.example.com'), passphrase, tenantToken)
    expect(plain.code).toBe(2)
    expect(plain.stderr).toContain('over https')
    expect(JSON.parse((await sync(['status', '--json'])).stdout)).toMatchObject({ state: 'not-connected' })
    const now = await sync(['now', '--json'])
    expect(now.code).toBe(2)
    expect(JSON.parse(now.stdout)).toMatchObject({ failure: { code: 'tenant-not-connected' } })
  })

  it('tells that the server is away, and what waits', async () => {
    const { server } = await tenantWorld()
    await withPassphrase()
    await sync(connectTo(server.url), passphrase, tenantToken)
    await server.stop()
    const now = await sync(['now', '--passphrase-stdin', '--json'], passphrase)
    expect(now.code).toBe(3)
    expect(JSON.parse(now.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      state: 'offline',
      failure: { code: 'tenant-unreachable' },
    })
    const status = await sync(['status'])
    expect(status.code).toBe(3)
    expect(status.stdout).toContain(server.url)
  })

  it('takes secrets from standard input alone', async () => {
    const { server } = await tenantWorld()
    await withPassphrase()
    expect(await sync(connectTo(server.url), passphrase)).toMatchObject({ code: 2 })
    expect((await sync(['connect', '--url', server.url, '--tenant', 't', '--token-stdin'])).code).toBe(2)
    const refused = await sync(['now', '--passphrase-stdin'], canary('wrong-passphrase'))
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('not the passphrase') })
    expect(server.requests).toEqual([])
  })

  it('leaves a folder alone that somebody works on, or that is not there', async () => {
    await asApp(async () => {
      const status = await sync(['status'])
      expect(status.code).toBe(2)
      expect(status.stderr).toContain(`process ${process.pid}`)
    })
    folder.remove()
    expect(await sync(['status'])).toMatchObject({ code: 2 })
    expect(existsSync(join(folder.path, 'rookery.db'))).toBe(false)
  })
})
