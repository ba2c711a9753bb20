import type { CertificateProblem, HttpsFault } from '#shared/model/exchange.ts'
import type { UnavailableReason } from '#shared/model/lookup.ts'

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
