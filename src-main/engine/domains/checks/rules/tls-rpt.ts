import type { RulesOf } from './rule.ts'

/** The rules of TLS reporting (RFC 8460). */
export const tlsRptRules: RulesOf<'tls-rpt'> = {
  'tls-rpt.multiple': {
    ids: ['TR-01'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 8460 §3',
    facts: ['name', 'count', 'records'],
  },
  /** reason: a `TlsRptReason`. */
  'tls-rpt.record-invalid': {
    ids: ['TR-01'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 8460 §3',
    facts: ['name', 'record', 'reason', 'term'],
  },
}
