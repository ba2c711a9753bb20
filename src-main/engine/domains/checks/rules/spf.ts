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
  /** reason: `quotes`, `leading-text`, `separator`, `version`, `record-type`. */
  'spf.almost': {
    ids: ['SPF-03'],
    points: 0,
    severity: 'critical',
    rfc: 'RFC 7208 §4.5',
    facts: ['name', 'record', 'reason'],
  },
  /** reason: an `SpfReason`, or `mechanism-as-modifier`; term: the text that is wrong; position: its offset in record. */
  'spf.syntax': {
    ids: ['SPF-12', 'SPF-16', 'SPF-20'],
    points: 20,
    severity: 'critical',
    rfc: 'RFC 7208 §4.6.1',
    facts: ['name', 'record', 'term', 'reason', 'position', 'errors'],
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
    facts: ['name', 'record', 'left', 'right', 'position'],
  },
}
