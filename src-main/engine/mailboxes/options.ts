import type { Clock } from '../platform.ts'
import type { HostAddresses } from '../net/https.ts'
import type { Deadline } from '../net/deadline.ts'
import type { NetworkLog } from '../net/network-log.ts'

/** Where the addresses of a mail server come from. */
export type AddressesOf = (host: string, deadline: Deadline) => Promise<HostAddresses>

export type ConnectionTestOptions = {
  readonly signal: AbortSignal
  readonly networkLog: NetworkLog
  readonly clock: Pick<Clock, 'now'>
  readonly addressesOf: AddressesOf
  /** Authorities in PEM that count beside those of the system. */
  readonly ca?: readonly string[]
  /** Shorter waits, for tests. */
  readonly waits?: Partial<ConnectionWaits>
}

/** How long each part may take, all within `testMs`. */
export type ConnectionWaits = {
  readonly testMs: number
  readonly connectMs: number
  readonly tlsMs: number
  readonly replyMs: number
  readonly arrivalMs: number
  readonly pollMs: number
}
