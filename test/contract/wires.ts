import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MessageChannel } from 'node:worker_threads'
import { WebSocketServer } from 'ws'
import type { EngineRouter } from '#engine/guard.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { ok } from '#shared/failure.ts'
import { type Port, servePort } from '../../src-main/hosts/electron/port.ts'
import { serveSocket, socketServerOptions } from '../../src-main/hosts/headless/socket.ts'
import { realClock, type ClientClock } from '../../src-renderer/client/clock.ts'
import { type Connection, createConnection } from '../../src-renderer/client/connection.ts'
import { messagePortWire, type OpenWire, webSocketWire } from '../../src-renderer/client/wire.ts'
import { build } from './stub-engine.ts'

/** A carrier between a window and a served router, with the means to break it. */
export type Carrier = {
  openWire: OpenWire
  /** Drops every connection from the engine's side. Later ones are taken again. */
  cut(): void
  /** Sends a raw frame to the engine, and one to the window, on the latest connection. */
  sendToEngine(frame: string | Uint8Array): void
  sendToWindow(frame: string | Uint8Array): void
  stop(): Promise<void>
}

export type OpenCarrier = (router: EngineRouter) => Promise<Carrier>

/** A page and its preload: whoever asks the page for a port gets one end of a channel that `servePort` serves. */
export const openPortCarrier: OpenCarrier = async router => {
  const served: { engineEnd: Port; windowEnd: Port }[] = []
  const page = new EventTarget()
  const offerPort = () => {
    const { port1, port2 } = new MessageChannel()
    served.push({ engineEnd: port1 as unknown as Port, windowEnd: port2 as unknown as Port })
    servePort(port1 as unknown as Port, router)
    const event = new Event('message')
    Object.assign(event, { data: { kind: 'rookery-port' }, ports: [port2], source: page })
    page.dispatchEvent(event)
  }
  Object.assign(page, {
    location: { origin: 'rookery://app' },
    postMessage: (message: { kind: string }) => {
      if (message.kind === 'rookery-port-please') queueMicrotask(offerPort)
    },
  })
  return {
    openWire: messagePortWire(page as unknown as Window),
    cut: () => served.at(-1)?.engineEnd.close(),
    sendToEngine: frame => post(served.at(-1)?.windowEnd, frame),
    sendToWindow: frame => post(served.at(-1)?.engineEnd, frame),
    stop: async () => {
      for (const { engineEnd, windowEnd } of served) {
        engineEnd.close()
        windowEnd.close()
      }
    },
  }
}

function post(port: Port | undefined, frame: string | Uint8Array): void {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a port has one other end
  port?.postMessage(frame)
}

/** A real server on loopback, and the WebSocket that browsers and Node share. */
export const openSocketCarrier: OpenCarrier = async router => {
  const server = createServer()
  const sockets = new WebSocketServer(socketServerOptions)
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, webSocket => {
      serveSocket(webSocket, router)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const windows: WebSocket[] = []
  const NativeWebSocket = globalThis.WebSocket
  globalThis.WebSocket = class extends NativeWebSocket {
    constructor(url: string | URL) {
      super(url)
      windows.push(this)
    }
  }
  return {
    openWire: webSocketWire(`ws://127.0.0.1:${port}/socket`, async () => ok(null)),
    cut: () => {
      for (const socket of sockets.clients) socket.terminate()
    },
    sendToEngine: frame => windows.at(-1)?.send(frame as string),
    sendToWindow: frame => {
      for (const socket of sockets.clients) socket.send(frame)
    },
    stop: async () => {
      globalThis.WebSocket = NativeWebSocket
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}

export type Opened = { client: InProcessClient; close(): Promise<void> }
export type OpenedOverWire = Opened & { connection: Connection; carrier: Carrier }

export async function openInProcess(router: EngineRouter): Promise<Opened> {
  return { client: createInProcessClient(router), close: async () => {} }
}

export async function openOverWire(
  openCarrier: OpenCarrier,
  router: EngineRouter,
  clock: ClientClock = realClock,
  between: (openWire: OpenWire) => OpenWire = openWire => openWire,
): Promise<OpenedOverWire> {
  const carrier = await openCarrier(router)
  const connection = createConnection({ openWire: between(carrier.openWire), build, clock })
  return {
    client: connection.client,
    connection,
    carrier,
    close: async () => {
      connection.close()
      await carrier.stop()
    },
  }
}
