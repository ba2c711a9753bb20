import { createMailWorld, type MailWorldOptions } from '#engine/mailboxes/exchange/mail-world.ts'
import { withoutAsking } from '#engine/mailboxes/addresses.ts'
import type {
  FolderPlace,
  MailAccess,
  MailHandle,
  MailWorld,
  OutgoingMessage,
  SeenMessage,
} from '#engine/net/mail-world.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { ok } from '#shared/failure.ts'
import type { ConnectionSecurity } from '#shared/model/connection.ts'
import { canary } from './canary.ts'
import type { MailServers } from './mail-servers.ts'
import { realClock, testLog } from './platform.ts'

/** Waits for what is expected to become so; fails loudly when it does not. */
export async function becomes(what: string, isSo: () => boolean, withinMs = 20_000): Promise<void> {
  const startedAt = performance.now()
  while (!isSo()) {
    if (performance.now() - startedAt > withinMs) throw new Error(`It did not come about: ${what}`)
    await new Promise(resolve => {
      setTimeout(resolve, 10)
    })
  }
}

export function mailAccess(
  number: number,
  {
    smtpPort,
    imapPort,
    security = 'plain',
    imapSecurity = security,
    address = `user${number}@a.test`,
    password = canary(`mail-${number}`),
    host = 'localhost',
    pinnedCertificate = null,
    allowPlain = true,
  }: {
    readonly smtpPort: number
    readonly imapPort: number
    readonly security?: ConnectionSecurity
    readonly imapSecurity?: ConnectionSecurity
    readonly address?: string
    readonly password?: string
    readonly host?: string
    readonly pinnedCertificate?: string | null
    readonly allowPlain?: boolean
  },
): MailAccess {
  const at = (port: number, how: ConnectionSecurity) => ({
    server: { host, port, security: how },
    user: address,
  })
  return {
    mailboxId: `mailbox-${number}`,
    address,
    connection: {
      smtp: at(smtpPort, security),
      imap: at(imapPort, imapSecurity),
      login: { kind: 'password', separate: false },
      allowPlain,
      pinnedCertificate,
      provider: null,
    },
    credential: async () => ok({ kind: 'password', password }),
  }
}

/** A mailbox of the real servers. */
export function accessTo(
  servers: MailServers,
  number: number,
  security: ConnectionSecurity = 'plain',
  more: { readonly password?: string; readonly pinnedCertificate?: string | null } = {},
): MailAccess {
  const { smtp, submission, submissions, imap, imaps } = servers.ports
  return mailAccess(number, {
    smtpPort: { plain: smtp, starttls: submission, tls: submissions }[security],
    imapPort: security === 'tls' ? imaps : imap,
    security,
    allowPlain: security === 'plain',
    ...more,
  })
}

/** A world of real mail on this machine. */
export function loopbackWorld(options: Partial<MailWorldOptions> = {}): MailWorld {
  return createMailWorld({
    addressesOf: async host => withoutAsking(host) ?? { state: 'absent' },
    networkLog: createNetworkLog({ now: Date.now }),
    clock: realClock,
    log: testLog(),
    ...options,
  })
}

let made = 0
export function outgoing(from: string, to: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  made += 1
  return {
    from: { name: 'Anna', address: from },
    to: { name: 'Bert', address: to },
    subject: `Lunch ${made}`,
    text: 'Hello Bert,\n\nsee you at noon.\n\nAnna\n',
    messageId: `<m${made}.${process.pid}@a.test>`,
    inReplyTo: null,
    references: [],
    headers: { 'X-Token': `token-${made}` },
    at: Date.UTC(2026, 10, 22, 9),
    ...more,
  }
}

export type Watched = {
  readonly mail: MailHandle
  readonly seen: SeenMessage[]
  readonly states: { kind: string; line: string | null }[]
  readonly places: Map<string, FolderPlace>
  ids(): (string | null)[]
  stop(): Promise<void>
}

/** Watches and writes down what it is told. `onMessage` may do more with each. */
export function watched(
  world: MailWorld,
  access: MailAccess,
  places: readonly FolderPlace[] = [],
  onMessage?: (seen: SeenMessage, mail: MailHandle) => Promise<void>,
): Watched {
  const seen: SeenMessage[] = []
  const states: Watched['states'] = []
  const kept = new Map(places.map(place => [place.folder, place]))
  const { mail, stop } = world.watch(access, places, {
    onMessage: async (message, handle) => {
      await onMessage?.(message, handle)
      seen.push(message)
    },
    onPlace: place => void kept.set(place.folder, place),
    onState: state => void states.push(state),
  })
  return { mail, seen, states, places: kept, ids: () => seen.map(({ messageId }) => messageId), stop }
}

export const noSignal = new AbortController().signal
