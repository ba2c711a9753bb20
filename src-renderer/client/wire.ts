import type { Result } from '#shared/failure.ts'
import { openSession } from './session.ts'

/** Why a wire ended: `lost` may be tried again, `refused` need not. */
export type WireEnd = 'lost' | 'refused'

export type WireEvents = {
  onOpen(): void
  onFrame(data: unknown): void
  onEnd(end: WireEnd): void
}

/** One connection to the engine, alive from `onOpen` to `onEnd`. */
export type Wire = {
  send(frame: string): void
  close(): void
}

/** Opens one connection. Reports nothing before it has returned. */
export type OpenWire = (events: WireEvents) => Wire

/** Lets the page into the headless host; `not-allowed` means that trying again is of no use. */
export type OpenSession = () => Promise<Result<null>>

/** This page's wire to its engine: a socket where the page came over HTTP, else a port from the preload. */
export const openWindowWire: OpenWire = events => {
  windowWire ??= location.protocol.startsWith('http')
    ? webSocketWire(socketUrl(location), openSession)
    : messagePortWire(window)
  return windowWire(events)
}
let windowWire: OpenWire | null = null

/** The wire's address for a page: `ws(s)://<host>/socket`. */
export function socketUrl(page: { protocol: string; host: string }): string {
  return `${page.protocol === 'https:' ? 'wss:' : 'ws:'}//${page.host}/socket`
}

/** Close code of a server that does not take this window (RFC 6455 §7.4.1). */
const policyViolation = 1008

/** A WebSocket at `url`, after `openSession` has let the page in. */
export function webSocketWire(url: string, openSession: OpenSession): OpenWire {
  return events => {
    let socket: WebSocket | null = null
    let closed = false
    const open = async () => {
      const session = await openSession()
      if (closed) return
      if (!session.ok) return events.onEnd(session.failure.code === 'not-allowed' ? 'refused' : 'lost')
      socket = new WebSocket(url)
      socket.addEventListener('open', () => events.onOpen())
      socket.addEventListener('message', event => events.onFrame(event.data))
      socket.addEventListener('close', event =>
        events.onEnd(event.code === policyViolation ? 'refused' : 'lost'),
      )
    }
    open().catch(() => events.onEnd('lost'))
    return {
      send: frame => {
        if (socket?.readyState === WebSocket.OPEN) socket.send(frame)
      },
      close: () => {
        closed = true
        socket?.close()
      },
    }
  }
}

/** The window messages by which page and preload agree: the page asks, the preload answers with `ports[0]`. */
export const portMessage = 'rookery-port'
export const portRequest = 'rookery-port-please'

/**
 * The ports that the preload hands to the page as window messages `{ kind: 'rookery-port' }`, asked for with
 * `{ kind: 'rookery-port-please' }` when one is needed. A port that comes unasked means that the other end of the one
 * in use has gone: that one is closed, and the next opening takes the new one.
 */
export function messagePortWire(page: Window): OpenWire {
  let offered: MessagePort | null = null
  let take: ((port: MessagePort) => void) | null = null
  let replace: (() => void) | null = null
  page.addEventListener('message', event => {
    const port = event.source === page && isKind(event.data, portMessage) ? event.ports[0] : undefined
    if (!port) return
    if (take) return take(port)
    offered?.close()
    offered = port
    replace?.()
  })
  return events => {
    let current: MessagePort | null = null
    const use = (port: MessagePort) => {
      take = null
      current = port
      replace = () => {
        port.close()
        events.onEnd('lost')
      }
      port.addEventListener('message', event => events.onFrame(event.data))
      port.addEventListener('close', () => events.onEnd('lost'))
      port.start()
      events.onOpen()
    }
    take = use
    if (offered) {
      queueMicrotask(() => {
        const port = offered
        offered = null
        if (port && take === use) use(port)
      })
    } else {
      page.postMessage({ kind: portRequest }, page.location.origin)
    }
    return {
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- a port has one other end
      send: frame => current?.postMessage(frame),
      close: () => {
        if (take === use) take = null
        replace = null
        current?.close()
      },
    }
  }
}

function isKind(data: unknown, kind: string): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === kind
}
