import type { ImapFlow } from 'imapflow'
import type { Credential, MailServer } from '#shared/model/connection.ts'
import type { Deadline } from '../../net/deadline.ts'
import type { ImapMoment } from '../../net/imap-replies.ts'
import { limits } from '../../net/limits.ts'
import type { MailAccess } from '../../net/mail-world.ts'
import { done, type Stage, type Trouble } from '../../net/trouble.ts'
import { connectImap } from '../connect-imap.ts'
import type { ImapClient } from '../imap-client.ts'
import type { TestContext } from '../options.ts'
import { asciiServer, findAddresses } from '../reach.ts'
import {
  type Contacts,
  credentialNeedsPerson,
  isOffline,
  isRefusedToken,
  lineOf,
  needsPerson,
  quietPhases,
  startContact,
} from './contact.ts'
import { type MailFolders, sortFolders } from './folders.ts'

/** A connection that is logged in. */
export type MailSession = {
  readonly client: ImapFlow
  readonly isGmail: boolean
  isOpen(): boolean
  /** One call of the library within the deadline, its error translated. */
  call<T>(
    moment: ImapMoment,
    deadline: Deadline,
    work: (client: ImapFlow) => Promise<T>,
    waitMs?: number,
  ): Promise<Stage<T>>
  listFolders(oursName: string, deadline: Deadline): Promise<Stage<MailFolders>>
  close(): Promise<void>
}

/** Why a mailbox cannot be looked at. */
export type Unreachable = {
  readonly reason: string
  readonly line: string | null
  /** A person has to mend it; nothing is tried before that. */
  readonly needsPerson: boolean
  readonly offline: boolean
  /** How long the server wants to be left alone, where it says so. */
  readonly waitMs?: number
}

export type OpenedSession =
  | { readonly ok: true; readonly session: MailSession }
  | { readonly ok: false; readonly why: Unreachable }

/** Certificates that were pinned, by fingerprint, as the library needs them; they are seen once and then known. */
export type Pins = Map<string, { readonly pem: string; readonly fingerprint: string } | null>

export type SessionOptions = {
  readonly contacts: Contacts
  readonly pins: Pins
  /** Called when the server tells of something new in the open folder, and when the connection ends. */
  onChange(change: 'exists' | 'closed'): void
}

/**
 * Connects and logs in, at most `limits.mailAskMs`. Never throws. `openImap` reaches the same server another way: once,
 * for a person, by the steps of the connection test and a look at the certificate on a connection of its own, so that it
 * fails with the step and what the server said. Here every mailbox of the pool is opened again and again and stays open:
 * one connection each, and a code and a line are enough.
 */
export async function openSession(
  access: MailAccess,
  signal: AbortSignal,
  options: SessionOptions,
): Promise<OpenedSession> {
  const { connection } = access
  if (connection.imap === null) return unreachable('imap.none', null, true)
  const { context, end } = startContact(options.contacts, 'imap', connection, signal, limits.mailAskMs)
  try {
    if (connection.imap.server.security === 'plain' && !connection.allowPlain)
      return unreachable('tls.plain-not-allowed', null, true)
    const credential = await access.credential(context.deadline.signal)
    if (!credential.ok)
      return unreachable(credential.failure.code, null, credentialNeedsPerson(credential.failure))
    const { server, user } = asAscii(connection.imap)
    const pinned = await pinOf(server, context, options.pins)
    const addresses = pinned.ok ? await findAddresses(server, context) : pinned
    if (!addresses.ok || !pinned.ok) return troubled(addresses.ok ? lost : addresses.trouble, null)
    const opening = { server, user, pinned: pinned.value, addresses: addresses.value, context }
    const opened = await enter(opening, credential.value, options)
    if (opened.ok || !isRefusedToken(opened.trouble))
      return opened.ok
        ? opened
        : troubled(opened.trouble, lineOf(opened.trouble, connection, credential.value))
    const renewed = await access.credential(context.deadline.signal, true)
    if (!renewed.ok) return unreachable(renewed.failure.code, null, credentialNeedsPerson(renewed.failure))
    const again = await enter(opening, renewed.value, options)
    return again.ok ? again : troubled(again.trouble, lineOf(again.trouble, connection, renewed.value))
  } finally {
    end()
  }
}

type Opening = {
  readonly server: MailServer['server']
  readonly user: string
  readonly pinned: { readonly pem: string; readonly fingerprint: string } | null
  readonly addresses: readonly string[]
  readonly context: TestContext
}

type Entered =
  | { readonly ok: true; readonly session: MailSession }
  | { readonly ok: false; readonly trouble: Trouble }

/** Tries the addresses one after the other until one answers. */
async function enter(
  { server, user, pinned, addresses, context }: Opening,
  credential: Credential,
  options: SessionOptions,
): Promise<Entered> {
  // The library comes with the first mailbox that is watched.
  const { createImapClient } = await import('../imap-client.ts')
  let last: Trouble = lost
  for (const address of addresses) {
    const client = createImapClient(
      {
        server,
        address,
        pinned,
        authorities: context.authorities,
        user,
        credential,
        connectMs: Math.min(context.waits.connectMs, context.deadline.remainingMs()),
        greetingMs: context.waits.replyMs,
        socketMs: 4 * limits.mailRoundMs,
      },
      // Two streams of zlib weigh more than all else of a connection that mostly waits.
      { disableCompression: true },
    )
    const { connectMs, tlsMs, replyMs } = context.waits
    const entered = await client.call('login', context.deadline, connectMs + tlsMs + 2 * replyMs, one =>
      one.connect(),
    )
    context.networkLog.record({
      host: server.host,
      port: server.port,
      protocol: 'imap',
      purpose: context.purpose,
      failed: !entered.ok,
    })
    if (entered.ok) return { ok: true, session: sessionOf(client, context.waits.replyMs, options) }
    await client.close()
    last = entered.trouble
    if (last.code.startsWith('tls.')) options.pins.delete(context.pinnedCertificate ?? '')
    if (!otherAddressMayAnswer.includes(last.code)) break
  }
  return { ok: false, trouble: last }
}

const otherAddressMayAnswer: readonly string[] = [
  'net.refused',
  'net.timeout',
  'net.unreachable',
  'net.reset',
]
const lost: Trouble = { code: 'net.closed', evidence: null, facts: {} }

function asAscii({ server, user }: MailServer): MailServer {
  return { server: asciiServer(server), user }
}

/** The pinned certificate as the library needs it; null where none is pinned, or the usual trust suffices. */
async function pinOf(
  server: MailServer['server'],
  context: TestContext,
  pins: Pins,
): Promise<Stage<{ pem: string; fingerprint: string } | null>> {
  const { pinnedCertificate } = context
  if (pinnedCertificate === null || server.security === 'plain') return done(null)
  const known = pins.get(pinnedCertificate)
  if (known !== undefined) return done(known)
  const phases = quietPhases()
  const facts = await connectImap(server, context, phases, () => undefined)
  if (facts === null) return { ok: false, trouble: phases.trouble() ?? lost }
  pins.set(pinnedCertificate, facts.pinned)
  return done(facts.pinned)
}

function sessionOf(
  { client, call, close }: ImapClient,
  replyMs: number,
  { onChange }: SessionOptions,
): MailSession {
  client.on('exists', () => onChange('exists'))
  client.on('close', () => onChange('closed'))
  const session: MailSession = {
    client,
    isGmail: client.capabilities.has('X-GM-EXT-1'),
    isOpen: () => client.usable,
    call: (moment, deadline, work, waitMs = replyMs) => call(moment, deadline, waitMs, work),
    listFolders: async (oursName, deadline) => {
      const listed = await session.call('command', deadline, one => one.list())
      return listed.ok ? done(sortFolders(listed.value, oursName)) : listed
    },
    close,
  }
  return session
}

function troubled(cause: Trouble, line: string | null): OpenedSession {
  const waitMs = cause.facts['waitMs']
  return {
    ok: false,
    why: {
      reason: cause.code,
      line,
      needsPerson: needsPerson(cause),
      offline: isOffline(cause),
      ...(typeof waitMs === 'number' ? { waitMs } : {}),
    },
  }
}

function unreachable(reason: string, line: string | null, needsPerson: boolean): OpenedSession {
  return { ok: false, why: { reason, line, needsPerson, offline: false } }
}
