import type { RulesOf } from './rule.ts'

/** The rules of nameservers (RFC 1034, 2182). */
export const nsRules: RulesOf<'ns'> = {
  'ns.missing': {
    ids: ['NS-01'],
    points: 0,
    severity: 'critical',
    rfc: 'RFC 1034 §4.2.1',
    facts: ['domain'],
  },
  'ns.cname-at-apex': {
    ids: ['NS-03'],
    points: 8,
    severity: 'critical',
    rfc: 'RFC 1034 §3.6.2',
    facts: ['domain', 'target'],
  },
  /** kind: `parked` or `expired`, what such nameservers stand for. */
  'ns.parked': {
    ids: ['NS-04'],
    points: 10,
    severity: 'critical',
    rfc: 'RFC 1034 §4.2.1',
    facts: ['zone', 'hosts', 'kind'],
  },
  'ns.single': { ids: ['NS-01'], points: 3, severity: 'low', rfc: 'RFC 2182 §5', facts: ['zone', 'host'] },
}
