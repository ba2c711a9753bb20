import type { RulesOf } from './rule.ts'

/** The rules of SPF (RFC 7208). */
export const spfRules: RulesOf<'spf'> = {
  'spf.missing': { ids: ['SPF-01'], points: 20, severity: 'high', rfc: 'RFC 7208 §4.5', facts: ['domain'] },
  'spf.multiple': {
    ids: ['SPF-02'],
    points: 20,
    severity: 'critical',
    rfc: 'RFC 7208 §4.5',
    facts: ['name', 'count', 'records'],
  },
  /** reason: `quotes`, `leading-text`, `separator`, `version`, `record-type`. expected: the record as it was meant, or ''. */
  'spf.almost': {
    ids: ['SPF-03'],
    points: 0,
    severity: 'critical',
    rfc: 'RFC 7208 §4.5',
    facts: ['name', 'record', 'reason', 'expected'],
  },
  /**
   * reason: an `SpfReason`, `mechanism-as-modifier` or `quotes`; term: the text that is wrong; position: its offset in
   * record; expected: the record as it was meant, or '' when that is not clear.
   */
  'spf.syntax': {
    ids: ['SPF-12', 'SPF-16', 'SPF-20'],
    points: 20,
    severity: 'critical',
    rfc: 'RFC 7208 §4.6.1',
    facts: ['name', 'record', 'term', 'reason', 'position', 'errors', 'expected'],
  },
  'spf.too-many-lookups': {
    ids: ['SPF-04'],
    points: 20,
    severity: 'critical',
    rfc: 'RFC 7208 §4.6.4',
    facts: ['lookups', 'limit', 'costliest'],
  },
  'spf.many-lookups': {
    ids: ['SPF-04'],
    points: 2,
    severity: 'medium',
    rfc: 'RFC 7208 §4.6.4',
    facts: ['lookups', 'limit', 'costliest'],
  },
  'spf.too-many-void-lookups': {
    ids: ['SPF-05'],
    points: 15,
    severity: 'high',
    rfc: 'RFC 7208 §4.6.4',
    facts: ['voidLookups', 'limit', 'targets'],
  },
  'spf.too-many-mx-hosts': {
    ids: ['SPF-06'],
    points: 15,
    severity: 'high',
    rfc: 'RFC 7208 §4.6.4',
    facts: ['name', 'term', 'hosts', 'limit'],
  },
  /** via: the names of the records it is reached through, the domain's own record first. */
  'spf.pass-all': {
    ids: ['SPF-07'],
    points: 35,
    severity: 'critical',
    rfc: 'RFC 7208 §5.1',
    facts: ['term', 'via'],
  },
  'spf.neutral-all': {
    ids: ['SPF-08'],
    points: 8,
    severity: 'medium',
    rfc: 'RFC 7208 §5.1',
    facts: ['term', 'via'],
  },
  'spf.no-all': { ids: ['SPF-08'], points: 8, severity: 'medium', rfc: 'RFC 7208 §4.7', facts: ['via'] },
  'spf.ptr': { ids: ['SPF-10'], points: 5, severity: 'medium', rfc: 'RFC 7208 §5.5', facts: ['term'] },
  'spf.terms-after-all': {
    ids: ['SPF-11'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 7208 §5.1',
    facts: ['terms', 'all'],
  },
  'spf.redirect-ignored': {
    ids: ['SPF-11'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 7208 §6.1',
    facts: ['term', 'all'],
  },
  /** name: the record that holds the term. reason: `nxdomain`, `nodata`, `not-spf`, `several-records`. */
  'spf.include-without-record': {
    ids: ['SPF-13'],
    points: 20,
    severity: 'critical',
    rfc: 'RFC 7208 §5.2',
    facts: ['name', 'term', 'target', 'reason'],
  },
  'spf.loop': {
    ids: ['SPF-14'],
    points: 20,
    severity: 'critical',
    rfc: 'RFC 7208 §4.6.4',
    facts: ['term', 'target', 'path'],
  },
  /** left and right: the text on either side of the seam. */
  'spf.string-seam': {
    ids: ['SPF-18'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 7208 §3.3',
    facts: ['name', 'record', 'left', 'right', 'position', 'expected'],
  },
  /** Comes from zone files alone, for DNS cannot carry it. octets: how long the longest string is. */
  'spf.string-too-long': {
    ids: ['SPF-18'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 7208 §3.3',
    facts: ['name', 'record', 'octets', 'limit'],
  },
  /** Low up to 512 octets, where it may still fit a small DNS answer. */
  'spf.record-long': {
    ids: ['SPF-19'],
    points: 1,
    severity: 'medium',
    rfc: 'RFC 7208 §3.4',
    facts: ['name', 'octets', 'limit'],
  },
  /** octets: the whole answer, all TXT records of the name together; count: how many they are. */
  'spf.answer-large': {
    ids: ['SPF-19'],
    points: 3,
    severity: 'medium',
    rfc: 'RFC 7208 §3.4',
    facts: ['name', 'octets', 'limit', 'count'],
  },
  'spf.duplicate-terms': {
    ids: ['SPF-15'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 7208 §4.6.4',
    facts: ['terms'],
  },
  /** terms: ranges that others contain; inside: those others, in the same order. */
  'spf.overlapping-ranges': {
    ids: ['SPF-15'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 7208 §5.6',
    facts: ['terms', 'inside'],
  },
  /** prefix: the number after the slash; limit: the smallest one that is usual. */
  'spf.broad-range': {
    ids: ['SPF-17'],
    points: 15,
    severity: 'high',
    rfc: 'RFC 7208 §5.6',
    facts: ['term', 'prefix', 'limit'],
  },
  'spf.private-range': {
    ids: ['SPF-17'],
    points: 10,
    severity: 'high',
    rfc: 'RFC 6890 §2.2',
    facts: ['terms'],
  },
  /** reason: `nxdomain`, `nodata`, `several-records`, `not-ascii`, `macro-invalid`. */
  'spf.explanation-unusable': {
    ids: ['SPF-21'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 7208 §6.2',
    facts: ['term', 'target', 'reason'],
  },
  /** differs: whether it says something else than the TXT record. */
  'spf.retired-type': {
    ids: ['SPF-22'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 7208 §3.1',
    facts: ['name', 'records', 'differs'],
  },
  'spf.sender-id': {
    ids: ['SPF-22'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 4406 §3',
    facts: ['name', 'records'],
  },
  /** registrable: the domain that does not exist, so that anyone may register it. */
  'spf.lapsed-target': {
    ids: ['SPF-26'],
    points: 15,
    severity: 'high',
    rfc: 'RFC 7208 §5.2',
    facts: ['name', 'term', 'registrable'],
  },
  'spf.wildcard': {
    ids: ['SPF-27'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 7208 §3.5',
    facts: ['name', 'record'],
  },
  /** reason: `hard-without-dkim`, `soft-without-dmarc`. */
  'spf.ending': {
    ids: ['SPF-09'],
    points: 0,
    severity: 'info',
    rfc: 'RFC 7208 §8.4',
    facts: ['all', 'reason'],
  },
  /** service: its name; costs: the look-ups that the term takes. */
  'spf.inert-include': {
    ids: ['SPF-23'],
    points: 3,
    severity: 'medium',
    rfc: 'RFC 7208 §2.4',
    facts: ['term', 'service', 'costs'],
  },
  /** Medium for providers beside Google, Microsoft and Zoho, whose servers a record may name in other ways. */
  'spf.provider-missing': {
    ids: ['SPF-24'],
    points: 15,
    severity: 'high',
    rfc: 'RFC 7208 §5.2',
    facts: ['provider', 'include', 'expected'],
  },
  'spf.non-sending-open': {
    ids: ['SPF-25'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 7208 §10.1.2',
    facts: ['record', 'all', 'expected'],
  },
}
