import type { CheckId, Fact, Finding, FindingCode, Severity, Verdict } from '#shared/model/finding.ts'
import { severities } from '#shared/model/finding.ts'

type Rule = {
  readonly severity: Severity
  readonly rfc: string
  /** The facts that a finding of this code carries. */
  readonly facts: readonly string[]
}

/** Every rule of the first audit: how bad a breach is, where the rule stands, and which evidence comes with it. */
export const rules: Record<FindingCode, Rule> = {
  'ns.missing': { severity: 'critical', rfc: 'RFC 1034 §4.2.1', facts: ['domain'] },
  'ns.single': { severity: 'low', rfc: 'RFC 2182 §5', facts: ['zone', 'host'] },

  'mx.missing': { severity: 'critical', rfc: 'RFC 5321 §5.1', facts: ['domain'] },
  'mx.implicit': { severity: 'medium', rfc: 'RFC 5321 §5.1', facts: ['domain', 'addresses'] },
  'mx.null': { severity: 'medium', rfc: 'RFC 7505 §4.2', facts: ['domain'] },
  'mx.null-with-others': { severity: 'critical', rfc: 'RFC 7505 §3', facts: ['others'] },
  'mx.target-is-address': { severity: 'critical', rfc: 'RFC 1035 §3.3.9', facts: ['host', 'preference'] },
  'mx.target-missing': { severity: 'critical', rfc: 'RFC 5321 §5.1', facts: ['host', 'preference'] },
  'mx.target-is-alias': { severity: 'medium', rfc: 'RFC 2181 §10.3', facts: ['host', 'canonical'] },
  'mx.target-private': { severity: 'critical', rfc: 'RFC 6890 §2.2', facts: ['host', 'addresses'] },

  'spf.missing': { severity: 'high', rfc: 'RFC 7208 §4.5', facts: ['domain'] },
  'spf.multiple': { severity: 'critical', rfc: 'RFC 7208 §4.5', facts: ['name', 'count', 'records'] },
  /** reason: `quotes`, `leading-text`, `separator`, `version`, `record-type`. */
  'spf.almost': { severity: 'critical', rfc: 'RFC 7208 §4.5', facts: ['name', 'record', 'reason'] },
  /** reason: an `SpfReason`, or `mechanism-as-modifier`; term: the text that is wrong; position: its offset in record. */
  'spf.syntax': {
    severity: 'critical',
    rfc: 'RFC 7208 §4.6.1',
    facts: ['name', 'record', 'term', 'reason', 'position', 'errors'],
  },
  'spf.too-many-lookups': {
    severity: 'critical',
    rfc: 'RFC 7208 §4.6.4',
    facts: ['lookups', 'limit', 'costliest'],
  },
  'spf.many-lookups': {
    severity: 'medium',
    rfc: 'RFC 7208 §4.6.4',
    facts: ['lookups', 'limit', 'costliest'],
  },
  'spf.too-many-void-lookups': {
    severity: 'high',
    rfc: 'RFC 7208 §4.6.4',
    facts: ['voidLookups', 'limit', 'targets'],
  },
  'spf.too-many-mx-hosts': {
    severity: 'high',
    rfc: 'RFC 7208 §4.6.4',
    facts: ['name', 'term', 'hosts', 'limit'],
  },
  /** via: the names of the records it is reached through, the domain's own record first. */
  'spf.pass-all': { severity: 'critical', rfc: 'RFC 7208 §5.1', facts: ['term', 'via'] },
  'spf.neutral-all': { severity: 'medium', rfc: 'RFC 7208 §5.1', facts: ['term', 'via'] },
  'spf.no-all': { severity: 'medium', rfc: 'RFC 7208 §4.7', facts: ['via'] },
  'spf.ptr': { severity: 'medium', rfc: 'RFC 7208 §5.5', facts: ['term'] },
  'spf.terms-after-all': { severity: 'medium', rfc: 'RFC 7208 §5.1', facts: ['terms', 'all'] },
  'spf.redirect-ignored': { severity: 'medium', rfc: 'RFC 7208 §6.1', facts: ['term', 'all'] },
  /** name: the record that holds the term. reason: `nxdomain`, `nodata`, `not-spf`, `several-records`. */
  'spf.include-without-record': {
    severity: 'critical',
    rfc: 'RFC 7208 §5.2',
    facts: ['name', 'term', 'target', 'reason'],
  },
  'spf.loop': { severity: 'critical', rfc: 'RFC 7208 §4.6.4', facts: ['term', 'target', 'path'] },
  /** left and right: the text on either side of the seam. */
  'spf.string-seam': {
    severity: 'critical',
    rfc: 'RFC 7208 §3.3',
    facts: ['name', 'record', 'left', 'right', 'position'],
  },

  'dmarc.missing': { severity: 'high', rfc: 'RFC 9989 §4.10', facts: ['domain', 'asked'] },
  'dmarc.multiple': { severity: 'critical', rfc: 'RFC 9989 §4.10', facts: ['name', 'count', 'records'] },
  /** reason: `quotes`, `leading-text`, `version`, `order`. */
  'dmarc.almost': { severity: 'critical', rfc: 'RFC 9989 §4.7', facts: ['name', 'record', 'reason'] },
  /** reason: a `DmarcReason`; tag: its name, when it has one. High when it touches the policy, medium otherwise. */
  'dmarc.syntax': {
    severity: 'medium',
    rfc: 'RFC 9989 §4.8',
    facts: ['name', 'record', 'tag', 'term', 'reason', 'position', 'errors'],
  },
  /** applied: what receivers do instead, `none` or `nothing`. */
  'dmarc.policy-missing': { severity: 'high', rfc: 'RFC 9989 §4.7', facts: ['name', 'record', 'applied'] },
  'dmarc.policy-none': { severity: 'medium', rfc: 'RFC 9989 §4.7', facts: ['name', 'tag'] },
  'dmarc.subdomain-policy-weaker': {
    severity: 'medium',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'tag', 'policy', 'subdomainPolicy'],
  },
  /** applied: the policy that is in force while testing. */
  'dmarc.testing': { severity: 'medium', rfc: 'RFC 9989 §4.7', facts: ['name', 'policy', 'applied'] },
  'dmarc.removed-tag': { severity: 'low', rfc: 'RFC 9989 Appendix A.6', facts: ['name', 'tags'] },
  'dmarc.no-reports': { severity: 'medium', rfc: 'RFC 9990 §3', facts: ['name'] },
  /** reason: a `ReportUriReason`. */
  'dmarc.report-address-invalid': {
    severity: 'medium',
    rfc: 'RFC 9989 §4.7',
    facts: ['name', 'tag', 'address', 'reason'],
  },
  /** name: where it stands; shouldBe: where it belongs; holds: `dmarc` or `spf`, the kind of record. */
  'dmarc.wrong-location': {
    severity: 'critical',
    rfc: 'RFC 9989 §4.10',
    facts: ['name', 'record', 'shouldBe', 'holds'],
  },
  'dmarc.psd': { severity: 'high', rfc: 'RFC 9989 §4.7', facts: ['name'] },

  'dkim.none-possible': { severity: 'high', rfc: 'RFC 8020 §2', facts: ['name'] },
  'dkim.none-found': { severity: 'medium', rfc: 'RFC 6376 §3.1', facts: ['tried', 'revoked'] },
  'dkim.revoked': { severity: 'info', rfc: 'RFC 6376 §3.6.1', facts: ['selector', 'name'] },
  /** reason: a `DkimReason`. */
  'dkim.key-invalid': {
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.1',
    facts: ['selector', 'name', 'reason', 'record'],
  },
  'dkim.key-too-short': {
    severity: 'critical',
    rfc: 'RFC 8301 §3.2',
    facts: ['selector', 'name', 'keyBits'],
  },
  'dkim.key-short': { severity: 'medium', rfc: 'RFC 8301 §3.2', facts: ['selector', 'name', 'keyBits'] },
  'dkim.key-very-long': { severity: 'low', rfc: 'RFC 6376 §3.3.3', facts: ['selector', 'name', 'keyBits'] },
  'dkim.testing': { severity: 'medium', rfc: 'RFC 6376 §3.6.1', facts: ['selector', 'name'] },
  'dkim.sha1-only': { severity: 'high', rfc: 'RFC 8301 §3.1', facts: ['selector', 'name', 'hashes'] },
  'dkim.not-for-email': {
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.1',
    facts: ['selector', 'name', 'services'],
  },
  'dkim.version-invalid': {
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.1',
    facts: ['selector', 'name', 'version'],
  },
  'dkim.multiple-records': {
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.2.2',
    facts: ['selector', 'name', 'count'],
  },
  /** target: where the alias ends. Medium while the target is Microsoft's, which makes the second key late. */
  'dkim.alias-dangling': {
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.2',
    facts: ['selector', 'name', 'target', 'reason'],
  },
}

export const checkOrder: readonly CheckId[] = ['spf', 'dkim', 'dmarc', 'mx', 'ns']

/** A finding by its rule; `severity` only where the facts soften or sharpen the rule. */
export function finding(code: FindingCode, facts: Record<string, Fact>, severity?: Severity): Finding {
  const rule = rules[code]
  const check = code.slice(0, code.indexOf('.')) as CheckId
  return { code, severity: severity ?? rule.severity, check, facts, rfc: rule.rfc }
}

/** Worst first, then in the order the checks are read; equal ones stay as they came. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => rankOf(a) - rankOf(b))
}

function rankOf(entry: Finding): number {
  return severities.indexOf(entry.severity) * checkOrder.length + checkOrder.indexOf(entry.check)
}

/**
 * What the findings come to. A breach that was seen stands whatever else could not be looked up; without one,
 * a missing answer leaves the verdict open rather than good.
 */
export function verdictOf(findings: readonly Finding[], complete: boolean): Verdict {
  const has = (...wanted: readonly Severity[]) => findings.some(entry => wanted.includes(entry.severity))
  if (has('critical', 'high')) return 'fail'
  if (!complete) return 'unavailable'
  return has('medium') ? 'warn' : 'pass'
}
