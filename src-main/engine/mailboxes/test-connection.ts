import type { Socket } from 'node:net'
import type {
  CertificateSummary,
  ConnectionAlternative,
  ConnectionEvent,
  ConnectionFailure,
  ConnectionResult,
  ConnectionSettings,
  Credential,
  Delivery,
} from '#shared/model/connection.ts'
import { startDeadline } from '../net/deadline.ts'
import { done } from '../net/trouble.ts'
import { findAlternatives } from './alternatives.ts'
import { connectImap } from './connect-imap.ts'
import { connectSmtp } from './connect-smtp.ts'
import { ownLooks } from './looks.ts'
import { composeTestMessage } from './message.ts'
import { helpFacts } from './discovery/providers.ts'
import {
  type ConnectionTestOptions,
  type MailProtocol,
  pinFor,
  type TestContext,
  usualPorts,
  usualWaits,
} from './options.ts'
import { createPhases, type Phases } from './phases.ts'
import { asciiServer, destroyed } from './reach.ts'
import { arrivalFolders, awaitArrival, failedMethods, markFolders, readDelivery } from './round-trip.ts'
import { secretsOf } from './secrets-of.ts'
import { authoritiesWith } from './secure.ts'
import { type Folder, type ImapSession, logInImap } from './test-imap.ts'
import { logInSmtp, type SmtpSession } from './test-smtp.ts'

/**
 * Tests a mailbox phase by phase and names what is wrong: SMTP and IMAP side by side up to the login, then one message to
 * the mailbox itself, sent once, and its arrival. All of it within one deadline; a cancel, or a reader who leaves, closes
 * every socket. Never throws: what is wrong stands in the result. `partly` when something was not looked at.
 */
export async function* testConnection(
  settings: ConnectionSettings,
  credential: Credential,
  options: ConnectionTestOptions,
): AsyncGenerator<ConnectionEvent, ConnectionResult, void> {
  const startedAt = performance.now()
  const leave = new AbortController()
  const waits = { ...usualWaits, ...options.waits }
  const deadline = startDeadline(waits.testMs, options.signal, leave.signal)
  const sockets = new Set<Socket>()
  const context: TestContext = {
    deadline,
    waits,
    ports: { ...usualPorts, ...options.ports },
    knownHosts: options.knownHosts ?? null,
    looks: options.looks ?? ownLooks,
    networkLog: options.networkLog,
    purpose: 'connection-test',
    addressesOf: options.addressesOf,
    authorities: options.ca === undefined ? undefined : authoritiesWith(options.ca),
    pinnedCertificate: pinFor('smtp', settings),
    allowPlain: settings.allowPlain,
    onSocket: socket => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    },
  }
  const phases = createPhases(secretsOf(settings, credential))
  const run = runTest(settings, credential, context, phases).finally(() => phases.end())
  try {
    yield* phases.events()
    return { ...(await run), tookMs: Math.round(performance.now() - startedAt) }
  } finally {
    leave.abort()
    await run.catch(() => undefined)
    // The last first: Node may end the whole process when a socket goes before the TLS that stands on it.
    await Promise.all([...sockets].toReversed().map(destroyed))
    deadline.end()
  }
}

type Outcome = Omit<ConnectionResult, 'tookMs'>

async function runTest(
  settings: ConnectionSettings,
  credential: Credential,
  context: TestContext,
  phases: Phases,
): Promise<Outcome> {
  const certificates: CertificateSummary[] = []
  const onCertificate = (certificate: CertificateSummary) => certificates.push(certificate)
  const [smtp, imap] = await Promise.all([
    testSmtpSide(settings, credential, context, phases, onCertificate),
    testImapSide(settings, credential, contextOf('imap', settings, context), phases, onCertificate),
  ])
  let delivery: Delivery | null = null
  try {
    if (smtp && settings.testEmail)
      delivery = await tryRoundTrip(settings.address, smtp, imap, context, phases)
  } finally {
    await Promise.all([smtp?.close(), imap?.session.close()])
  }
  // The message itself is the confirmation that was missing.
  const [settled, open] = partition(
    phases.failures,
    ({ code }) => delivery !== null && code === 'send.unconfirmed',
  )
  const { failures, alternatives } = await lookFurther(settings, open, context)
  return {
    result: verdictOf(failures, delivery !== null),
    failures,
    notices: [...settled, ...phases.notices],
    alternatives,
    delivery,
    certificate:
      certificates.find(({ fingerprint }) =>
        failures.some(({ facts }) => facts['fingerprint'] === fingerprint),
      ) ??
      certificates[0] ??
      null,
  }
}

function contextOf(protocol: MailProtocol, settings: ConnectionSettings, context: TestContext): TestContext {
  return { ...context, pinnedCertificate: pinFor(protocol, settings) }
}

type OnCertificate = (certificate: CertificateSummary) => void

async function testSmtpSide(
  { smtp, address }: ConnectionSettings,
  credential: Credential,
  context: TestContext,
  phases: Phases,
  onCertificate: OnCertificate,
): Promise<SmtpSession | null> {
  const connection = await connectSmtp(asciiServer(smtp.server), context, phases, onCertificate)
  if (connection === null) return null
  const session = await phases.run('smtp-login', async () => {
    const entered = await logInSmtp(connection, smtp, credential, context)
    return entered.ok ? done({ value: entered.value.session, evidence: entered.value.mechanism }) : entered
  })
  if (session === null) {
    connection.socket.destroy()
    return null
  }
  const accepted = await phases.run('smtp-envelope', async () => {
    const tried = await session.tryEnvelope(address)
    return tried.ok ? done({ value: true, evidence: tried.value }) : tried
  })
  if (accepted) return session
  await session.close()
  return null
}

type ImapSide = { readonly session: ImapSession; readonly folders: readonly Folder[] }

async function testImapSide(
  { imap }: ConnectionSettings,
  credential: Credential,
  context: TestContext,
  phases: Phases,
  onCertificate: OnCertificate,
): Promise<ImapSide | null> {
  if (imap === null) return null
  const facts = await connectImap(asciiServer(imap.server), context, phases, onCertificate)
  if (facts === null) return null
  const session = await phases.run('imap-login', async () => {
    const entered = await logInImap(facts, imap, credential, context)
    return entered.ok ? done({ value: entered.value.session, evidence: entered.value.method }) : entered
  })
  if (session === null) return null
  const folders = await phases.run('imap-folders', async () => {
    const read = await session.readFolders()
    return read.ok ? done({ value: read.value.folders, evidence: read.value.evidence }) : read
  })
  if (folders === null) {
    await session.close()
    return null
  }
  if (!folders.some(({ kind }) => kind === 'junk')) {
    phases.notice('imap-folders', {
      code: 'imap.no-special-use',
      evidence: null,
      facts: { missing: '\\Junk' },
    })
  }
  return { session, folders }
}

/** Sends the message once and waits for it. What was sent whole is waited for also when nobody confirmed it. */
async function tryRoundTrip(
  address: string,
  smtp: SmtpSession,
  imap: ImapSide | null,
  context: TestContext,
  phases: Phases,
): Promise<Delivery | null> {
  const folders = arrivalFolders(imap?.folders ?? [])
  const marks = imap === null ? null : await markFolders(imap.session, folders)
  const message = await composeTestMessage(address, Date.now())
  const response = await phases.run('send', async () => {
    const sent = await smtp.send(address, address, message.bytes)
    return sent.ok ? done({ value: sent.value, evidence: sent.value }) : sent
  })
  const unconfirmed = phases.failures.some(({ code }) => code === 'send.unconfirmed')
  if (imap === null || marks === null || (response === null && !unconfirmed)) return null
  const acceptedAt = performance.now()
  const arrival = await phases.run('arrival', async () => {
    if (!marks.ok) return marks
    const { messageId } = message
    const seen = await awaitArrival(
      imap.session,
      { folders, marks: marks.value, messageId, acceptedAt },
      context,
    )
    return seen.ok ? done({ value: seen.value, evidence: seen.value.folder.path }) : seen
  })
  if (arrival === null) return null
  const delivery = await phases.run('results', async () => {
    const read = await readDelivery(imap.session, arrival)
    if (!read.ok) return read
    const shown = read.value.authentication.map(({ method, result }) => `${method}=${result}`).join(' ')
    return done({ value: read.value, evidence: shown === '' ? null : shown })
  })
  if (delivery === null) return null
  if (delivery.folderKind === 'junk') {
    const facts = { folder: delivery.folder }
    phases.notice('arrival', { code: 'arrival.in-junk', evidence: null, facts })
  }
  const failed = failedMethods(delivery.authentication)
  if (failed.length > 0) {
    const evidence = delivery.authentication.map(({ method, result }) => `${method}=${result}`).join(' ')
    phases.notice('results', { code: 'arrival.not-authenticated', evidence, facts: { methods: failed } })
  }
  return delivery
}

/** Looks for other ways in where a way in was the matter, and tells a blocked network from a dead server. */
async function lookFurther(
  settings: ConnectionSettings,
  failures: readonly ConnectionFailure[],
  context: TestContext,
): Promise<{ failures: ConnectionFailure[]; alternatives: ConnectionAlternative[] }> {
  const looked = await Promise.all(
    failures.map(async failure => {
      const protocol: MailProtocol | null = failure.phase.startsWith('smtp')
        ? 'smtp'
        : failure.phase.startsWith('imap')
          ? 'imap'
          : null
      const server = protocol === null ? undefined : settings[protocol]?.server
      if (protocol === null || server === undefined) return { failure, offered: [] }
      const found = await findAlternatives(
        protocol,
        asciiServer(server),
        failure.code,
        contextOf(protocol, settings, context),
      )
      const facts = {
        host: server.host,
        port: server.port,
        ...helpFacts(failure.code, server.host),
        ...failure.facts,
      }
      if (found.alsoSilent === null) return { failure: { ...failure, facts }, offered: found.offered }
      const blocked = { code: 'net.port-blocked' as const, facts: { ...facts, alsoSilent: found.alsoSilent } }
      return { failure: { ...failure, ...blocked }, offered: found.offered }
    }),
  )
  return {
    failures: looked.map(({ failure }) => failure),
    alternatives: looked.flatMap(({ offered }) => offered),
  }
}

/** A message that was not seen in time says nothing against the mailbox: it is not fully tested. */
function verdictOf(failures: readonly ConnectionFailure[], arrived: boolean): ConnectionResult['result'] {
  if (failures.some(({ code }) => code !== 'arrival.not-seen')) return 'failed'
  return arrived ? 'passed' : 'partly'
}

function partition<T>(values: readonly T[], isFirst: (value: T) => boolean): [T[], T[]] {
  return [values.filter(isFirst), values.filter(value => !isFirst(value))]
}
