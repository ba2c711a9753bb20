import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemServers } from '#engine/net/server-address.ts'
import { createEngine } from '#engine/engine.ts'
import type { EngineStatus } from '#shared/model/host.ts'
import { closedOutside } from '../helpers/around.ts'
import {
  failureOf,
  readAudit,
  snapshot,
  type TestEngine,
  testEngine,
  until,
  valueOf,
} from '../helpers/engine.ts'
import { temporaryFolder, testPlatform } from '../helpers/platform.ts'
import { type TestDns, testDns } from '../helpers/zone-resolver.ts'

const warmup = { startsByItself: true, tidyAfterDays: 7 }
const everywhere = { direct: true, https: true, smtp: true }

let folder: ReturnType<typeof temporaryFolder>
let dns: TestDns
let engine: TestEngine

beforeEach(async () => {
  folder = temporaryFolder()
  dns = testDns({ '.': { NS: ['a.root-servers.net'] } })
  engine = await testEngine({ dataDir: folder.path, dns })
})
afterEach(async () => {
  await engine.stop()
  folder.remove()
})

async function reboot(): Promise<void> {
  await engine.stop()
  engine = await testEngine({ dataDir: folder.path, dns })
}

async function tickStatus(): Promise<void> {
  engine.clock.advance(250)
  await new Promise(resolve => setImmediate(resolve))
}

describe('settings', () => {
  test('have defaults, change part by part, are kept, and stand in the feed', async () => {
    const { settings } = engine.client
    expect(valueOf(await settings.get())).toEqual({
      theme: 'system',
      resolvers: [],
      reach: everywhere,
      compareMail: true,
      warmup,
    })
    expect(valueOf(await settings.set({ theme: 'dark' }))).toEqual({
      theme: 'dark',
      resolvers: [],
      reach: everywhere,
      compareMail: true,
      warmup,
    })
    const after = valueOf(await settings.set({ resolvers: [' 127.0.0.1:5353 ', '::1', '[::1]:53'] }))
    expect(after).toEqual({
      theme: 'dark',
      resolvers: ['127.0.0.1:5353', '::1'],
      reach: everywhere,
      compareMail: true,
      warmup,
    })
    const rows = [...(await snapshot(engine.client)).rows.values()]
    expect(rows.filter(({ table }) => table === 'settings')).toEqual([
      { table: 'settings', key: 'settings', row: after },
    ])
    await reboot()
    expect(valueOf(await engine.client.settings.get())).toEqual(after)
    expect(dns.servers()).toEqual([
      { host: '127.0.0.1', port: 5353 },
      { host: '::1', port: 53 },
    ])
  })

  test('apply servers at once; none means those of the system', async () => {
    await engine.client.settings.set({ resolvers: ['127.0.0.1:5353'] })
    expect(dns.servers()).toEqual([{ host: '127.0.0.1', port: 5353 }])
    await engine.client.settings.set({ resolvers: [] })
    expect(dns.servers()).toEqual(systemServers())
  })

  test('refuse a server that is no address, and change nothing then', async () => {
    const result = await engine.client.settings.set({
      theme: 'light',
      resolvers: ['127.0.0.1', 'dns.example.com'],
    })
    expect(failureOf(result)).toMatchObject({
      code: 'resolver-address-invalid',
      detail: { reason: 'name', index: 1 },
    })
    expect(valueOf(await engine.client.settings.get())).toEqual({
      theme: 'system',
      resolvers: [],
      reach: everywhere,
      compareMail: true,
      warmup,
    })
  })

  test('try servers one by one', async () => {
    const tests = valueOf(
      await engine.client.settings.testResolvers({ resolvers: ['127.0.0.1:5353', 'nonsense'] }),
    )
    expect(tests).toMatchObject([
      { server: '127.0.0.1:5353', state: 'answers', reason: null },
      { server: 'nonsense', state: 'unavailable', reason: 'resolver-address-invalid' },
    ])
    dns.fail('refused')
    expect(valueOf(await engine.client.settings.testResolvers({ resolvers: ['127.0.0.1'] }))).toMatchObject([
      { server: '127.0.0.1', state: 'unavailable', reason: 'refused' },
    ])
    expect(valueOf(await engine.client.settings.systemResolvers()).length).toBe(systemServers().length)
  })
})

describe('the network log', () => {
  test('is kept every few seconds and on stop, goes on counting, and can be cleared', async () => {
    await readAudit(await engine.client.domains.auditName({ input: 'example.com' }))
    const [first] = valueOf(await engine.client.settings.networkLog())
    expect(first).toMatchObject({
      host: '127.0.0.1',
      port: 53,
      protocol: 'udp',
      purpose: 'audit',
      failures: 0,
    })
    expect(first?.count).toBe(dns.questions.length)
    await reboot()
    expect(valueOf(await engine.client.settings.networkLog())).toEqual([first])
    await readAudit(await engine.client.domains.auditName({ input: 'example.com' }))
    engine.clock.advance(10_000)
    expect(valueOf(await engine.client.settings.networkLog())[0]).toMatchObject({
      count: dns.questions.length,
      firstAt: first?.firstAt,
    })
    valueOf(await engine.client.settings.clearNetworkLog())
    expect(valueOf(await engine.client.settings.networkLog())).toEqual([])
    await reboot()
    expect(valueOf(await engine.client.settings.networkLog())).toEqual([])
  })
})

describe('the host', () => {
  test('greets a window of its own build and no other', async () => {
    const { hello } = engine.client.host
    expect(valueOf(await hello({ build: 'test-build' }))).toEqual({
      build: 'test-build',
      dataId: engine.dataId,
      asksOutside: false,
      host: engine.platform.host,
    })
    expect(failureOf(await hello({ build: 'older' })).code).toBe('build-differs')
    expect(await engine.client.host.ping()).toEqual({ ok: true, value: null })
  })

  test('tells its status at first and then only when it changed', async () => {
    const leave = new AbortController()
    const told: EngineStatus[] = []
    const reading = (async () => {
      const stream = await engine.client.host.status(undefined, { signal: leave.signal })
      for (let step = await stream.next(); !step.done; step = await stream.next()) told.push(step.value)
    })()
    await until(() => told.length === 1)
    expect(told[0]).toEqual({
      queriesInFlight: 0,
      checksRunning: 0,
      checksQueued: 0,
      network: 'unknown',
      vault: expect.objectContaining({ state: 'empty', place: null, secrets: 0, waitingJobs: 0 }),
    })
    for (let tick = 0; tick < 5; tick += 1) await tickStatus()
    expect(told).toHaveLength(1)
    dns.hold()
    const audit = readAudit(await engine.client.domains.auditName({ input: 'example.com' }))
    await until(() => dns.held() > 0)
    await tickStatus()
    await until(() => told.length === 2)
    expect(told[1]).toMatchObject({ checksRunning: 1 })
    dns.letGo()
    await audit
    leave.abort()
    await reading
  })

  test.each([
    ['https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4', true],
    ['https://datatracker.ietf.org/doc/html/rfc9989', true],
    ['https://dash.cloudflare.com/', true],
    ['http://www.rfc-editor.org/', false],
    ['https://example.com/', false],
    ['https://www.rfc-editor.org.example.com/', false],
    ['https://user@www.rfc-editor.org/', false],
    ['https://www.rfc-editor.org:8443/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['not a link', false],
  ])('opens %s: %s', async (url, opens) => {
    const result = await engine.client.host.openLink({ url })
    expect(result.ok).toBe(opens)
    if (!result.ok) expect(result.failure.code).toBe('link-not-allowed')
    expect(engine.platform.openedPages).toEqual(opens ? [url] : [])
  })
})

test('an engine without a folder keeps nothing and needs none', async () => {
  const made = valueOf(await createEngine(testPlatform(), testDns().makeResolver, closedOutside))
  made.start()
  await made.stop()
  await made.stop()
})

test('a folder that cannot be opened is a failure, not an engine', async () => {
  expect(failureOf(await createEngine(testPlatform({ dataDir: folder.path }))).code).toBe(
    'data-folder-locked',
  )
})
