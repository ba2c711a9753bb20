import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createInProcessClient } from '#engine/in-process.ts'
import { parseZoneFile } from '#engine/net/zone-file.ts'
import { openWorkspaces, type Workspaces } from '#engine/workspaces.ts'
import { failureOf, snapshot, until, valueOf } from '../helpers/engine.ts'
import { memoryKeychain, realClock, temporaryFolder, testLog } from '../helpers/platform.ts'

const zonePath = join(import.meta.dirname, '../../resources/demo.zone')
let folder = temporaryFolder()
let open: Workspaces | null = null
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  await open?.stop()
  open = null
  folder.remove()
})

async function start(first: 'own' | 'demo', demoZone = () => readFile(zonePath, 'utf8')) {
  let switches = 0
  const opened = await openWorkspaces({
    platform: {
      dataDir: folder.path,
      build: 'test',
      clock: realClock,
      log: testLog(),
      host: { opensLinks: 'page', titleBarInset: { left: 0, right: 0 } },
      keychain: memoryKeychain(),
      notify: () => undefined,
      openExternal: async () => ({ ok: true, value: null }),
    },
    first,
    dnsOnly: true,
    demoZone,
    onSwitch: () => {
      switches += 1
    },
  })
  const workspaces = valueOf(opened)
  open = workspaces
  workspaces.start()
  /** A window that has just connected. */
  const client = () => createInProcessClient(workspaces.router())
  return { client, switches: () => switches, stop: workspaces.stop }
}

test('the zone file of the demo is without a mistake', () => {
  expect(parseZoneFile(readFileSync(zonePath, 'utf8')).problems).toEqual([])
})

describe('the demo', () => {
  test('fills itself with domains of every kind, and asks nobody', async () => {
    const { client } = await start('demo')
    const hello = valueOf(await client().host.hello({ build: 'test' }))
    expect(hello.host).toMatchObject({ workspace: 'demo', dataFolder: join(folder.path, 'demo') })
    const domains = async () => (await snapshot(client())).domains()
    await until(async () => (await domains()).every(domain => domain.checkedAt !== null && !domain.checking))
    const all = await domains()
    expect(all.length).toBeGreaterThanOrEqual(12)
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['verified', 'failed', 'pending']))
    expect(all.filter(({ score }) => score === null).map(({ name }) => name)).toEqual([
      'greyfriars-school.example',
    ])
    expect(all.find(({ name }) => name === 'harbour-bakery.example')?.score).toBe(100)
    expect(valueOf(await client().settings.networkLog())).toEqual([])
  })

  test('shows what the blacklists say: every list works, one domain is listed and alerts, the others are not', async () => {
    const { client } = await start('demo')
    const domains = (await snapshot(client())).domains()
    const listed = domains.filter(({ listings }) => listings !== 0)
    expect(listed).toMatchObject([{ name: 'lantern-press.example', listings: 2 }])
    expect(listed[0]?.listedOn).toEqual([
      { zone: 'zen.spamhaus.org', name: 'Spamhaus ZEN', targets: ['192.0.2.81'], points: 25 },
      { zone: 'bl.spamcop.net', name: 'SpamCop', targets: ['192.0.2.81'], points: 10 },
    ])
    const report = valueOf(await client().blacklists.report({ id: listed[0]?.id ?? '' }))
    const zen = report?.targets
      .find(({ role }) => role === 'sending-ip')
      ?.lists.find(({ zone }) => zone === 'zen.spamhaus.org')
    expect(zen).toMatchObject({ state: 'listed', text: expect.stringContaining('Made up for the demo') })
    for (const { id } of domains) {
      const seen = valueOf(await client().blacklists.report({ id }))
      const states = seen?.targets.flatMap(({ lists }) => lists.map(({ state }) => state)) ?? []
      expect(states.length).toBeGreaterThan(0)
      expect(states.filter(state => state !== 'listed' && state !== 'not-listed')).toEqual([])
    }
    const alerts = [...(await snapshot(client())).rows.values()].flatMap(row =>
      row.table === 'alerts' ? [row.row] : [],
    )
    expect(alerts.map(({ code, domain }) => `${code} ${domain}`)).toEqual([
      'blacklist.listed lantern-press.example',
      'blacklist.listed lantern-press.example',
    ])
    expect(valueOf(await client().settings.networkLog())).toEqual([])
  })

  test('opens no socket', async () => {
    const main = new URL('../helpers/open-demo.ts', import.meta.url)
    const noSockets = new URL('../helpers/no-sockets.ts', import.meta.url)
    const ended = spawnSync(
      process.execPath,
      ['--import', noSockets.href, fileURLToPath(main), folder.path],
      {
        encoding: 'utf8',
      },
    )
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(ended.stdout)).toMatchObject({ checked: 13, listed: 2, contacts: 0 })
  })

  test('does not touch the own data folder', async () => {
    await start('demo')
    expect(existsSync(join(folder.path, 'rookery.db'))).toBe(false)
    expect(existsSync(join(folder.path, 'demo', 'rookery.db'))).toBe(true)
  })
})

const missing = async () => {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
}

describe('switching', () => {
  test('leads to the demo and back, to the same data as before', async () => {
    const { client, switches } = await start('own')
    const before = client()
    const { dataId } = valueOf(await before.host.hello({ build: 'test' }))
    valueOf(await before.domains.add({ input: 'mine.example' }))
    valueOf(await before.host.openWorkspace({ workspace: 'own' }))
    expect(valueOf(await client().host.hello({ build: 'test' })).dataId).toBe(dataId)

    valueOf(await before.host.openWorkspace({ workspace: 'demo' }))
    const demo = valueOf(await client().host.hello({ build: 'test' }))
    expect(demo.host.workspace).toBe('demo')
    expect(demo.dataId).not.toBe(dataId)
    await until(() => switches() === 1)

    valueOf(await client().host.openWorkspace({ workspace: 'own' }))
    expect(valueOf(await client().host.hello({ build: 'test' }))).toMatchObject({
      dataId,
      host: { workspace: 'own', dataFolder: folder.path },
    })
    await until(() => switches() === 2)
    const names = (await snapshot(client())).domains().map(({ name }) => name)
    expect(names).toEqual(['mine.example'])
  })

  test('that fails leaves everything as it is', async () => {
    const { client, switches } = await start('own', missing)
    const failed = await client().host.openWorkspace({ workspace: 'demo' })
    expect(failureOf(failed)).toMatchObject({ code: 'data-folder-unwritable', detail: { file: 'demo.zone' } })
    expect(valueOf(await client().host.hello({ build: 'test' })).host.workspace).toBe('own')
    expect(switches()).toBe(0)
  })

  test('ends with both folders free when the host stops at once', async () => {
    const { client, stop } = await start('own')
    valueOf(await client().host.openWorkspace({ workspace: 'demo' }))
    await stop()
    const again = await start('own')
    expect(valueOf(await again.client().host.hello({ build: 'test' })).host.workspace).toBe('own')
  })
})
