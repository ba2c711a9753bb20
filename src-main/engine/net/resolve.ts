import type { Lookup, RecordType } from '#shared/model/lookup.ts'
import type { Purpose } from '#shared/model/settings.ts'
import type { Deadline } from './deadline.ts'

export type ServerAddress = { readonly host: string; readonly port: number }

export type LookupOptions = {
  readonly deadline: Deadline
  readonly purpose: Purpose
  /** Ask these instead of the configured servers. */
  readonly servers?: readonly ServerAddress[]
  /** Ask again although a cached answer is still good: a person pressed "check again". */
  readonly fresh?: boolean
  /** Called for every question that leaves this machine; cached and coalesced ones cost nothing. */
  readonly onSent?: () => void
}

export type Resolver = {
  /** Asks one question. Never throws and never rejects: what went wrong is an `unavailable` answer. */
  lookup<T extends RecordType>(name: string, type: T, options: LookupOptions): Promise<Lookup<T>>
  setServers(servers: readonly ServerAddress[]): void
  servers(): readonly ServerAddress[]
  status(): { queriesInFlight: number; network: 'online' | 'offline' | 'unknown' }
  close(): void
}
