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
  /** reason: a `DmarcNearMiss`; expected: the record as it should be, or empty. */
  'dmarc.almost': {
    ids: ['DM-04'],
    points: 0,
    severity: 'critical',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'record', 'reason', 'expected'],
  },
  /** reason: a `DmarcReason`; tag: its name, when it has one. High when it touches the policy, medium otherwise. */
  'dmarc.syntax': {
    ids: ['DM-16'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 9989 §4.8',
    facts: ['name', 'record', 'tag', 'term', 'reason', 'position', 'errors', 'expected'],
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
    facts: ['name', 'tag', 'address', 'reason', 'expected'],
  },
  /** name: where it stands; shouldBe: where it belongs; holds: `dmarc` or `spf`; expected: what DMARC should read. */
  'dmarc.wrong-location': {
    ids: ['DM-17'],
    points: 0,
    severity: 'critical',
    rfc: 'RFC 9989 §4.10',
    facts: ['name', 'record', 'shouldBe', 'holds', 'expected'],
  },
  'dmarc.psd': { ids: ['DM-10'], points: 15, severity: 'high', rfc: 'RFC 9989 §4.7', facts: ['name'] },
  /** applied: what subdomains that do not exist get without `np`. */
  'dmarc.np-advised': {
    ids: ['DM-09'],
    points: 0,
    severity: 'low',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'applied'],
  },
  /** tags: `adkim`, `aspf` or both. */
  'dmarc.strict-alignment': {
    ids: ['DM-11'],
    points: 0,
    severity: 'info',
    rfc: 'RFC 9989 §4.4',
    facts: ['name', 'tags'],
  },
  'dmarc.unknown-tag': {
    ids: ['DM-16'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'tags'],
  },
  /** target: where the alias ends; path: every name on the way. */
  'dmarc.alias-dangling': {
    ids: ['DM-17'],
    points: 0,
    severity: 'critical',
    rfc: 'RFC 9989 §4.10',
    facts: ['name', 'target', 'reason', 'path'],
  },
  'dmarc.weaker-than-organisation': {
    ids: ['DM-19'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 9989 §4.10.1',
    facts: ['name', 'policy', 'organisation', 'organisationPolicy'],
  },
  'dmarc.many-report-addresses': {
    ids: ['DM-13'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 9990 §3.5',
    facts: ['name', 'tag', 'count'],
  },
  'dmarc.report-size-limit': {
    ids: ['DM-13'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'tag', 'address', 'size', 'expected'],
  },
  /** asked: the name at which the host would say that it wants the reports; expected: what to publish there. */
  'dmarc.reports-not-permitted': {
    ids: ['DM-14'],
    points: 8,
    severity: 'high',
    rfc: 'RFC 9990 §4',
    facts: ['name', 'tag', 'address', 'host', 'asked', 'expected'],
  },
  /** reason: `null-mx`, `no-mail-server`, `nxdomain`. */
  'dmarc.report-host-no-mail': {
    ids: ['DM-15'],
    points: 8,
    severity: 'high',
    rfc: 'RFC 9990 §3.5',
    facts: ['name', 'tag', 'address', 'host', 'reason'],
  },
  /** reason: `without-ruf`, `redundant`. */
  'dmarc.failure-options': {
    ids: ['DM-18'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'options', 'reason'],
  },
  /**
   * Rests on stored aggregate reports. next: `quarantine-testing`, `quarantine`, `reject`; days, messages: what the reports
   * cover of the domain's own addresses; aligned: how many of these passed; otherSources, otherMessages: addresses that never
   * passed, and what they sent; expected: the record of the next step.
   */
  'dmarc.can-enforce': {
    ids: ['DM-20'],
    points: 0,
    severity: 'info',
    rfc: 'RFC 9989 §4.7',
    facts: [
      'name',
      'policy',
      'next',
      'days',
      'messages',
      'aligned',
      'otherSources',
      'otherMessages',
      'expected',
    ],
  },
}
