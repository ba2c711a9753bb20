import type { RulesOf } from './rule.ts'

/** The rules of DNSSEC (RFC 4034, 4035). */
export const dnssecRules: RulesOf<'dnssec'> = {
  'dnssec.unsigned': { ids: ['DS-01'], points: 0, severity: 'info', rfc: 'RFC 9364 §2', facts: ['zone'] },
  /** reason: `no-key`, the zone has no keys at all, or `no-match`; keyTags: those the zone above expects. */
  'dnssec.ds-mismatch': {
    ids: ['DS-01'],
    points: 20,
    severity: 'critical',
    rfc: 'RFC 4035 §5',
    facts: ['zone', 'reason', 'keyTags'],
  },
  'dnssec.weak-algorithm': {
    ids: ['DS-01'],
    points: 2,
    severity: 'low',
    rfc: 'RFC 8624 §3.1',
    facts: ['zone', 'algorithms'],
  },
}
