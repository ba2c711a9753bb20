import { RPCHandler } from '@orpc/server/websocket'
import type { EngineRouter } from './guard.ts'
import { limits } from './net/limits.ts'

/** One peer's calls. `receive` takes whatever arrived; `close` aborts every call under way and answers no more. */
export type ServedWire = {
  receive(data: unknown): void
  close(): void
}

/**
 * Serves one connection, whatever carries it: text frames in, text frames out through `send`. What is not a request
 * of ours is dropped: not text, longer than `limits.wireFrameCharacters`, not JSON, of another shape.
 */
export function serveWire(router: EngineRouter, send: (frame: string) => void): ServedWire {
  const handler = new RPCHandler(router)
  let open = true
  const peer = {
    send: (frame: unknown) => {
      if (open && typeof frame === 'string') send(frame)
    },
    // Asked for by the type; frames come through \`receive\`.
    addEventListener: () => undefined,
  }
  return {
    receive: data => {
      if (!open || !isRequestFrame(data)) return
      // The guard answers for the handlers; what can still fail is sending to a peer that has gone.
      handler.message(peer, data).catch(() => undefined)
    },
    close: () => {
      open = false
      handler.close(peer)
    },
  }
}

function isRequestFrame(data: unknown): data is string {
  if (typeof data !== 'string' || data.length > limits.wireFrameCharacters) return false
  const frame = parseObject(data)
  if (!frame || typeof frame.i !== 'string' || frame.i.length > 64) return false
  if (frame.t === ABORT) return true
  if (frame.t !== undefined && frame.t !== REQUEST) return false
  return isObject(frame.p) && isRequest(frame.p)
}

/** Frame types of the peer protocol; the third, a stream from the caller, is in no contract of ours. */
const REQUEST = 1
const ABORT = 4

/** Headers but this one choose another decoder for the body (forms, files, streams). */
const KNOWN_HEADERS = new Set(['last-event-id'])

function isRequest(request: Record<string, unknown>): boolean {
  const headers = request.h ?? {}
  return (
    typeof request.u === 'string' &&
    request.u.startsWith('/') &&
    (request.m === undefined || request.m === 'POST') &&
    isObject(headers) &&
    Object.entries(headers).every(([name, value]) => KNOWN_HEADERS.has(name) && typeof value === 'string')
  )
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
