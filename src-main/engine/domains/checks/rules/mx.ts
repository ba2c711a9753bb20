import type { RulesOf } from './rule.ts'

/** The rules of MX (RFC 5321, 7505). */
export const mxRules: RulesOf<'mx'> = {
  'mx.missing': { ids: ['MX-01'], points: 20, severity: 'critical', rfc: 'RFC 5321 §5.1', facts: ['domain'] },
  'mx.implicit': {
    ids: ['MX-02'],
    points: 10,
    severity: 'medium',
    rfc: 'RFC 5321 §5.1',
    facts: ['domain', 'addresses'],
  },
  'mx.null': { ids: ['MX-03'], points: 5, severity: 'medium', rfc: 'RFC 7505 §4.2', facts: ['domain'] },
  'mx.null-with-others': {
    ids: ['MX-03'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 7505 §3',
    facts: ['others'],
  },
  'mx.target-is-address': {
    ids: ['MX-05'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 1035 §3.3.9',
    facts: ['host', 'preference'],
  },
  'mx.target-missing': {
    ids: ['MX-05'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 5321 §5.1',
    facts: ['host', 'preference'],
  },
  'mx.target-is-alias': {
    ids: ['MX-04'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 2181 §10.3',
    facts: ['host', 'canonical'],
  },
  'mx.target-private': {
    ids: ['MX-06'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 6890 §2.2',
    facts: ['host', 'addresses'],
  },
  /** providers: names of those that the hosts belong to, the most hosts first; hosts: those of the others. */
  'mx.mixed-providers': {
    ids: ['MX-07'],
    points: 10,
    severity: 'high',
    rfc: 'RFC 5321 §5.1',
    facts: ['providers', 'hosts'],
  },
  'mx.duplicate-host': {
    ids: ['MX-09'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 2181 §5',
    facts: ['host', 'count'],
  },
  'mx.verification-leftover': {
    ids: ['MX-09'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 5321 §5.1',
    facts: ['host'],
  },
  'mx.single': { ids: ['MX-08'], points: 0, severity: 'info', rfc: 'RFC 5321 §5.1', facts: ['host'] },
}
