import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { Credential } from '#shared/model/connection.ts'
import type { Failure } from '#shared/failure.ts'
import type { MailboxConnection } from '#shared/model/mailbox.ts'
import { startDeadline } from '../../net/deadline.ts'
import { evidenceOf } from '../../net/evidence.ts'
import { limits } from '../../net/limits.ts'
import type { NetworkLog } from '../../net/network-log.ts'
import type { Trouble } from '../../net/trouble.ts'
import { ownLooks } from '../looks.ts'
import {
  type AddressesOf,
  type ConnectionWaits,
  type MailProtocol,
  pinFor,
  type TestContext,
  usualPorts,
  usualWaits,
} from '../options.ts'
import type { Phases } from '../phases.ts'
import { secretsOf } from '../secrets-of.ts'

/** What every contact with a mail server shares. */
export type Contacts = {
  readonly networkLog: NetworkLog
  readonly addressesOf: AddressesOf
  readonly authorities: SecureContext
  readonly waits: ConnectionWaits
}

export type Contact = {
  readonly context: TestContext
  /** Closes every socket and ends the deadline. */
  end(): void
}

/** One contact with a server, at most `budgetMs`, under the rules of the mailbox. */
export function startContact(
  contacts: Contacts,
  protocol: MailProtocol,
  connection: MailboxConnection,
  signal: AbortSignal,
  budgetMs: number,
): Contact {
  const deadline = startDeadline(budgetMs, signal)
  const sockets = new Set<Socket>()
  return {
    context: {
      deadline,
      waits: contacts.waits,
      ports: usualPorts,
      knownHosts: null,
      looks: ownLooks,
      networkLog: contacts.networkLog,
      purpose: 'warmup',
      addressesOf: contacts.addressesOf,
      authorities: contacts.authorities,
      pinnedCertificate: pinFor(protocol, connection),
      allowPlain: connection.allowPlain,
      onSocket: socket => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
      },
    },
    end: () => {
      // The last first: Node may end the whole process when a socket goes before the TLS that stands on it.
      for (const socket of [...sockets].toReversed()) socket.destroy()
      deadline.end()
    },
  }
}

export function exchangeWaits(waits: Partial<ConnectionWaits>, messageMs: number): ConnectionWaits {
  return { ...usualWaits, messageMs, ...waits }
}

/** Phases that nobody watches: only what went wrong is kept. */
export function quietPhases(): Phases & { trouble(): Trouble | null } {
  let first: Trouble | null = null
  return {
    run: async (_phase, work) => {
      const stage = await work()
      if (stage.ok) return stage.value.value
      first ??= stage.trouble
      return null
    },
    notice: () => undefined,
    end: () => undefined,
    failures: [],
    notices: [],
    // oxlint-disable-next-line require-yield
    events: async function* () {
      return
    },
    trouble: () => first,
  }
}

/** The server's own line, fit to be shown and without anything that proves who we are. */
export function lineOf(
  { evidence }: Trouble,
  connection: Pick<MailboxConnection, 'smtp' | 'imap'>,
  credential: Credential | null,
): string | null {
  if (evidence === null) return null
  const secrets = credential === null ? [] : secretsOf(connection, credential)
  return evidenceOf(evidence, secrets, limits.replyCharacters)
}

/** Whether a failure says that this machine has no network, and nothing about the server. */
export function isOffline({ code, facts }: Trouble): boolean {
  return code === 'dns.timeout' || code === 'net.unreachable' || facts['reason'] === 'network-unreachable'
}

/** Whether only a person can mend it: a new look would be refused like the last one. */
export function needsPerson({ code }: Trouble): boolean {
  const passing = ['auth.unavailable', 'auth.too-many-attempts', 'auth.token-expired']
  return code === 'tls.plain-not-allowed' || (code.startsWith('auth.') && !passing.includes(code))
}

/** Whether a server refused a token that a renewal may replace. */
export function isRefusedToken({ code }: Trouble): boolean {
  return code === 'auth.token-expired' || code === 'auth.sign-in-again'
}

/** Failures to get at the credential that a new look does not mend. */
export function credentialNeedsPerson({ code }: Failure): boolean {
  return [
    'mailbox-credential-missing',
    'vault-damaged',
    'vault-key-gone',
    'oauth-not-signed-in',
    'oauth-sign-in-again',
  ].includes(code)
}
