import { X509Certificate } from 'node:crypto'
import { isIP, type Socket } from 'node:net'
import {
  checkServerIdentity,
  connect,
  type ConnectionOptions,
  createSecureContext,
  getCACertificates,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import type { CertificateSummary, ServerAddress } from '#shared/model/connection.ts'
import { certificateTroubleOf, codeOf, handshakeTroubleOf } from '../net/classify.ts'
import { partOf } from '../net/deadline.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import type { TestContext } from './options.ts'

/** RFC 8996: nothing older may carry a password. */
const oldestProtocol = 'TLSv1.2'

const contexts = new Map<string, SecureContext>()
const mostContexts = 4

/**
 * The system's authorities and further ones, in PEM. Reading them takes longer than a handshake, so each set is read once.
 */
export function authoritiesWith(further: readonly string[]): SecureContext {
  const key = further.join('\n')
  const known = contexts.get(key)
  if (known) return known
  const context = createSecureContext({
    minVersion: oldestProtocol,
    ca: [...getCACertificates('default'), ...further],
  })
  const [oldest] = contexts.keys()
  if (contexts.size >= mostContexts && oldest !== undefined) contexts.delete(oldest)
  contexts.set(key, context)
  return context
}

function withAuthorities(authorities: SecureContext | undefined): ConnectionOptions {
  return authorities === undefined ? { minVersion: oldestProtocol } : { secureContext: authorities }
}

export type Secured = {
  readonly socket: TLSSocket
  readonly certificate: CertificateSummary
  /** The certificate in PEM, for a library that makes a connection of its own. */
  readonly pem: string
  readonly protocol: string
}

/**
 * Shakes hands on a connected socket and judges the certificate before anything else is sent. A certificate that is not
 * trusted passes only when it is the pinned one, and only within its dates. Fails with a `tls.` code, `net.silent`,
 * `net.reset`, `net.closed` or `test.cancelled`; `onCertificate` hears of the certificate also when it is refused.
 */
export async function secure(
  plain: Socket,
  server: ServerAddress,
  { deadline, waits, authorities, pinnedCertificate }: TestContext,
  onCertificate: (certificate: CertificateSummary) => void,
  waitMs = waits.tlsMs,
): Promise<Stage<Secured>> {
  const own = partOf(deadline, waitMs)
  try {
    const shaken = await shake(plain, server, authorities, own.signal)
    if (shaken === 'aborted') {
      return own.ended() === 'cancelled' ? trouble('test.cancelled') : trouble('net.silent')
    }
    if (shaken instanceof Error) return { ok: false, trouble: handshakeTroubleOf(shaken) }
    // Asked for once: `getPeerX509Certificate` would take it out of the session.
    const shown = shaken.getPeerCertificate()
    if (shown.raw === undefined) return trouble('tls.cert-invalid')
    const peer = new X509Certificate(shown.raw)
    const problem = problemOf(shaken, shown, server.host)
    const dated = problem === 'CERT_HAS_EXPIRED' || problem === 'CERT_NOT_YET_VALID' || !isInDate(peer)
    const pinned = problem !== null && !dated && fingerprintOf(peer) === pinnedCertificate
    const certificate = summaryOf(peer, pinned)
    onCertificate(certificate)
    if (problem === null || pinned) {
      return done({
        socket: shaken,
        certificate,
        pem: peer.toString(),
        protocol: shaken.getProtocol() ?? 'TLS',
      })
    }
    shaken.destroy()
    const code =
      pinnedCertificate !== null && !dated
        ? 'tls.cert-changed'
        : certificateTroubleOf(dated ? datedProblem(peer, problem) : problem, certificate.issuer)
    return trouble(code, `${problem}: ${certificate.subject}, ${certificate.issuer}`, {
      host: server.host,
      issuer: certificate.issuer,
      names: certificate.names.slice(0, 10),
      fingerprint: certificate.fingerprint,
      ...(certificate.validToAt === null ? {} : { validToAt: certificate.validToAt }),
      ...(certificate.validFromAt === null ? {} : { validFromAt: certificate.validFromAt }),
    })
  } finally {
    own.end()
  }
}

function shake(
  plain: Socket,
  { host }: ServerAddress,
  authorities: SecureContext | undefined,
  signal: AbortSignal,
): Promise<TLSSocket | Error | 'aborted'> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve('aborted')
    const socket = connect({
      socket: plain,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...withAuthorities(authorities),
      // Judged below, so that a person learns what is wrong and with which certificate.
      rejectUnauthorized: false,
    })
    const settle = (end: TLSSocket | Error | 'aborted') => {
      signal.removeEventListener('abort', onAbort)
      if (end !== socket) socket.destroy()
      resolve(end)
    }
    const onAbort = () => settle('aborted')
    signal.addEventListener('abort', onAbort, { once: true })
    // Stays for the life of the socket: a late error must not end the process.
    socket.on('error', settle)
    socket.once('close', () => settle(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    socket.once('secureConnect', () => settle(socket))
  })
}

function problemOf(socket: TLSSocket, shown: PeerCertificate, host: string): string | null {
  const error = socket.authorizationError as unknown
  // Typed as an error, and a code in truth.
  const code = typeof error === 'string' ? error : error instanceof Error ? codeOf(error) : null
  if (code !== null && code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return code
  const identity = checkServerIdentity(host, shown)
  return identity === undefined ? null : 'ERR_TLS_CERT_ALTNAME_INVALID'
}

function isInDate({ validFrom, validTo }: X509Certificate): boolean {
  const now = Date.now()
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo)
}

/** A self-signed certificate out of its dates is reported for the dates: that is what has to be mended first. */
function datedProblem(peer: X509Certificate, problem: string): string {
  if (problem === 'CERT_HAS_EXPIRED' || problem === 'CERT_NOT_YET_VALID') return problem
  return Date.parse(peer.validTo) < Date.now() ? 'CERT_HAS_EXPIRED' : 'CERT_NOT_YET_VALID'
}

function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase()
}

function summaryOf(peer: X509Certificate, pinned: boolean): CertificateSummary {
  const names = [...(peer.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)]
  return {
    fingerprint: fingerprintOf(peer),
    subject: oneLine(peer.subject),
    issuer: oneLine(peer.issuer),
    names: names.map(([, name = '']) => name.slice(0, 253)).slice(0, 50),
    validFromAt: dateOf(peer.validFrom),
    validToAt: dateOf(peer.validTo),
    pinned,
  }
}

function dateOf(text: string): number | null {
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at
}

function oneLine(name: string): string {
  return name.split('\n').join(', ').slice(0, 200)
}

/**
 * TLS options for a library that connects by itself: the same judgement as `secure`. A pinned certificate is the only one
 * that is accepted, because it is its own authority and its fingerprint is compared.
 */
export function libraryTls(
  server: ServerAddress,
  authorities: SecureContext | undefined,
  pinned: { readonly pem: string; readonly fingerprint: string } | null,
): ConnectionOptions {
  if (pinned === null) return withAuthorities(authorities)
  return {
    minVersion: oldestProtocol,
    ca: [pinned.pem],
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, peer) =>
      fingerprintOf(new X509Certificate(peer.raw)) === pinned.fingerprint
        ? undefined
        : new Error(`Another certificate than the pinned one of ${server.host}`),
  }
}
