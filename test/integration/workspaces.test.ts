import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createInProcessClient } from '#engine/in-process.ts'
import { parseZoneFile } from '#engine/net/zone-file.ts'
import { openWorkspaces, type Workspaces } from '#engine/workspaces.ts'
import { canary } from '../helpers/canary.ts'
import { failureOf, readToEnd, snapshot, until, valueOf } from '../helpers/engine.ts'
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
  const keychain = memoryKeychain()
  const opened = await openWorkspaces({
    platform: {
      dataDir: folder.path,
      build: 'test',
      clock: realClock,
      log: testLog(),
      host: { opensLinks: 'page', titleBarInset: { left: 0, right: 0 } },
      keychain,
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
  return { client, keychain, switches: () => switches, stop: workspaces.stop }
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
    const listings = alerts.filter(({ code }) => code === 'blacklist.listed')
    expect(listings.map(({ code, about }) => `${code} ${about}`)).toEqual([
      'blacklist.listed lantern-press.example',
      'blacklist.listed lantern-press.example',
    ])
    expect(valueOf(await client().settings.networkLog())).toEqual([])
  })

  test('opens no socket but those of its own mail, on the loopback', async () => {
    const main = new URL('../helpers/open-demo.ts', import.meta.url)
    const noSockets = new URL('../helpers/no-sockets.ts', import.meta.url)
    const ended = spawnSync(
      process.execPath,
      ['--import', noSockets.href, fileURLToPath(main), folder.path],
      {
        encoding: 'utf8',
        env: { ...process.env, LOOPBACK_ONLY: '1' },
      },
    )
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(ended.stdout)).toMatchObject({ checked: 13, listed: 2, contacts: 0 })
  })

  test('has mailboxes in every state a warmup can be in, with a past and alerts', async () => {
    const { client } = await start('demo')
    const rowsNow = async () =>
      new Map(
        [...(await snapshot(client())).rows.values()].flatMap(row =>
          row.table === 'warmup' ? [[row.row.address, row.row] as const] : [],
        ),
      )
    const expected = {
      'hello@harbour-bakery.example': ['maintenance', 'healthy'],
      'mara@harbour-bakery.example': ['ramping', 'healthy'],
      'orders@harbour-bakery.example': ['slowed', 'inbox-share-low'],
      'reservations@quayside-coffee.example': ['paused', 'inbox-share-very-low'],
      'workshop@orchard-cycles.example': ['rate-limited', 'rate-limited'],
      'parts@orchard-cycles.example': ['paused', 'login-failing'],
    }
    for (const [address, [state, reason]] of Object.entries(expected)) {
      await until(async () => (await rowsNow()).get(address)?.state.state === state)
      expect((await rowsNow()).get(address)?.state).toMatchObject({ state, reason })
    }
    const rows = await rowsNow()
    expect(new Set([...rows.values()].map(({ provider }) => provider))).toEqual(
      new Set(['google', 'microsoft365', 'other']),
    )
    const id = rows.get('mara@harbour-bakery.example')?.id ?? ''
    const details = valueOf(await client().warmup.details({ id }))
    expect(details.days.filter(({ sent }) => sent > 0).length).toBe(14)
    expect(details.days.every(({ sent, planned }) => sent <= planned)).toBe(true)
    const cells = valueOf(await client().warmup.placements({ id: null }))
    expect(cells.length).toBeGreaterThanOrEqual(9)
    expect(valueOf(await client().settings.networkLog())).toEqual([])
  })

  test('begins anew each time, and keeps no key of its passwords', async () => {
    const first = await start('demo')
    const before = valueOf(await first.client().host.hello({ build: 'test' })).dataId
    valueOf(await first.client().domains.add({ input: 'mine.example' }))
    await first.stop()
    const second = await start('demo')
    expect(valueOf(await second.client().host.hello({ build: 'test' })).dataId).not.toBe(before)
    expect((await snapshot(second.client())).domains().map(({ name }) => name)).not.toContain('mine.example')
    expect(first.keychain.kept.size + second.keychain.kept.size).toBe(0)
  })

  test('tests the connection of its mailboxes against its own servers, and of any other against none', async () => {
    const { client } = await start('demo')
    const mailbox = [...(await snapshot(client())).rows.values()].flatMap(row =>
      row.table === 'mailboxes' && row.row.address === 'mara@harbour-bakery.example' ? [row.row] : [],
    )[0]
    if (mailbox === undefined) throw new Error('the mailbox is not there')
    const own = await readToEnd(client().mailboxes.test({ kind: 'saved', id: mailbox.id, testEmail: true }))
    expect(own.result).toMatchObject({ ok: true, value: { result: { result: 'passed' } } })
    const { connection, address } = mailbox
    const elsewhere = await readToEnd(
      client().mailboxes.test({
        kind: 'draft',
        ...connection,
        smtp: { ...connection.smtp, server: { host: '127.0.0.1', port: 25, security: 'plain' } },
        address: `not-${address}`,
        login: { kind: 'password', password: canary(), imapPassword: null },
        testEmail: false,
      }),
    )
    expect(elsewhere.result).toMatchObject({
      ok: true,
      value: { result: { result: 'failed', failures: [{ phase: 'smtp-dns' }] } },
    })
  })

  test('plays days on its own time, which the workspace of a person does not have', async () => {
    const { client } = await start('demo')
    const read = () => client().demo.watch()
    const first = (await (await read()).next()).value
    valueOf(await client().demo.play({ days: 2, msPerDay: 500 }))
    let last = first
    for await (const time of await read()) {
      last = time
      if (!time.isPlaying) break
    }
    expect(
      Number(last && 'now' in last && last.now) - Number(first && 'now' in first && first.now),
    ).toBeGreaterThan(2 * 24 * 60 * 60_000 - 60_000)
    const { entries } = valueOf(
      await client().warmup.activity({
        id: null,
        codes: ['sent', 'found-in-inbox'],
        before: null,
        limit: 20,
      }),
    )
    expect(
      entries.some(({ at, code }) => code === 'found-in-inbox' && at > Date.now() + 3 * 60 * 60_000),
    ).toBe(true)

    valueOf(await client().host.openWorkspace({ workspace: 'own' }))
    expect(failureOf(await client().demo.play({ days: 1, msPerDay: 500 })).code).toBe('not-allowed')
    expect(failureOf(await client().demo.pause()).code).toBe('not-allowed')
    expect((await readToEnd(client().demo.watch())).result).toMatchObject({ ok: false })
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
