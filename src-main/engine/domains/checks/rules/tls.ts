import type { RulesOf } from './rule.ts'

/** The rules of encryption at the mail servers (RFC 3207, 8996). */
export const tlsRules: RulesOf<'tls'> = {
  /** reason: `not-offered` or `handshake`. */
  'tls.not-offered': {
    ids: ['TLS-01'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 3207 §4',
    facts: ['host', 'reason'],
  },
  /** reason: a `CertificateProblem`; names: those it holds for. */
  'tls.certificate-invalid': {
    ids: ['TLS-01'],
    points: 3,
    severity: 'medium',
    rfc: 'RFC 3207 §4.1',
    facts: ['host', 'reason', 'names'],
  },
  'tls.certificate-expires-soon': {
    ids: ['TLS-01'],
    points: 2,
    severity: 'medium',
    rfc: 'RFC 5280 §4.1.2.5',
    facts: ['host', 'days'],
  },
  'tls.old-version': {
    ids: ['TLS-01'],
    points: 2,
    severity: 'medium',
    rfc: 'RFC 8996 §4',
    facts: ['host', 'protocol'],
  },
}
