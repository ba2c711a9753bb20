import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { distFolder, ensureBuilt } from '../../src-main/build.ts'
import type { FromEngine, ToEngine } from '../../src-main/hosts/electron/engine-messages.ts'
import { createConnection } from '../../src-renderer/client/connection.ts'
import { messagePortWire } from '../../src-renderer/client/wire.ts'
import { makeDataDir } from '../helpers/headless-host.ts'

/** Runs the built entry of the engine's process in a thread, whose `parentPort` stands in for Electron's. */
async function startEngine() {
  await ensureBuilt()
  const entry = pathToFileURL(join(distFolder, 'electron', 'engine-process.js')).href
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
     const { EventEmitter } = require('node:events')
     process.parentPort = new EventEmitter()
     process.parentPort.postMessage = message => parentPort.postMessage(message)
     const early = []
     let take = message => early.push(message)
     parentPort.on('message', message => take(message))
     import(${JSON.stringify(entry)}).then(() => {
       take = message => process.parentPort.emit('message', message)
       early.forEach(take)
     })`,
    { eval: true },
  )
  const heard: FromEngine[] = []
  worker.on('message', (message: FromEngine) => heard.push(message))
  const ended = new Promise<number>(resolve => worker.once('exit', resolve))
  return {
    heard,
    ended,
    tell: (data: ToEngine, ports: MessagePort[] = []) => worker.postMessage({ data, ports }, ports),
  }
}

const start = (dataDir: string): ToEngine => ({
  kind: 'start',
  dataDir,
  verbose: false,
  dnsOnly: true,
  host: { opensLinks: 'host', titleBarInset: { left: 0, right: 0 } },
  workspace: 'own',
})

/** A page as far as its wire sees one: it asks for a port and is handed it. */
function pageOf(onAsk: (hand: (port: MessagePort) => void) => void): Window {
  const listeners: ((event: object) => void)[] = []
  const page = {
    location: { origin: 'rookery://app' },
    addEventListener: (_type: string, listener: (event: object) => void) => void listeners.push(listener),
    // As in a browser, a message arrives later than it is sent.
    postMessage: () =>
      setImmediate(() =>
        onAsk(port => {
          const event = { source: page, data: { kind: 'rookery-port' }, ports: [port] }
          for (const listener of listeners) listener(event)
        }),
      ),
  }
  return page as unknown as Window
}

async function connect(engine: Awaited<ReturnType<typeof startEngine>>) {
  let wires = 0
  const page = pageOf(hand => {
    const { port1, port2 } = new MessageChannel()
    engine.tell({ kind: 'connect', wire: ++wires }, [port1])
    hand(port2)
  })
  const connection = createConnection({ openWire: messagePortWire(page), build: await ensureBuilt() })
  return { connection, wires: () => wires }
}

it('serves the page over its port, opens links through the main process, and ends when told', async () => {
  const engine = await startEngine()
  const dataDir = await makeDataDir()
  // The window asks before the engine is there: its first frames have to wait, not to vanish.
  const { connection, wires } = await connect(engine)
  const adding = connection.client.domains.add({ input: 'example.com', tags: [] })
  engine.tell(start(dataDir))
  expect(await adding).toMatchObject({ ok: true })
  expect(connection.state()).toMatchObject({ kind: 'open', hello: { host: { dataFolder: dataDir } } })

  const opening = connection.client.host.openLink({ url: 'https://www.rfc-editor.org/rfc/rfc7208' })
  await expect
    .poll(() => engine.heard.filter(({ kind }) => kind !== 'status'))
    .toEqual([{ kind: 'open', call: 1, url: 'https://www.rfc-editor.org/rfc/rfc7208' }])
  engine.tell({ kind: 'opened', call: 1, opened: true })
  expect(await opening).toMatchObject({ ok: true })

  // The main process ends a wire when the page has asked for another; the window comes back by itself.
  engine.tell({ kind: 'disconnect', wire: 1 })
  await expect.poll(wires).toBe(2)
  await expect.poll(() => connection.state().kind).toBe('open')

  expect(engine.heard).toContainEqual({
    kind: 'status',
    status: expect.objectContaining({ network: 'unknown', checksRunning: expect.any(Number) }),
  })

  engine.tell({ kind: 'stop' })
  expect(await engine.ended).toBe(0)
  connection.close()
})

it('says why it cannot start', async () => {
  const dataDir = await makeDataDir()
  const first = await startEngine()
  first.tell(start(dataDir))
  const { connection } = await connect(first)
  expect(await connection.client.host.ping()).toMatchObject({ ok: true })
  const second = await startEngine()
  second.tell(start(dataDir))
  await expect
    .poll(() => second.heard)
    .toMatchObject([{ kind: 'failed', failure: { code: 'data-folder-locked' } }])
  for (const engine of [first, second]) {
    engine.tell({ kind: 'stop' })
    expect(await engine.ended).toBe(0)
  }
  connection.close()
})
