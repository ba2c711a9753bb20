import type { ConnectionFacts, ConnectionFailureCode } from '#shared/model/connection.ts'
import type { CertificateProblem, HttpsFault } from '#shared/model/exchange.ts'
import type { UnavailableReason } from '#shared/model/lookup.ts'
import { type ImapMoment, meaningOfImapRefusal, meaningOfTokenStatus } from './imap-replies.ts'
import { meaningOfSmtpReply, type SmtpMoment } from './smtp-replies.ts'
import type { Trouble } from './trouble.ts'

/** What a socket error says about a question; its code is the detail. */
export function reasonOfSocketError(error: Error): { reason: UnavailableReason; detail: string } {
  const code = codeOf(error)
  return { reason: reasons[code] ?? 'network-unreachable', detail: code }
}

const reasons: Readonly<Record<string, UnavailableReason>> = {
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  ECONNABORTED: 'connection-reset',
  EPIPE: 'connection-reset',
  ETIMEDOUT: 'timeout',
}

/** What is wrong with a certificate, by the code of the error that refused it; null when the error is about something else. */
export function certificateProblemOf(code: string): CertificateProblem | null {
  return certificateCodes[code] ?? (/^ERR_TLS_CERT_|^CERT_|_CERT(?:_|$)|_CRL_/.test(code) ? 'invalid' : null)
}

const certificateCodes: Readonly<Record<string, CertificateProblem>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name',
  HOSTNAME_MISMATCH: 'name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  CERT_UNTRUSTED: 'untrusted',
}

/** A fault of the page or its certificate; null for an error on the way there. */
export function httpsFaultOf(error: Error): { fault: HttpsFault; detail: string } | null {
  const code = codeOf(error)
  const problem = certificateProblemOf(code)
  if (problem !== null) return { fault: `certificate-${problem}`, detail: error.message.slice(0, 200) }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return { fault: 'tls-failed', detail: code }
  if (code === 'HPE_HEADER_OVERFLOW') return { fault: 'too-large', detail: code }
  return code.startsWith('HPE_') ? { fault: 'malformed', detail: code } : null
}

export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}

/** What the error of a socket means for a connection to a mail server; null when it is about something else. */
export function socketTroubleOf(error: Error): Trouble | null {
  const codes = [error, ...(error instanceof AggregateError ? error.errors : [])]
    .filter((one): one is Error => one instanceof Error)
    .flatMap(one => [codeOf(one), 'originalCode' in one ? String(one.originalCode) : ''])
  const known = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', ...Object.keys(socketCodes)].find(code =>
    codes.includes(code),
  )
  const means = known === undefined ? undefined : socketCodes[known]
  return means === undefined || known === undefined ? null : { code: means, evidence: known, facts: {} }
}

const socketCodes: Readonly<Record<string, ConnectionFailureCode>> = {
  ECONNREFUSED: 'net.refused',
  ECONNRESET: 'net.reset',
  EPIPE: 'net.reset',
  ECONNABORTED: 'net.reset',
  ETIMEDOUT: 'net.timeout',
  EHOSTUNREACH: 'net.unreachable',
  EHOSTDOWN: 'net.unreachable',
  ENETUNREACH: 'net.unreachable',
  ENETDOWN: 'net.unreachable',
  EADDRNOTAVAIL: 'net.unreachable',
  EINVAL: 'net.unreachable',
  EACCES: 'net.port-blocked',
  EPERM: 'net.port-blocked',
}

/** Why a web server could not be reached. */
export type WayTrouble =
  | 'no-address'
  | 'name-unavailable'
  | 'refused'
  | 'reset'
  | 'network'
  | 'blocked'
  | 'tls'
  | 'proxy'
  | 'timeout'

/** What the error of a request means that got no answer: where the way to the server ends. */
export function wayTroubleOf(error: Error): WayTrouble {
  const code = codeOf(error)
  const socket = socketTroubleOf(error)?.code
  if (socket !== undefined) return waySocketCodes[socket] ?? 'network'
  if (code.startsWith('ERR_PROXY')) return 'proxy'
  return wayCodes[code] ?? (code === 'EPROTO' || code.startsWith('ERR_SSL_') ? 'tls' : 'network')
}

const wayCodes: Readonly<Record<string, WayTrouble>> = {
  ENOTFOUND: 'no-address',
  ENODATA: 'no-address',
  EAI_AGAIN: 'name-unavailable',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
}

const waySocketCodes: Partial<Record<ConnectionFailureCode, WayTrouble>> = {
  'net.refused': 'refused',
  'net.reset': 'reset',
  'net.timeout': 'timeout',
  'net.unreachable': 'network',
  'net.port-blocked': 'blocked',
}

/** What a failed look-up of a mail server's name means. */
export function addressTroubleOf(reason: UnavailableReason, host: string): Trouble {
  const code =
    reason === 'cancelled'
      ? 'test.cancelled'
      : reason === 'timeout' || reason === 'network-unreachable' || reason === 'no-server'
        ? 'dns.timeout'
        : 'dns.failed'
  return { code, evidence: reason, facts: { host, reason } }
}

/** What an error of a TLS handshake means: that the other side speaks no TLS, an old one, or another kind. */
export function handshakeTroubleOf(error: Error): Trouble {
  const code = codeOf(error)
  const evidence = handshakeWords(error)
  const words = `${code} ${error.message}`
  if (
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL|wrong version number/i.test(
      words,
    )
  )
    return { code: 'tls.wrong-mode', evidence, facts: {} }
  if (/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|unsupported protocol|VERSION_TOO_LOW/i.test(words))
    return { code: 'tls.protocol-old', evidence, facts: {} }
  return { ...(socketTroubleOf(error) ?? { code: 'tls.handshake-failed', facts: {} }), evidence }
}

/** OpenSSL's sentence without the thread, the file and the line it came from. */
function handshakeWords(error: Error): string {
  const reason = /:SSL routines:[^:]*:([^:]+)/.exec(error.message)?.[1]
  return reason === undefined ? codeOf(error) : `${codeOf(error)}: ${reason}`
}

/** What a certificate's error means, by its code; `issuer` is whoever signed it, which may be a scanner on this machine. */
export function certificateTroubleOf(code: string, issuer: string): ConnectionFailureCode {
  const means = certificateFailures[code] ?? 'tls.cert-invalid'
  const untrusted = means === 'tls.cert-untrusted' || means === 'tls.cert-self-signed'
  return untrusted && interceptors.test(issuer) ? 'tls.cert-intercepted' : means
}

const certificateFailures: Readonly<Record<string, ConnectionFailureCode>> = {
  CERT_HAS_EXPIRED: 'tls.cert-expired',
  CERT_NOT_YET_VALID: 'tls.cert-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls.cert-name-mismatch',
  HOSTNAME_MISMATCH: 'tls.cert-name-mismatch',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls.cert-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls.cert-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls.cert-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls.cert-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls.cert-untrusted',
  CERT_UNTRUSTED: 'tls.cert-untrusted',
}

/** Programs and boxes that open TLS to look inside, by the name in the certificates they make. */
const interceptors =
  /avast|avg |kaspersky|eset|bitdefender|norton|mcafee|sophos|zscaler|fortinet|fortigate|palo alto|netskope|cisco umbrella|blue ?coat|websense|dr\.? ?web|adguard/i

/** An error of nodemailer. The reply decides before the library's code: it stamps EAUTH on 4xx as well. */
export function smtpTroubleOf(error: Error, asked: SmtpMoment): Trouble {
  const command = 'command' in error && typeof error.command === 'string' ? error.command : ''
  const moment = smtpCommands[command] ?? asked
  const response = 'response' in error && typeof error.response === 'string' ? error.response : null
  if (response !== null && /^[45]\d\d/.test(response)) {
    return {
      code: meaningOfSmtpReply(moment, response),
      evidence: response,
      facts: replyFacts(response),
      moment,
    }
  }
  const code = codeOf(error)
  const socket = socketTroubleOf(error)
  if (code === 'ETIMEDOUT') return { code: 'net.no-reply', evidence: null, facts: {} }
  if (socket) return socket
  if (response !== null) return { code: 'server.misbehaves', evidence: response, facts: {} }
  if (code === 'EPROTOCOL') {
    return {
      code: /size/i.test(error.message) ? 'net.too-much-data' : 'server.misbehaves',
      evidence: null,
      facts: {},
    }
  }
  return { code: smtpLibraryCodes[code] ?? 'server.misbehaves', evidence: null, facts: {} }
}

/** The commands that tell the moment more precisely than the call that was made. */
const smtpCommands: Readonly<Record<string, SmtpMoment>> = {
  'MAIL FROM': 'mail',
  'RCPT TO': 'rcpt',
  DATA: 'data',
}

const smtpLibraryCodes: Readonly<Record<string, ConnectionFailureCode>> = {
  ECONNECTION: 'net.closed',
  ESOCKET: 'net.closed',
  ETLS: 'tls.handshake-failed',
  EOAUTH2: 'auth.sign-in-again',
  ENOAUTH: 'auth.mechanism-unsupported',
  EAUTH: 'auth.mechanism-unsupported',
}

/** The code and the enhanced code (RFC 3463) of a reply. */
export function replyFacts(reply: string): ConnectionFacts {
  const [, code = '', enhanced = ''] = /^(\d{3})[ -](?:([245]\.\d{1,3}\.\d{1,3})\b)?/.exec(reply) ?? []
  return { ...(code === '' ? {} : { reply: Number(code) }), ...(enhanced === '' ? {} : { enhanced }) }
}

export type ImapErrorContext = {
  readonly moment: ImapMoment
  readonly host: string
  readonly oauth: boolean
  /** The server's untagged alerts and its good-bye, as far as they came. */
  readonly alerts: readonly string[]
}

/** An error of imapflow: the server's response decides, then the library's code. */
export function imapTroubleOf(error: Error, { moment, host, oauth, alerts }: ImapErrorContext): Trouble {
  const read = (name: string): string | null => {
    const value: unknown = name in error ? error[name as keyof Error] : null
    return typeof value === 'string' && value !== '' ? value : null
  }
  const code = codeOf(error)
  const status = read('responseStatus')
  const words = read('responseText') ?? read('response')
  const tokenStatus = tokenStatusOf(error)
  if (tokenStatus !== null) {
    return { code: meaningOfTokenStatus(tokenStatus), evidence: words, facts: { status: tokenStatus } }
  }
  if (status === 'NO' || status === 'BAD' || ('authenticationFailed' in error && words !== null)) {
    const responseCode = read('serverResponseCode') ?? responseCodeOf(words ?? '')
    const refusal = {
      status: status ?? 'NO',
      responseCode,
      words: [...alerts, words ?? ''].join(' '),
      host,
      oauth,
    }
    const evidence = [
      ...alerts,
      `${refusal.status} ${responseCode === null || words?.includes(`[${responseCode}`) ? '' : `[${responseCode}] `}${words ?? ''}`,
    ].join(' / ')
    return {
      code: meaningOfImapRefusal(moment, refusal),
      evidence,
      facts: responseCode === null ? {} : { responseCode },
    }
  }
  if (alerts.length > 0 && closedCodes.has(code)) {
    const last = alerts.join(' / ')
    const refusal = { status: 'BYE', responseCode: responseCodeOf(last), words: last, host, oauth }
    return { code: meaningOfImapRefusal(moment, refusal), evidence: last, facts: {} }
  }
  const certificate = certificateProblemOf(code)
  if (certificate !== null) return { code: certificateTroubleOf(code, ''), evidence: code, facts: {} }
  const known = imapLibraryCodes[code] ?? (code.startsWith('ParserError') ? 'server.misbehaves' : undefined)
  if (known) return { code: known, evidence: null, facts: {} }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return handshakeTroubleOf(error)
  const socket = socketTroubleOf(error)
  if (socket) return socket
  const mechanism = 'authenticationFailed' in error || /unsupported authentication/i.test(error.message)
  return { code: mechanism ? 'auth.mechanism-unsupported' : 'server.misbehaves', evidence: null, facts: {} }
}

const closedCodes: ReadonlySet<string> = new Set([
  'NoConnection',
  'EConnectionClosed',
  'StateLogout',
  'ClosedAfterConnectText',
  'ClosedAfterConnectTLS',
])

const imapLibraryCodes: Readonly<Record<string, ConnectionFailureCode>> = {
  ...Object.fromEntries([...closedCodes].map(code => [code, 'net.closed' as const])),
  CONNECT_TIMEOUT: 'net.timeout',
  GREETING_TIMEOUT: 'net.silent',
  UPGRADE_TIMEOUT: 'net.no-reply',
  ETIMEOUT: 'net.no-reply',
  ETHROTTLE: 'limit.bandwidth',
  STARTTLS_INJECTION: 'tls.starttls-injected',
  LiteralTooLarge: 'net.too-much-data',
  LineTooLarge: 'net.too-much-data',
  ResponseTooLarge: 'net.too-much-data',
  MAX_IMAP_NESTING_REACHED: 'net.too-much-data',
  UnexpectedTag: 'server.misbehaves',
  InvalidResponse: 'server.misbehaves',
  ResponseProcessingFailed: 'server.misbehaves',
}

function responseCodeOf(words: string): string | null {
  return /\[([A-Z][A-Z0-9-]*)[^\]]*\]/i.exec(words)?.[1]?.toUpperCase() ?? null
}

function tokenStatusOf(error: Error): string | null {
  const answer: unknown = 'oauthError' in error ? error.oauthError : null
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) return null
  return typeof answer.status === 'string' || typeof answer.status === 'number' ? String(answer.status) : null
}

/** Whether imapflow says only that the connection is gone; what ended it was reported elsewhere. */
export function isConnectionEnd(error: Error): boolean {
  return closedCodes.has(codeOf(error))
}
