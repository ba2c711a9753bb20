import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws'
import { serveWire } from '#engine/wire.ts'
import {
  serveSocket,
  type SocketSettings,
  socketServerOptions,
} from '../../src-main/hosts/headless/socket.ts'
import { createStubEngine } from './stub-engine.ts'

const ping = (id: string, more: object = {}) => JSON.stringify({ i: id, p: { u: '/host/ping', ...more } })
const call = (id: string) =>
  JSON.stringify({ i: id, p: { u: '/domains/inspect', b: { json: { input: id } } } })
const settled = () => new Promise(resolve => setTimeout(resolve, 20))

test.each([
  ['another address', ping('1', { u: 'http://127.0.0.1/host/ping' })],
  ['another method', ping('1', { m: 'GET' })],
  ['another decoder', ping('1', { h: { 'content-type': 'text/event-stream' } })],
  ['a file', ping('1', { h: { 'content-disposition': 'attachment' } })],
  ['a long id', ping('1'.repeat(65))],
  ['a type from the other side', JSON.stringify({ i: '1', t: 3, p: { u: '/host/ping' } })],
  ['too much', ping('1', { b: 'x'.repeat(16_000_000) })],
])('a frame with %s gets no answer', async (_, frame) => {
  const sent: string[] = []
  const wire = serveWire(createStubEngine().router, answer => void sent.push(answer))
  wire.receive(frame)
  wire.receive(ping('good'))
  await settled()
  expect(sent.map(answer => JSON.parse(answer).i)).toEqual(['good'])
})

test('a peer that cannot be sent to harms nobody', async () => {
  const unhandled: unknown[] = []
  const onUnhandled = (error: unknown) => void unhandled.push(error)
  process.on('unhandledRejection', onUnhandled)
  const wire = serveWire(createStubEngine().router, () => {
    throw new Error('gone')
  })
  wire.receive(ping('1'))
  wire.receive(JSON.stringify({ i: '2', p: { u: '/domains/auditName', b: { json: { input: 'plain' } } } }))
  await settled()
  process.off('unhandledRejection', onUnhandled)
  expect(unhandled).toEqual([])
})

test('a closed wire answers no more and begins nothing', async () => {
  const { router, begun } = createStubEngine()
  const sent: string[] = []
  const wire = serveWire(router, answer => void sent.push(answer))
  wire.receive(call('wait'))
  await vi.waitFor(() => expect(begun).toEqual(['wait']))
  wire.close()
  wire.receive(call('late'))
  await settled()
  expect([begun, sent]).toEqual([['wait'], []])
})

const stopLater: (() => void)[] = []
afterEach(() => {
  for (const stop of stopLater.splice(0)) stop()
})

async function connectRaw(settings: SocketSettings, options: ClientOptions = {}) {
  const engine = createStubEngine()
  const server = createServer()
  const sockets = new WebSocketServer(socketServerOptions)
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, webSocket =>
      serveSocket(webSocket, engine.router, settings),
    ),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/socket`, options)
  stopLater.push(() => {
    client.terminate()
    server.close()
  })
  await once(client, 'open')
  return { ...engine, client, sockets }
}

test('a peer that answers no ping is cut off, and its calls with it', async () => {
  const { client, sockets, begun, aborted } = await connectRaw({ heartbeatMs: 30 }, { autoPong: false })
  client.send(call('wait'))
  await vi.waitFor(() => expect(begun).toEqual(['wait']))
  await vi.waitFor(() => expect(sockets.clients.size).toBe(0))
  await vi.waitFor(() => expect(aborted).toEqual(['wait']))
})

test('a peer that answers pings is kept', async () => {
  const { sockets } = await connectRaw({ heartbeatMs: 20 })
  await new Promise(resolve => setTimeout(resolve, 150))
  expect(sockets.clients.size).toBe(1)
})

test('a peer that reads nothing is cut off before it fills the memory', async () => {
  const { client, sockets } = await connectRaw({ unsentBytes: 1_000_000 })
  client.pause()
  const ids = Array.from({ length: 10_000 }, () => 'x'.repeat(64))
  for (let count = 0; count < 40; count += 1) {
    client.send(JSON.stringify({ i: `${count}`, p: { u: '/domains/remove', b: { json: { ids } } } }))
  }
  await vi.waitFor(() => expect(sockets.clients.size).toBe(0), { timeout: 10_000 })
}, 15_000)
