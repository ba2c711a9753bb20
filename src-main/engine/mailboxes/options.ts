import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { ConnectionSecurity, ConnectionSettings } from '#shared/model/connection.ts'
import type { Purpose } from '#shared/model/settings.ts'
import type { Deadline } from '../net/deadline.ts'
import type { HostAddresses } from '../net/https.ts'
import { limits } from '../net/limits.ts'
import type { NetworkLog } from '../net/network-log.ts'
import type { KnownHosts } from './known-hosts.ts'
import type { Looks } from './looks.ts'

/** Where the addresses of a mail server come from. */
export type AddressesOf = (host: string, deadline: Deadline) => Promise<HostAddresses>

export type MailProtocol = 'smtp' | 'imap'

export type ConnectionTestOptions = {
  readonly signal: AbortSignal
  readonly networkLog: NetworkLog
  readonly addressesOf: AddressesOf
  /** Authorities in PEM that count beside those of the system. */
  readonly ca?: readonly string[]
  /** Other waits than the usual ones. */
  readonly waits?: Partial<ConnectionWaits>
  /** Other ports than the usual ones, where alternatives are looked for. */
  readonly ports?: Partial<ConnectionPorts>
  /** Where a silent server is compared with; without them it is never said that the network blocks mail. */
  readonly knownHosts?: KnownHosts | null
  /** The looks of many tests together. */
  readonly looks?: Looks
}

/** How long each part may take, all of it within `testMs`. */
export type ConnectionWaits = {
  readonly testMs: number
  readonly connectMs: number
  readonly tlsMs: number
  readonly replyMs: number
  readonly silenceMs: number
  readonly arrivalMs: number
  readonly pollMs: number
  /** From MAIL to the reply to a whole message. */
  readonly messageMs: number
  readonly alternativeMs: number
}

type Offered = readonly { readonly port: number; readonly security: ConnectionSecurity }[]

/** Where mail servers usually listen, and the port that tells a blocked network from a dead server. */
export type ConnectionPorts = { readonly smtp: Offered; readonly imap: Offered; readonly web: number }

export const usualWaits: ConnectionWaits = {
  testMs: limits.mailTestMs,
  connectMs: limits.mailConnectMs,
  tlsMs: limits.mailTlsMs,
  replyMs: limits.mailReplyMs,
  silenceMs: limits.mailSilenceMs,
  arrivalMs: limits.mailArrivalMs,
  pollMs: limits.mailPollMs,
  messageMs: limits.mailReplyMs,
  alternativeMs: limits.mailAlternativeMs,
}

export const usualPorts: ConnectionPorts = {
  smtp: [
    { port: 465, security: 'tls' },
    { port: 587, security: 'starttls' },
  ],
  imap: [
    { port: 993, security: 'tls' },
    { port: 143, security: 'starttls' },
  ],
  web: 443,
}

type Pins = Pick<ConnectionSettings, 'pinnedCertificate' | 'imapPinnedCertificate'>

/** The certificate that was accepted of this server, or null. */
export function pinFor(
  protocol: MailProtocol,
  { pinnedCertificate, imapPinnedCertificate = pinnedCertificate }: Pins,
): string | null {
  return protocol === 'imap' ? imapPinnedCertificate : pinnedCertificate
}

/** What every part of one test shares. */
export type TestContext = {
  readonly deadline: Deadline
  readonly waits: ConnectionWaits
  readonly ports: ConnectionPorts
  readonly knownHosts: KnownHosts | null
  readonly looks: Looks
  readonly networkLog: NetworkLog
  /** What the contact is for, as the network log shows it. */
  readonly purpose: Purpose
  readonly addressesOf: AddressesOf
  /** All authorities that count, or undefined for those of the system. */
  readonly authorities: SecureContext | undefined
  /** Of the server that is talked to. */
  readonly pinnedCertificate: string | null
  readonly allowPlain: boolean
  /** Told of every socket, so that none outlives the test. */
  readonly onSocket: (socket: Socket) => void
}
