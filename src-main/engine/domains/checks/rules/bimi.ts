import type { RulesOf } from './rule.ts'

/** The rules of BIMI. */
export const bimiRules: RulesOf<'bimi'> = {
  'bimi.multiple': {
    ids: ['BIMI-01'],
    points: 1,
    severity: 'low',
    rfc: 'draft-brand-indicators-for-message-identification §4.3',
    facts: ['name', 'count', 'records'],
  },
  /** reason: a `BimiReason`. */
  'bimi.record-invalid': {
    ids: ['BIMI-01'],
    points: 1,
    severity: 'low',
    rfc: 'draft-brand-indicators-for-message-identification §4.2',
    facts: ['name', 'record', 'reason'],
  },
  /** reason: `policy`, `subdomains` or `percentage`. */
  'bimi.policy-too-weak': {
    ids: ['BIMI-01'],
    points: 1,
    severity: 'low',
    rfc: 'draft-brand-indicators-for-message-identification §4.1',
    facts: ['reason', 'policy'],
  },
  /** reason: a `LogoReason`, an `HttpsFault` or `status`, the first of the problems. */
  'bimi.logo-invalid': {
    ids: ['BIMI-02'],
    points: 1,
    severity: 'low',
    rfc: 'draft-svg-tiny-ps-abrotman §2',
    facts: ['url', 'reason', 'problems'],
  },
  /** reason: a `MarkReason`, an `HttpsFault` or `status`, the first of the problems. */
  'bimi.certificate-invalid': {
    ids: ['BIMI-03'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 9399 §4.1',
    facts: ['url', 'reason', 'problems'],
  },
}
