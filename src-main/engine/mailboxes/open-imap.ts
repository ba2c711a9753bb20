import type { Socket } from 'node:net'
import type { ImapFlow } from 'imapflow'
import type { ConnectionFailure, ConnectionSettings, Credential } from '#shared/model/connection.ts'
import type { Purpose } from '#shared/model/settings.ts'
import { startDeadline } from '../net/deadline.ts'
import { done, trouble } from '../net/trouble.ts'
import { connectImap } from './connect-imap.ts'
import { type ConnectionTestOptions, pinFor, type TestContext, usualPorts, usualWaits } from './options.ts'
import { ownLooks } from './looks.ts'
import { createPhases } from './phases.ts'
import { authoritiesWith } from './secure.ts'
import { asciiServer } from './reach.ts'
import { secretsOf } from './secrets-of.ts'
import { logInImap } from './test-imap.ts'

export type Reached<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ConnectionFailure }

/** A mailbox that is logged in to; nothing is opened in it yet. */
export type OpenedImap = {
  /** One call of the library within the time of a reply, its error translated. */
  run<T>(work: (client: ImapFlow) => Promise<T>): Promise<Reached<T>>
  /** Logs out. Must be called; no socket is left after it. */
  close(): Promise<void>
}

export type OpenImapOptions = {
  readonly signal: AbortSignal
  /** For everything until it is closed. */
  readonly budgetMs: number
  readonly purpose: Purpose
}

export type OpenImap = (
  settings: ConnectionSettings,
  credential: Credential,
  options: OpenImapOptions,
) => Promise<Reached<OpenedImap>>

/**
 * Logs in to the IMAP server of a mailbox, with the same judgement of its certificate as the connection test. Fails with
 * the phase that failed and a code of the connection test. The settings must have an IMAP server.
 */
export async function openImap(
  settings: ConnectionSettings,
  credential: Credential,
  { signal, budgetMs, purpose, ...options }: OpenImapOptions & Omit<ConnectionTestOptions, 'signal'>,
): Promise<Reached<OpenedImap>> {
  const { imap } = settings
  if (imap === null) throw new Error('There is no server to read from.')
  const deadline = startDeadline(budgetMs, signal)
  const sockets = new Set<Socket>()
  const context: TestContext = {
    deadline,
    waits: { ...usualWaits, testMs: budgetMs, ...options.waits },
    ports: { ...usualPorts, ...options.ports },
    // A reading looks for no other way in, so there is nothing to compare with.
    knownHosts: null,
    looks: ownLooks,
    networkLog: options.networkLog,
    addressesOf: options.addressesOf,
    authorities: options.ca === undefined ? undefined : authoritiesWith(options.ca),
    pinnedCertificate: pinFor('imap', settings),
    allowPlain: settings.allowPlain,
    purpose,
    onSocket: socket => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    },
  }
  const phases = createPhases(secretsOf(settings, credential))
  const failed = (): Reached<never> => {
    const failure = phases.failures.at(-1)
    if (failure === undefined) throw new Error('Nothing has failed.')
    return { ok: false, failure }
  }
  const end = () => {
    // The last first, as in the connection test.
    for (const socket of [...sockets].toReversed()) socket.destroy()
    deadline.end()
  }
  const session = await logIn().catch((error: unknown) => {
    end()
    throw error
  })
  if (session === null) {
    end()
    return failed()
  }
  return {
    ok: true,
    value: {
      run: async work => {
        const value = await phases.run('imap-folders', async () => {
          const called = await session.call('command', async client => ({ result: await work(client) }))
          return called.ok ? done({ value: called.value, evidence: null }) : called
        })
        return value === null ? failed() : { ok: true, value: value.result }
      },
      close: async () => {
        await session.close()
        end()
      },
    },
  }

  async function logIn() {
    if (imap === null) return null
    const facts = await connectImap(asciiServer(imap.server), context, phases, () => {})
    if (facts === null) return null
    return phases.run('imap-login', async () => {
      if (deadline.signal.aborted) return trouble('test.cancelled')
      const entered = await logInImap(facts, imap, credential, context)
      return entered.ok ? done({ value: entered.value.session, evidence: entered.value.method }) : entered
    })
  }
}
