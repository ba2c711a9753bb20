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
  'ns.single': { ids: ['NS-01'], points: 3, severity: 'low', rfc: 'RFC 2182 §5', facts: ['zone', 'host'] },
}
