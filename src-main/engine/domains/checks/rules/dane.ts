import type { RulesOf } from './rule.ts'

/** The rules of DANE for SMTP (RFC 7672). */
export const daneRules: RulesOf<'dane'> = {
  'dane.unsigned': {
    ids: ['DANE-01'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 7672 §2.2',
    facts: ['host', 'name'],
  },
  'dane.usage': {
    ids: ['DANE-01'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 7672 §3.1.3',
    facts: ['host', 'name', 'usages'],
  },
  'dane.mismatch': {
    ids: ['DANE-01'],
    points: 10,
    severity: 'critical',
    rfc: 'RFC 7672 §2.2',
    facts: ['host', 'name', 'records'],
  },
  'dane.single-record': {
    ids: ['DANE-01'],
    points: 0,
    severity: 'info',
    rfc: 'RFC 7671 §8.1',
    facts: ['host', 'name'],
  },
}
