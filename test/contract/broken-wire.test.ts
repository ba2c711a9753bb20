import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fail } from '#shared/failure.ts'
import type { ClientClock } from '../../src-renderer/client/clock.ts'
import { readStream } from '../../src-renderer/client/stream.ts'
import type { OpenWire } from '../../src-renderer/client/wire.ts'
import { clientClock } from '../helpers/client-clock.ts'
import { createStubEngine, type StubSettings } from './stub-engine.ts'
import { type OpenedOverWire, openOverWire, openPortCarrier, openSocketCarrier } from './wires.ts'

const lost = { ok: false, failure: { code: 'wire-lost' } }

/** Carries everything until it is frozen; then it stays open and carries nothing: a half-open connection. */
function freezable() {
  let frozen = false
  const between =
    (openWire: OpenWire): OpenWire =>
    events => {
      const wire = openWire({
        ...events,
        onFrame: data => {
          if (!frozen) events.onFrame(data)
        },
      })
      return {
        send: frame => {
          if (!frozen) wire.send(frame)
        },
        close: wire.close,
      }
    }
  return { between, setFrozen: (value: boolean) => void (frozen = value) }
}

const ways = [
  { way: 'MessagePort', openCarrier: openPortCarrier },
  { way: 'WebSocket', openCarrier: openSocketCarrier },
]

describe.each(ways)('a broken $way', ({ openCarrier }) => {
  let opened: OpenedOverWire | null = null
  const unhandled: unknown[] = []
  const onUnhandled = (error: unknown) => void unhandled.push(error)
  beforeEach(() => void process.on('unhandledRejection', onUnhandled))
  afterEach(async () => {
    await opened?.close()
    opened = null
    await new Promise(resolve => setTimeout(resolve, 5))
    process.off('unhandledRejection', onUnhandled)
    expect(unhandled.splice(0)).toEqual([])
  })

  const start = async (settings: StubSettings & { clock?: ClientClock } = {}) => {
    const engine = createStubEngine(settings)
    const freezer = freezable()
    opened = await openOverWire(openCarrier, engine.router, settings.clock, freezer.between)
    return { ...engine, ...opened, setFrozen: freezer.setFrozen }
  }
  const becomes = (kind: string) =>
    vi.waitFor(() => expect(opened?.connection.state().kind).toBe(kind), { timeout: 5_000 })

  test('holds calls until the engine has greeted', async () => {
    const { client, connection } = await start()
    expect(connection.state()).toEqual({ kind: 'connecting' })
    const answer = client.domains.inspect({ input: 'early' })
    expect(await answer).toMatchObject({ ok: true, value: { displayName: 'early' } })
    expect(connection.state()).toMatchObject({ kind: 'open', hello: { dataId: 'data-1' } })
  })

  test('a lost wire settles every pending call, and aborts it in the engine', async () => {
    const { client, carrier, begun, aborted } = await start()
    const events: unknown[] = []
    const pending = [
      client.domains.inspect({ input: 'wait' }),
      client.domains.inspect({ input: 'deaf' }),
      readStream(client.domains.auditName({ input: 'wait' }), { onEvent: event => events.push(event) }),
      readStream(client.host.status(), { onEvent: () => {} }),
    ]
    await vi.waitFor(() => expect([begun.length, events.length]).toEqual([4, 3]))
    carrier.cut()
    for (const answer of await Promise.all(pending)) expect(answer).toMatchObject(lost)
    await vi.waitFor(() => expect(aborted.toSorted()).toEqual(['deaf', 'status', 'wait', 'wait']))
  })

  test('a call while the wire is away fails at once', async () => {
    const clock = clientClock()
    const { client, carrier, connection } = await start({ clock })
    await becomes('open')
    carrier.cut()
    await becomes('away')
    expect(await client.domains.inspect({ input: 'a' })).toMatchObject(lost)
    expect(await readStream(client.host.status(), { onEvent: () => {} })).toMatchObject(lost)
    expect(connection.state()).toMatchObject({ attempt: 1, retryAt: clock.now() + 250 })
  })

  test('comes back by itself, and the feed goes on where it stood', async () => {
    const { client, carrier, connection } = await start()
    const changes: string[] = []
    connection.subscribe(() => changes.push(connection.state().kind))
    const seen: number[] = []
    const follow = (until: number) =>
      readStream(client.changes.watch({ feed: `f${until}`, since: seen.at(-1) ?? 0, dataId: 'data-1' }), {
        onEvent: batch => {
          if (batch.kind !== 'changes') return
          seen.push(batch.seq)
          if (batch.seq === until) carrier.cut()
          else void client.changes.acknowledge({ feed: `f${until}`, page: batch.page })
        },
      })
    expect(await follow(5)).toMatchObject(lost)
    await becomes('open')
    expect(await follow(12)).toMatchObject(lost)
    expect(seen.slice(0, 5)).toEqual([1, 2, 3, 4, 5])
    expect(seen).toEqual(seen.map((_, index) => index + 1))
    await becomes('open')
    expect(changes).toEqual(['open', 'away', 'open', 'away', 'open'])
  })

  test('an engine that stops answering is noticed, and settles every call', async () => {
    const clock = clientClock()
    const { client, begun, setFrozen } = await start({ clock })
    await becomes('open')
    const stream = readStream(client.host.status(), { onEvent: () => {} })
    await vi.waitFor(() => expect(begun).toEqual(['status']))
    await new Promise(resolve => setTimeout(resolve, 20))
    setFrozen(true)
    const plain = client.domains.inspect({ input: 'a' }, { context: { timeoutMs: 60_000 } })
    clock.advance(29_000)
    expect(opened?.connection.state().kind).toBe('open')
    clock.advance(12_000)
    expect(await plain).toMatchObject(lost)
    expect(await stream).toMatchObject(lost)
    expect(opened?.connection.state().kind).toBe('away')
    setFrozen(false)
    clock.advance(250)
    await becomes('open')
  })

  test('a quiet engine that answers is kept', async () => {
    const clock = clientClock()
    const { client, connection } = await start({ clock })
    await becomes('open')
    for (let count = 0; count < 8; count += 1) {
      clock.advance(10_000)
      await client.host.ping()
    }
    expect(connection.state().kind).toBe('open')
  })

  test('a plain call times out, a stream does not', async () => {
    const clock = clientClock()
    const { client, begun, aborted } = await start({ clock })
    await becomes('open')
    const plain = client.domains.inspect({ input: 'deaf' })
    const short = client.domains.inspect({ input: 'deaf' }, { context: { timeoutMs: 50 } })
    const cancel = new AbortController()
    const stream = readStream(client.host.status(), { onEvent: () => {}, signal: cancel.signal })
    await vi.waitFor(() => expect(begun).toHaveLength(3))
    clock.advance(50)
    expect(await short).toMatchObject({ failure: { code: 'timed-out' } })
    for (let count = 0; count < 4; count += 1) {
      clock.advance(5_000)
      await client.host.ping()
    }
    expect(await plain).toMatchObject({ failure: { code: 'timed-out' } })
    await vi.waitFor(() => expect(aborted).toEqual(['deaf', 'deaf']))
    cancel.abort()
    expect(await stream).toMatchObject({ failure: { code: 'cancelled' } })
  })

  test('after close every call fails at once, and nothing is tried again', async () => {
    const clock = clientClock()
    const { client, connection } = await start({ clock })
    await becomes('open')
    const pending = client.domains.inspect({ input: 'wait' })
    connection.close()
    expect(await pending).toMatchObject(lost)
    expect(await client.host.ping()).toMatchObject(lost)
    expect(clock.pending()).toBe(0)
    clock.advance(60_000)
    expect(connection.state().kind).toBe('away')
  })

  test('closing while away calls the next try off', async () => {
    const clock = clientClock()
    const { carrier, connection } = await start({ clock })
    await becomes('open')
    carrier.cut()
    await becomes('away')
    connection.close()
    expect(clock.pending()).toBe(0)
  })

  test('closing before the greeting settles what waits', async () => {
    const { client, connection } = await start()
    const early = client.domains.inspect({ input: 'early' })
    connection.close()
    expect(await early).toMatchObject(lost)
  })

  test('another build ends the connection', async () => {
    const clock = clientClock()
    const { client } = await start({ clock, hello: () => fail('build-differs') })
    expect(await client.host.ping()).toMatchObject({ failure: { code: 'build-differs' } })
    await becomes('build-differs')
    clock.advance(60_000)
    expect(await client.domains.inspect({ input: 'a' })).toMatchObject({ failure: { code: 'build-differs' } })
    expect(opened?.connection.state()).toEqual({ kind: 'build-differs' })
  })

  test('an engine that does not let the window in ends the connection', async () => {
    const { client } = await start({ hello: () => fail('not-allowed') })
    expect(await client.host.ping()).toMatchObject({ failure: { code: 'not-allowed' } })
    await becomes('refused')
  })

  const garbage: [string, string | Uint8Array][] = [
    ['no JSON', 'hello there'],
    ['nothing', ''],
    ['truncated JSON', '{"i":"1","p":{"u":"/domains/inspect","b":{"js'],
    ['another shape', '[1,2,3]'],
    ['null', 'null'],
    ['no payload', '{"i":"77"}'],
    ['an unknown type', '{"i":"77","t":9,"p":{}}'],
    ['an unknown procedure', '{"i":"77","p":{"u":"/domains/../__proto__/constructor","b":{"json":{}}}}'],
    ['an address elsewhere', '{"i":"77","p":{"u":"http://127.0.0.1:1/x","b":{}}}'],
    ['a broken address', '{"i":"77","p":{"u":"http://[","b":{}}}'],
    ['no body', '{"i":"77","p":{"u":"/domains/inspect"}}'],
    ['a broken body', '{"i":"77","p":{"u":"/domains/inspect","b":{"json":{},"meta":[[1,"__proto__","x"]]}}}'],
    ['a form', '{"i":"77","p":{"u":"/domains/inspect","b":1,"h":{"content-type":"multipart/form-data"}}}'],
    ['a stream from the caller', '{"i":"77","t":3,"p":{"e":"message","d":1}}'],
    ['a broken answer', '{"i":"77","p":{"s":200,"h":7}}'],
    ['bytes', new Uint8Array([0, 255, 1, 254, 123, 34])],
    ['JSON in bytes', new TextEncoder().encode('{"i":"77","t":4}')],
    ['a long text', `{"i":"77","p":{"u":"/${'a'.repeat(4_000_000)}"}}`],
  ]

  test.each(garbage)('a garbage frame (%s) harms nobody', async (_, frame) => {
    const { client, carrier, connection, logged, begun } = await start()
    await becomes('open')
    const states: string[] = []
    connection.subscribe(() => states.push(connection.state().kind))
    const running = readStream(client.domains.auditName({ input: 'plain' }), { onEvent: () => {} })
    carrier.sendToEngine(frame)
    carrier.sendToWindow(frame)
    expect(await running).toMatchObject({ ok: true })
    expect(await client.domains.inspect({ input: 'after' })).toMatchObject({ ok: true })
    expect(states).toEqual([])
    expect(logged).toEqual([])
    expect(begun).toEqual(['plain', 'after'])
  })

  test('a huge frame harms nobody else', async () => {
    const { client, carrier } = await start()
    await becomes('open')
    carrier.sendToEngine(JSON.stringify({ i: '77', p: { u: '/host/ping', b: 'x'.repeat(16_000_000) } }))
    await vi.waitFor(async () => expect(await client.host.ping()).toMatchObject({ ok: true }), {
      timeout: 5_000,
      interval: 300,
    })
  })
})
