import type { Socket } from 'node:net'
import type { CertificateSummary, ServerAddress } from '#shared/model/connection.ts'
import { type Lines, readLines } from '../net/lines.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import {
  afterStartTls,
  explained,
  lookForPlain,
  seeAddresses,
  seeSocket,
  speaksTls,
  tlsEvidence,
} from './connect-smtp.ts'
import { askCapabilities, type ImapGreeting, readImapGreeting, startImapTls } from './imap-dialogue.ts'
import type { TestContext } from './options.ts'
import type { Phases, Seen } from './phases.ts'
import { type Secured, secure } from './secure.ts'

/** What is known of a server before the login; the connection that showed it is closed. */
export type ImapFacts = {
  readonly server: ServerAddress
  /** The address that answered. */
  readonly address: string
  readonly encrypted: boolean
  readonly capabilities: readonly string[]
  readonly pinned: { readonly pem: string; readonly fingerprint: string } | null
}

/** Everything before the login, phase by phase; null when a phase failed. */
export async function connectImap(
  server: ServerAddress,
  context: TestContext,
  phases: Phases,
  onCertificate: (certificate: CertificateSummary) => void,
): Promise<ImapFacts | null> {
  const addresses = await phases.run('imap-dns', () => seeAddresses(server, context))
  if (addresses === null) return null
  const plain = await phases.run('imap-tcp', () => seeSocket('imap', server, addresses, context))
  if (plain === null) return null
  const address = plain.remoteAddress ?? addresses[0] ?? server.host
  try {
    return await talk()
  } finally {
    plain.destroy()
  }

  async function talk(): Promise<ImapFacts | null> {
    let socket: Socket = plain as Socket
    let secured: Secured | null = null
    const secureNow = async (): Promise<Stage<Seen<Secured>>> => {
      const end = await secure(socket, server, context, onCertificate)
      return end.ok ? done({ value: end.value, evidence: tlsEvidence(end.value) }) : end
    }
    if (server.security === 'tls') {
      secured = await phases.run('imap-tls', () =>
        explained(secureNow(), () => lookForPlain('imap', server, addresses ?? [], context)),
      )
      if (secured === null) return null
      socket = secured.socket
    }
    let lines = readLines(socket)
    const greeting = await phases.run('imap-greeting', () =>
      seeGreeting(lines, server, addresses ?? [], context),
    )
    if (greeting === null) return null
    let capabilities = await phases.run('imap-capabilities', () =>
      seeCapabilities(socket, lines, greeting, server, context),
    )
    if (capabilities === null) return null
    if (server.security === 'starttls') {
      secured = await phases.run('imap-tls', async () => {
        const ready = await startImapTls(socket, lines, context)
        if (!ready.ok) return ready
        lines.release()
        const end = afterStartTls(await secureNow())
        if (!end.ok) return end
        socket = end.value.value.socket
        lines = readLines(socket, true)
        // What was offered in the open may have been forged (RFC 9051 §6.2.1).
        const again = await askCapabilities(socket, lines, context, 'R3')
        if (!again.ok) return again
        capabilities = again.value
        return end
      })
      if (secured === null) return null
    }
    socket.end('R9 LOGOUT\r\n')
    return {
      server,
      address,
      encrypted: secured !== null,
      capabilities,
      pinned: secured?.certificate.pinned
        ? { pem: secured.pem, fingerprint: secured.certificate.fingerprint }
        : null,
    }
  }
}

/** A server that says nothing may be waiting for TLS: after a while a short look tells. */
async function seeGreeting(
  lines: Lines,
  server: ServerAddress,
  addresses: readonly string[],
  context: TestContext,
): Promise<Stage<Seen<ImapGreeting>>> {
  const { silenceMs, replyMs } = context.waits
  let greeting = await readImapGreeting(lines, context, Math.min(silenceMs, replyMs))
  if (!greeting.ok && greeting.trouble.code === 'net.silent' && server.security !== 'tls') {
    if (await speaksTls('imap', server, addresses, context)) {
      return trouble('tls.wrong-mode', null, { speaks: 'tls' })
    }
    greeting = await readImapGreeting(lines, context, Math.max(0, replyMs - silenceMs))
  }
  return greeting.ok ? done({ value: greeting.value, evidence: greeting.value.text }) : greeting
}

async function seeCapabilities(
  socket: Socket,
  lines: Lines,
  greeting: ImapGreeting,
  server: ServerAddress,
  context: TestContext,
): Promise<Stage<Seen<readonly string[]>>> {
  const asked = greeting.capabilities
    ? done(greeting.capabilities)
    : await askCapabilities(socket, lines, context)
  if (!asked.ok) return asked
  const offers = asked.value
  if (server.security === 'starttls' && !offers.includes('STARTTLS')) {
    return trouble('tls.starttls-missing', offers.join(' '), { preauthenticated: greeting.preauthenticated })
  }
  if (server.security === 'plain' && !context.allowPlain) {
    return trouble('tls.plain-not-allowed', null, { offersStartTls: offers.includes('STARTTLS') })
  }
  return done({ value: offers, evidence: offers.join(' ') })
}
