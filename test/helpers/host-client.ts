import { WebSocket } from 'ws'
import { ensureBuilt } from '../../src-main/build.ts'
import { type Connection, createConnection } from '../../src-renderer/client/connection.ts'
import { webSocketWire } from '../../src-renderer/client/wire.ts'
import { ok } from '../../src-shared/failure.ts'
import { openHostSession } from './headless-host.ts'

/** A window's client without its window: the wire as the page opens it, with the cookie and origin Node must bring. */
export async function connectToHost(host: { port: number; token: string }): Promise<Connection> {
  const cookie = await openHostSession(host)
  class PageSocket extends WebSocket {
    constructor(url: string) {
      super(url, { origin: `http://127.0.0.1:${host.port}`, headers: { cookie } })
      // As in a browser, where the end of a socket is told by its 'close' alone.
      this.on('error', () => undefined)
    }
  }
  globalThis.WebSocket = PageSocket as unknown as typeof globalThis.WebSocket
  const openWire = webSocketWire(`ws://127.0.0.1:${host.port}/socket`, async () => ok(null))
  return createConnection({ openWire, build: await ensureBuilt() })
}
