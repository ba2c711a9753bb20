import type { Hello } from '#shared/model/host.ts'
import type { Client } from './client.ts'
import type { OpenWire } from './wire.ts'

/**
 * - `connecting`: no answer of the engine yet; calls wait
 * - `open`: calls go through
 * - `away`: the wire is lost; the next try is at `retryAt` (epoch ms); calls fail with `wire-lost` at once
 * - `build-differs`: the engine is of another build; the window must reload. Final
 * - `refused`: the engine does not let this window in. Final
 */
export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'open'; hello: Hello }
  | { kind: 'away'; attempt: number; retryAt: number }
  | { kind: 'build-differs' }
  | { kind: 'refused' }

export type Connection = {
  /** Stays the same object for the life of the connection. */
  readonly client: Client
  state(): ConnectionState
  subscribe(callback: () => void): () => void
  /** Ends it for good: pending and later calls answer `wire-lost`. */
  close(): void
}

/** Time as tests can turn it. */
export type ClientClock = {
  now(): number
  after(delayMs: number, callback: () => void): () => void
  /** At least 0, below 1. */
  random(): number
}

export type ConnectionOptions = {
  openWire: OpenWire
  build: string
  clock?: ClientClock
}

export declare function createConnection(options: ConnectionOptions): Connection
