import type { Result } from '#shared/failure.ts'

/** Why a wire ended: `lost` may be tried again, `refused` need not. */
export type WireEnd = 'lost' | 'refused'

export type WireEvents = {
  onOpen(): void
  onFrame(data: unknown): void
  /** Once; also after `close`. */
  onEnd(end: WireEnd): void
}

/** One connection to the engine, alive from `onOpen` to `onEnd`. */
export type Wire = {
  /** Text frames only. Does nothing unless the wire is open. */
  send(frame: string): void
  close(): void
}

export type OpenWire = (events: WireEvents) => Wire

/** Lets the page into the headless host before a socket is opened; `not-allowed` makes the end `refused`. */
export type OpenSession = () => Promise<Result<null>>

/** `ws(s)://<host>/socket` of the page's own address. */
export declare function webSocketWire(url: string, openSession: OpenSession): OpenWire

/** Ports handed over by the preload as a window message `{ kind: 'rookery-port' }` with `ports[0]`. */
export declare function messagePortWire(page: Window): OpenWire
