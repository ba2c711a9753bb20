import type { RawData, ServerOptions, WebSocket } from 'ws'
import type { EngineRouter } from '#engine/guard.ts'
import { limits } from '#engine/net/limits.ts'
import { serveWire } from '#engine/wire.ts'

/** Settings of the `WebSocketServer` whose sockets `serveSocket` takes. A longer frame ends its socket with code 1009. */
export const socketServerOptions = {
  noServer: true,
  maxPayload: limits.wireFrameBytes,
  perMessageDeflate: false,
  skipUTF8Validation: false,
} as const satisfies ServerOptions

export type SocketSettings = { heartbeatMs?: number; unsentBytes?: number }

/**
 * Serves one accepted socket until it closes; what its window still had running is aborted then. A peer that answers
 * no ping for a whole `heartbeatMs`, or that leaves more than `unsentBytes` unread, is cut off.
 * Returns a function that closes the socket (code 1001).
 */
export function serveSocket(
  webSocket: WebSocket,
  router: EngineRouter,
  settings: SocketSettings = {},
): () => void {
  const { heartbeatMs = 15_000, unsentBytes = limits.wireUnsentBytes } = settings
  const wire = serveWire(router, frame => {
    if (webSocket.bufferedAmount > unsentBytes) webSocket.terminate()
    else if (webSocket.readyState === webSocket.OPEN) webSocket.send(frame)
  })
  const stopHeartbeat = startHeartbeat(webSocket, heartbeatMs)
  webSocket.on('message', (data: RawData, isBinary: boolean) => {
    if (!isBinary) wire.receive(String(data))
  })
  // A broken frame is an 'error' and then a 'close'; without a listener it would end the process.
  webSocket.on('error', () => undefined)
  webSocket.on('close', () => {
    stopHeartbeat()
    wire.close()
  })
  return () => webSocket.close(1001)
}

function startHeartbeat(webSocket: WebSocket, heartbeatMs: number): () => void {
  let answered = true
  webSocket.on('pong', () => {
    answered = true
  })
  const timer = setInterval(() => {
    if (!answered) return webSocket.terminate()
    answered = false
    webSocket.ping()
  }, heartbeatMs)
  timer.unref()
  return () => clearInterval(timer)
}
