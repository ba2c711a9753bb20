import type { Socket } from 'node:net'
import type { CertificateSummary, ServerAddress } from '#shared/model/connection.ts'
import { type Lines, readLines } from '../net/lines.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import { lookAt, spokeTls } from './look.ts'
import type { TestContext } from './options.ts'
import type { Phases, Seen } from './phases.ts'
import { findAddresses, openSocket } from './reach.ts'
import { type Secured, secure } from './secure.ts'
import {
  extensionsOf,
  mechanismsOf,
  readGreeting,
  sayHello,
  type SmtpReply,
  startTls,
} from './smtp-dialogue.ts'

export type SmtpConnection = {
  readonly socket: Socket
  readonly lines: Lines
  readonly server: ServerAddress
  readonly encrypted: boolean
  readonly greeting: SmtpReply
  readonly extensions: readonly string[]
  readonly mechanisms: readonly string[]
}

/** Everything before the login, phase by phase; null when a phase failed. */
export async function connectSmtp(
  server: ServerAddress,
  context: TestContext,
  phases: Phases,
  onCertificate: (certificate: CertificateSummary) => void,
): Promise<SmtpConnection | null> {
  const addresses = await phases.run('smtp-dns', () => seeAddresses(server, context))
  if (addresses === null) return null
  const plain = await phases.run('smtp-tcp', () => seeSocket('smtp', server, addresses, context))
  if (plain === null) return null

  let socket: Socket = plain
  let encrypted = false
  const secureNow = async (prepare: () => Promise<Stage<unknown>>): Promise<Stage<Seen<Secured>>> => {
    const prepared = await prepare()
    if (!prepared.ok) return prepared
    const secured = await secure(socket, server, context, onCertificate)
    return secured.ok ? done({ value: secured.value, evidence: tlsEvidence(secured.value) }) : secured
  }

  if (server.security === 'tls') {
    const secured = await phases.run('smtp-tls', () =>
      explained(
        secureNow(async () => done(null)),
        () => lookForPlain('smtp', server, addresses, context),
      ),
    )
    if (secured === null) return null
    socket = secured.socket
    encrypted = true
  }
  let lines = readLines(socket)
  const greeting = await phases.run('smtp-greeting', async () => {
    const read = await readGreetingOrLook(lines, server, addresses, context)
    return read.ok ? done({ value: read.value, evidence: read.value.text }) : read
  })
  if (greeting === null) return null
  const hello = await phases.run('smtp-capabilities', () => seeHello(socket, lines, server, context))
  if (hello === null) return null
  let offered = hello

  if (server.security === 'starttls') {
    const secured = await phases.run('smtp-tls', async () => {
      const end = afterStartTls(
        await secureNow(async () => {
          const ready = await startTls(socket, lines, context)
          if (ready.ok) lines.release()
          return ready
        }),
      )
      if (!end.ok) return end
      socket = end.value.value.socket
      lines = readLines(socket, true)
      // What was offered in the open may have been forged (RFC 3207 §4.2).
      const again = await sayHello(socket, lines, context)
      if (!again.ok) return again
      offered = again.value
      return end
    })
    if (secured === null) return null
    encrypted = true
  }
  return {
    socket,
    lines,
    server,
    encrypted,
    greeting,
    extensions: extensionsOf(offered),
    mechanisms: mechanismsOf(offered),
  }
}

async function seeHello(
  socket: Socket,
  lines: Lines,
  server: ServerAddress,
  { allowPlain, ...context }: TestContext,
): Promise<Stage<Seen<SmtpReply>>> {
  const hello = await sayHello(socket, lines, context)
  if (!hello.ok) return hello
  const offers = extensionsOf(hello.value)
  if (server.security === 'starttls' && !offers.includes('STARTTLS')) {
    return trouble('tls.starttls-missing', offers.join(', '))
  }
  if (server.security === 'plain' && !allowPlain) {
    return trouble('tls.plain-not-allowed', null, { offersStartTls: offers.includes('STARTTLS') })
  }
  return done({ value: hello.value, evidence: offers.join(', ') })
}

/** A server that says nothing may be waiting for TLS: after a while a short look tells. */
async function readGreetingOrLook(
  lines: Lines,
  server: ServerAddress,
  addresses: readonly string[],
  context: TestContext,
): Promise<Stage<SmtpReply>> {
  const { silenceMs, replyMs } = context.waits
  const first = await readGreeting(lines, context, Math.min(silenceMs, replyMs))
  if (first.ok || first.trouble.code !== 'net.silent' || server.security === 'tls') return first
  if (await speaksTls('smtp', server, addresses, context)) {
    return trouble('tls.wrong-mode', null, { speaks: 'tls' })
  }
  return readGreeting(lines, context, Math.max(0, replyMs - silenceMs))
}

export async function speaksTls(
  protocol: 'smtp' | 'imap',
  server: ServerAddress,
  addresses: readonly string[],
  context: TestContext,
): Promise<boolean> {
  const look = await lookAt(protocol, { ...server, security: 'tls' }, addresses, context)
  return look.ok || spokeTls(look.trouble.code)
}

/** What speaks in the open where TLS was expected: another protocol, or ours in another mode. */
export async function lookForPlain(
  protocol: 'smtp' | 'imap',
  server: ServerAddress,
  addresses: readonly string[],
  context: TestContext,
): Promise<ReturnType<typeof trouble> | null> {
  const look = await lookAt(protocol, { ...server, security: 'plain' }, addresses, context)
  if (look.ok)
    return trouble('tls.wrong-mode', null, { speaks: look.value.offersStartTls ? 'starttls' : 'plain' })
  return ['net.captive-or-proxy', 'net.wrong-protocol'].includes(look.trouble.code) ? look : null
}

/** A refusal for the wrong mode, or silence, made precise by a second look. */
export async function explained<T>(
  first: Promise<Stage<T>>,
  look: () => Promise<ReturnType<typeof trouble> | null>,
): Promise<Stage<T>> {
  const stage = await first
  if (stage.ok || !['tls.wrong-mode', 'net.silent'].includes(stage.trouble.code)) return stage
  return (await look()) ?? stage
}

export async function seeAddresses(
  server: ServerAddress,
  context: TestContext,
): Promise<Stage<Seen<readonly string[]>>> {
  const found = await findAddresses(server, context)
  return found.ok ? done({ value: found.value, evidence: found.value.join(', ') }) : found
}

export async function seeSocket(
  protocol: 'smtp' | 'imap',
  server: ServerAddress,
  addresses: readonly string[],
  context: TestContext,
): Promise<Stage<Seen<Socket>>> {
  const opened = await openSocket(protocol, server, addresses, context)
  if (!opened.ok) return opened
  const { remoteAddress = '', remotePort = server.port } = opened.value
  const shown = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress
  return done({ value: opened.value, evidence: `${shown}:${remotePort}` })
}

/** After the server has agreed to TLS, octets that are none are no matter of the port any more. */
export function afterStartTls<T>(stage: Stage<T>): Stage<T> {
  return !stage.ok && stage.trouble.code === 'tls.wrong-mode'
    ? trouble('tls.handshake-failed', stage.trouble.evidence, stage.trouble.facts)
    : stage
}

export function tlsEvidence({ protocol, certificate }: Secured): string {
  const until =
    certificate.validToAt === null
      ? ''
      : `, until ${new Date(certificate.validToAt).toISOString().slice(0, 10)}`
  return `${protocol}, ${certificate.subject}${until}${certificate.pinned ? ', pinned' : ''}`
}
