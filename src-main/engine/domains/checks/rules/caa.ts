import type { RulesOf } from './rule.ts'

/** The rules of CAA (RFC 8659). */
export const caaRules: RulesOf<'caa'> = {
  /** reason: a `CaaReason`. */
  'caa.record-invalid': {
    ids: ['CAA-01'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 8659 §4.1',
    facts: ['name', 'record', 'reason'],
  },
  'caa.no-issuer': {
    ids: ['CAA-01'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 8659 §4.2',
    facts: ['host', 'name'],
  },
}
