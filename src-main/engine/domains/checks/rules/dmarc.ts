import type { RulesOf } from './rule.ts'

/** The rules of DMARC (RFC 9989, 9990). */
export const dmarcRules: RulesOf<'dmarc'> = {
  'dmarc.missing': {
    ids: ['DM-01'],
    points: 30,
    severity: 'high',
    rfc: 'RFC 9989 §4.10',
    facts: ['domain', 'asked'],
  },
  'dmarc.multiple': {
    ids: ['DM-03'],
    points: 30,
    severity: 'critical',
    rfc: 'RFC 9989 §4.10',
    facts: ['name', 'count', 'records'],
  },
  /** reason: `quotes`, `leading-text`, `version`, `order`. */
  'dmarc.almost': {
    ids: ['DM-04'],
    points: 0,
    severity: 'critical',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'record', 'reason'],
  },
  /** reason: a `DmarcReason`; tag: its name, when it has one. High when it touches the policy, medium otherwise. */
  'dmarc.syntax': {
    ids: ['DM-16'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 9989 §4.8',
    facts: ['name', 'record', 'tag', 'term', 'reason', 'position', 'errors'],
  },
  /** applied: what receivers do instead, `none` or `nothing`. */
  'dmarc.policy-missing': {
    ids: ['DM-05'],
    points: 15,
    severity: 'high',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'record', 'applied'],
  },
  'dmarc.policy-none': {
    ids: ['DM-06'],
    points: 10,
    severity: 'medium',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'tag'],
  },
  'dmarc.subdomain-policy-weaker': {
    ids: ['DM-06'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'tag', 'policy', 'subdomainPolicy'],
  },
  /** applied: the policy that is in force while testing. */
  'dmarc.testing': {
    ids: ['DM-08'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'policy', 'applied'],
  },
  'dmarc.removed-tag': {
    ids: ['DM-07'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 9989 Appendix A.6',
    facts: ['name', 'tags'],
  },
  'dmarc.no-reports': { ids: ['DM-12'], points: 5, severity: 'medium', rfc: 'RFC 9990 §3', facts: ['name'] },
  /** reason: a `ReportUriReason`. */
  'dmarc.report-address-invalid': {
    ids: ['DM-13'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'tag', 'address', 'reason'],
  },
  /** name: where it stands; shouldBe: where it belongs; holds: `dmarc` or `spf`, the kind of record. */
  'dmarc.wrong-location': {
    ids: ['DM-17'],
    points: 0,
    severity: 'critical',
    rfc: 'RFC 9989 §4.10',
    facts: ['name', 'record', 'shouldBe', 'holds'],
  },
  'dmarc.psd': { ids: ['DM-10'], points: 15, severity: 'high', rfc: 'RFC 9989 §4.7', facts: ['name'] },
}
