import { afterEach, describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '#engine/engine.ts'
import { limits } from '#engine/net/limits.ts'
import type { Platform } from '#engine/platform.ts'
import { fail, ok } from '#shared/failure.ts'
import type { ChangeBatch } from '#shared/model/change.ts'
import { readStream } from '../../src-renderer/client/stream.ts'
import { fakeClock } from '../helpers/clock.ts'
import { memoryKeychain } from '../helpers/platform.ts'
import { build } from './stub-engine.ts'
import { type Opened, openInProcess, openOverWire, openPortCarrier, openSocketCarrier } from './wires.ts'

const ways = [
  { way: 'in-process', open: openInProcess },
  { way: 'MessagePort', open: openOverWire.bind(null, openPortCarrier) },
  { way: 'WebSocket', open: openOverWire.bind(null, openSocketCarrier) },
]

describe.each(ways)('the engine over $way', ({ open }) => {
  let engine: Engine | null = null
  let opened: Opened | null = null
  const logged: string[] = []

  const write = (event: string) => void logged.push(event)

  const start = async () => {
    const platform: Platform = {
      dataDir: null,
      build,
      clock: fakeClock(),
      log: { info: () => {}, warn: write, error: write },
      host: { opensLinks: 'page', titleBarInset: { left: 0, right: 0 }, dataFolder: null, workspace: 'own' },
      keychain: memoryKeychain(),
      notify: () => {},
      openWorkspace: async () => fail('not-allowed'),
      openExternal: async () => ok(null),
    }
    const created = await createEngine(platform)
    if (!created.ok) throw new Error(created.failure.code)
    engine = created.value
    opened = await open(engine.router)
    return { client: opened.client, engine }
  }

  afterEach(async () => {
    await opened?.close()
    await engine?.stop()
    expect(logged.splice(0)).toEqual([])
  })

  test('greets a window of its own build only', async () => {
    const { client, engine } = await start()
    expect(await client.host.hello({ build })).toMatchObject({ ok: true, value: { dataId: engine.dataId } })
    expect(await client.host.hello({ build: 'another' })).toMatchObject({
      failure: { code: 'build-differs' },
    })
  })

  test('answers every plain call that only reads', async () => {
    const { client } = await start()
    expect(await client.settings.get()).toMatchObject({ ok: true })
    expect(await client.settings.networkLog()).toEqual(ok([]))
    expect(await client.settings.systemResolvers()).toMatchObject({ ok: true })
    expect(await client.domains.inspect({ input: 'Example.COM' })).toMatchObject({
      ok: true,
      value: { name: 'example.com' },
    })
    expect(await client.domains.inspect({ input: 'https://example.com' })).toMatchObject({
      failure: { code: 'domain-has-scheme' },
    })
    expect(await client.domains.report({ id: 'none' })).toMatchObject({ ok: false })
    expect(await client.host.openLink({ url: 'https://example.com/' })).toMatchObject({
      failure: { code: 'link-not-allowed' },
    })
  })

  test('an audit of a name that cannot be ends as a failure', async () => {
    const { client } = await start()
    const result = await readStream(client.domains.auditName({ input: 'a b' }), { onEvent: () => {} })
    expect(result).toMatchObject({ failure: { code: 'domain-has-space' } })
  })

  test('a slow reader of the feed bounds it, and a reader goes on where it stood', async () => {
    const { client } = await start()
    const names = Array.from(
      { length: limits.feedPageRows * (limits.feedCreditPages + 4) },
      (_, i) => `d${i}.example.com`,
    )
    expect(await client.domains.import({ text: names.join('\n') })).toMatchObject({ ok: true })

    const slow = new AbortController()
    const seen: ChangeBatch[] = []
    const first = readStream(client.changes.watch({ feed: 'slow', since: null, dataId: null }), {
      onEvent: batch => seen.push(batch),
      signal: slow.signal,
    })
    const pages = () => seen.filter(batch => batch.kind === 'rows').length
    await until(() => pages() >= limits.feedCreditPages)
    await quiet(() => seen.length)
    expect(pages()).toBe(limits.feedCreditPages)
    await client.changes.acknowledge({ feed: 'slow', page: 2 })
    await until(() => pages() >= limits.feedCreditPages + 2)
    await quiet(() => seen.length)
    expect(pages()).toBe(limits.feedCreditPages + 2)
    await client.changes.acknowledge({ feed: 'slow', page: 1_000 })
    await until(() => seen.at(-1)?.kind === 'caught-up')
    const end = seen.at(-1)
    if (end?.kind !== 'caught-up') throw new Error(`ended with ${end?.kind}`)
    const keys = seen.flatMap(batch => (batch.kind === 'rows' ? batch.rows.map(row => row.key) : []))
    // Beside the domains: the settings, and where the synchronisation stands.
    expect(new Set(keys).size).toBe(names.length + 2)
    slow.abort()
    expect(await first).toMatchObject({ failure: { code: 'cancelled' } })

    const added = await client.domains.add({ input: 'later.example.com' })
    const hello = await client.host.hello({ build })
    if (!added.ok || !hello.ok) throw new Error('not added')
    const again = await client.changes.watch({ feed: 'again', since: end.seq, dataId: hello.value.dataId })
    const step = await again.next()
    expect(step.value).toMatchObject({
      kind: 'changes',
      put: [{ table: 'domains', key: added.value.id, row: { name: 'later.example.com' } }],
      remove: [],
    })
    await again.return?.()
  })

  test('stopping the engine ends its streams', async () => {
    const { client, engine } = await start()
    const feed = readStream(client.changes.watch({ feed: 'f', since: null, dataId: null }), {
      onEvent: () => {},
    })
    const status = readStream(client.host.status(), { onEvent: () => {} })
    await quiet(() => 0)
    await engine.stop()
    expect(await feed).toEqual(ok(null))
    expect(await status).toEqual(ok(null))
  })
})

/** Resolves once `isSo`, or after a time in which it should have been. */
async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !isSo() && Date.now() < end; )
    await new Promise(resolve => setTimeout(resolve, 20))
}

/** Resolves once `count` has stood still for a while. */
async function quiet(count: () => number): Promise<void> {
  let last = -1
  while (last !== count()) {
    last = count()
    await new Promise(resolve => setTimeout(resolve, 120))
  }
}
