import { RPCLink } from '@orpc/client/message-port'
import type { ClientClock } from './clock.ts'
import type { OpenWire, WireEnd } from './wire.ts'

export type RawCall = { signal: AbortSignal; lastEventId?: string | undefined }

/** Remote calls over one wire, from its opening to its end. */
export type Link = {
  /** Settles as oRPC does; never, when the wire ends first: the signal must abort with `ended`. */
  call(path: readonly string[], input: unknown, options: RawCall): Promise<unknown>
  /** Aborts when the wire has ended. */
  readonly ended: AbortSignal
  /** When the last frame came in, by the clock's `now`. */
  heardAt(): number
  close(): void
}

export type LinkEvents = { onOpen(): void; onEnd(end: WireEnd): void }

export function openLink(openWire: OpenWire, clock: ClientClock, events: LinkEvents): Link {
  const ended = new AbortController()
  const port = createFramePort(frame => {
    if (!ended.signal.aborted) wire.send(frame)
  })
  const rpc = new RPCLink({ port })
  let heardAt = clock.now()
  const end = (why: WireEnd) => {
    if (ended.signal.aborted) return
    ended.abort()
    events.onEnd(why)
  }
  const wire = openWire({
    onOpen: () => {
      if (!ended.signal.aborted) events.onOpen()
    },
    onFrame: data => {
      const frame = ended.signal.aborted ? null : readResponseFrame(data)
      if (!frame) return
      heardAt = clock.now()
      port.emitMessage(frame)
    },
    onEnd: end,
  })
  return {
    call: (path, input, options) => rpc.call(path, input, { ...options, context: {} }),
    ended: ended.signal,
    heardAt: () => heardAt,
    close: () => {
      wire.close()
      end('lost')
    },
  }
}

/** The wire in the shape oRPC takes. `postMessage` must not throw: what a lost wire means is told by `ended` alone. */
function createFramePort(send: (frame: string) => void) {
  const listeners: ((frame: object) => void)[] = []
  return {
    postMessage(frame: unknown) {
      if (typeof frame === 'string') send(frame)
    },
    onMessage: { addListener: (listener: (frame: object) => void) => void listeners.push(listener) },
    // Each call has a signal that aborts when the wire ends, and the library clears up after it.
    onDisconnect: { addListener: () => undefined },
    emitMessage: (frame: object) => {
      for (const listener of listeners) listener(frame)
    },
  }
}

/** A frame of the engine as an object, or null for anything else: the library rejects in the open on what it cannot read. */
export function readResponseFrame(data: unknown): object | null {
  if (typeof data !== 'string') return null
  const frame = parse(data)
  if (!isObject(frame) || typeof frame.i !== 'string') return null
  if (frame.t === ABORT) return frame
  if (!isObject(frame.p)) return null
  if (frame.t === EVENT) return eventNames.has(frame.p.e) ? frame : null
  if (frame.t !== undefined && frame.t !== RESPONSE) return null
  const { s: status, h: headers } = frame.p
  const known =
    (status === undefined || typeof status === 'number') && (headers === undefined || isObject(headers))
  return known ? frame : null
}

const RESPONSE = 2
const EVENT = 3
const ABORT = 4
const eventNames = new Set<unknown>(['message', 'error', 'done'])

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
