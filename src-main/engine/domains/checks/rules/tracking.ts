import type { RulesOf } from './rule.ts'

/** The rules of names handed to other services. */
export const trackingRules: RulesOf<'tracking'> = {
  'tracking.missing': {
    ids: ['TRK-01'],
    points: 5,
    severity: 'high',
    rfc: 'RFC 1034 §3.6.2',
    facts: ['host'],
  },
  /** reason: an `HttpsFault`. */
  'tracking.certificate-invalid': {
    ids: ['TRK-01'],
    points: 5,
    severity: 'high',
    rfc: 'RFC 9110 §4.3.4',
    facts: ['host', 'reason', 'detail'],
  },
  /** reason: `unregistered`, `claimable` at the service, or `gone`, where only the owner of the target can bring it back: medium. */
  'tracking.dangling': {
    ids: ['TRK-02'],
    points: 12,
    severity: 'critical',
    rfc: 'RFC 1034 §3.6.2',
    facts: ['name', 'target', 'reason', 'service'],
  },
}
