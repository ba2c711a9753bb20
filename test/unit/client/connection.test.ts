import { expect, test, vi } from 'vitest'
import { fail, ok } from '#shared/failure.ts'
import type { Hello } from '#shared/model/host.ts'
import { createConnection } from '../../../src-renderer/client/connection.ts'
import { clientClock } from '../../helpers/client-clock.ts'
import { scriptedWire } from './scripted-wire.ts'

const hello: Hello = {
  build: 'b',
  dataId: 'd',
  asksOutside: true,
  host: { opensLinks: 'page', titleBarInset: { left: 0, right: 0 }, dataFolder: null, workspace: 'own' },
}

function start(random?: () => number) {
  const clock = clientClock(random)
  const wire = scriptedWire()
  const connection = createConnection({ openWire: wire.openWire, build: 'b', clock })
  const greet = async () => {
    const count = wire.opened.length
    wire.opened.at(-1)?.events.onOpen()
    await vi.waitFor(() => expect(wire.opened[count - 1]?.sent).toHaveLength(1))
    wire.answer(0, ok(hello))
    await vi.waitFor(() => expect(connection.state().kind).toBe('open'))
  }
  const retryInMs = () => {
    const state = connection.state()
    return state.kind === 'away' ? state.retryAt - clock.now() : null
  }
  return { clock, wire, connection, greet, retryInMs }
}

test('waits longer after each try that fails, up to ten seconds, and starts over once it was open', async () => {
  const { clock, wire, greet, retryInMs } = start()
  const delays: (number | null)[] = []
  for (let count = 0; count < 8; count += 1) {
    wire.opened.at(-1)?.events.onEnd('lost')
    delays.push(retryInMs())
    clock.advance(delays.at(-1) ?? 0)
  }
  expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  expect(wire.opened).toHaveLength(9)
  await greet()
  wire.opened.at(-1)?.events.onEnd('lost')
  expect(retryInMs()).toBe(250)
})

test('spreads the tries of many windows', () => {
  const { wire, retryInMs } = start(() => 0)
  wire.opened.at(-1)?.events.onEnd('lost')
  expect(retryInMs()).toBe(125)
})

test('the state is the same object until it changes, and stays away during a try', async () => {
  const { clock, wire, connection, greet } = start()
  wire.opened.at(-1)?.events.onEnd('lost')
  const away = connection.state()
  clock.advance(250)
  expect(wire.opened).toHaveLength(2)
  expect(connection.state()).toBe(away)
  await greet()
  expect(connection.state()).toEqual({ kind: 'open', hello })
})

test('calls that wait for the first greeting fail when the wire is lost', async () => {
  const { wire, connection } = start()
  const call = connection.client.host.ping()
  wire.opened.at(-1)?.events.onEnd('lost')
  expect(await call).toEqual(fail('wire-lost', {}, 'later'))
  expect(wire.opened[0]?.sent).toEqual([])
})

test('a wire that never opens, or an engine that never greets, is given up', async () => {
  const { clock, wire, connection } = start()
  clock.advance(20_000)
  expect(connection.state().kind).toBe('away')
  expect(wire.opened[0]?.isClosed).toBe(true)
  clock.advance(250)
  wire.opened[1]?.events.onOpen()
  await vi.waitFor(() => expect(wire.opened[1]?.sent).toHaveLength(1))
  clock.advance(20_000)
  expect(wire.opened[1]?.isClosed).toBe(true)
  expect(connection.state()).toMatchObject({ kind: 'away', attempt: 2 })
})

test('a waiting call times out by itself', async () => {
  const { clock, connection } = start()
  const call = connection.client.host.ping(undefined, { context: { timeoutMs: 100 } })
  clock.advance(100)
  expect(await call).toEqual(fail('timed-out', {}, 'now'))
  expect(connection.state().kind).toBe('connecting')
})

test('a refused wire is not tried again', async () => {
  const { clock, wire, connection } = start()
  wire.opened.at(-1)?.events.onEnd('refused')
  expect(connection.state()).toEqual({ kind: 'refused' })
  expect(await connection.client.host.ping()).toEqual(fail('not-allowed'))
  clock.advance(60_000)
  expect(wire.opened).toHaveLength(1)
})

test('an engine of another build is not used, even when it greets', async () => {
  const { wire, connection } = start()
  const early = connection.client.host.ping()
  wire.opened.at(-1)?.events.onOpen()
  await vi.waitFor(() => expect(wire.opened[0]?.sent).toHaveLength(1))
  wire.answer(0, ok({ ...hello, build: 'another' }))
  expect(await early).toEqual(fail('build-differs'))
  expect(connection.state()).toEqual({ kind: 'build-differs' })
  expect(wire.opened[0]?.isClosed).toBe(true)
})

test('pings a quiet engine and leaves a busy one alone', async () => {
  const { clock, wire, connection, greet } = start()
  await greet()
  clock.advance(9_000)
  wire.opened[0]?.events.onFrame('{"i":"none","t":4}')
  clock.advance(1_000)
  expect(wire.opened[0]?.sent).toHaveLength(1)
  clock.advance(10_000)
  await vi.waitFor(() => expect(wire.opened[0]?.sent).toHaveLength(2))
  expect(wire.opened[0]?.sent[1]).toContain('/host/ping')
  clock.advance(10_000)
  expect(connection.state().kind).toBe('open')
  clock.advance(10_000)
  expect(connection.state().kind).toBe('away')
})

test('an answer that is no result is told as one', async () => {
  const { wire, connection, greet } = start()
  await greet()
  const call = connection.client.host.ping()
  await vi.waitFor(() => expect(wire.opened[0]?.sent).toHaveLength(2))
  wire.answer(1, 'what?')
  expect(await call).toEqual(fail('internal'))
})

test('whoever no longer subscribes is not called', () => {
  const { wire, connection } = start()
  let calls = 0
  const unsubscribe = connection.subscribe(() => {
    calls += 1
  })
  wire.opened.at(-1)?.events.onEnd('lost')
  unsubscribe()
  connection.close()
  expect(calls).toBe(1)
})
