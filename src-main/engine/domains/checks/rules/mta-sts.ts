import type { RulesOf } from './rule.ts'

/** The rules of MTA-STS (RFC 8461). */
export const mtaStsRules: RulesOf<'mta-sts'> = {
  'mta-sts.multiple': {
    ids: ['STS-01'],
    points: 3,
    severity: 'medium',
    rfc: 'RFC 8461 §3.1',
    facts: ['name', 'count', 'records'],
  },
  /** reason: a `MtaStsRecordReason`. */
  'mta-sts.record-invalid': {
    ids: ['STS-01'],
    points: 3,
    severity: 'medium',
    rfc: 'RFC 8461 §3.1',
    facts: ['name', 'record', 'reason'],
  },
  /** reason: an `HttpsFault`, `status` or `content-type`. */
  'mta-sts.policy-unreachable': {
    ids: ['STS-02'],
    points: 3,
    severity: 'medium',
    rfc: 'RFC 8461 §3.3',
    facts: ['host', 'reason', 'detail'],
  },
  /** reason: a `MtaStsPolicyReason`. High when the policy says `enforce`. */
  'mta-sts.policy-invalid': {
    ids: ['STS-02'],
    points: 3,
    severity: 'medium',
    rfc: 'RFC 8461 §3.2',
    facts: ['reason', 'line', 'errors'],
  },
  /** Critical when the policy is enforced, medium while it is tested. */
  'mta-sts.mx-not-covered': {
    ids: ['STS-03'],
    points: 10,
    severity: 'critical',
    rfc: 'RFC 8461 §4.1',
    facts: ['hosts', 'patterns', 'mode'],
  },
  'mta-sts.max-age-short': {
    ids: ['STS-02'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 8461 §3.2',
    facts: ['maxAgeS'],
  },
  'mta-sts.testing': { ids: ['STS-04'], points: 1, severity: 'low', rfc: 'RFC 8461 §5.1', facts: ['mode'] },
}
