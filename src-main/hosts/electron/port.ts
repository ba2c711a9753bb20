import type { EngineRouter } from '#engine/guard.ts'
import { serveWire } from '#engine/wire.ts'

type Listeners = {
  (type: 'message', listener: (event: { data: unknown }) => void): unknown
  (type: 'close', listener: () => void): unknown
}

/** What is used of Electron's `MessagePortMain` (`on`) and of Node's and the browser's `MessagePort` (`addEventListener`). */
export type Port = { postMessage(data: unknown): void; start(): void; close(): void } & (
  | { addEventListener: Listeners }
  | { on: Listeners }
)

/**
 * Serves one window over its port until either side closes it; what that window still had running is aborted then.
 * Returns a function that closes the port.
 */
export function servePort(port: Port, router: EngineRouter): () => void {
  const wire = serveWire(router, frame => port.postMessage(frame))
  const listen: Listeners = 'addEventListener' in port ? port.addEventListener.bind(port) : port.on.bind(port)
  listen('message', event => wire.receive(event.data))
  listen('close', () => wire.close())
  port.start()
  return () => {
    wire.close()
    port.close()
  }
}
