import type { RulesOf } from './rule.ts'

/** The rules of subdomains that send. */
export const subdomainRules: RulesOf<'subdomain'> = {
  'subdomain.policy-inherited': {
    ids: ['SUB-01'],
    points: 0,
    severity: 'info',
    rfc: 'RFC 9989 §4.10.1',
    facts: ['domain', 'from'],
  },
  'subdomain.return-path-incomplete': {
    ids: ['SUB-01'],
    points: 3,
    severity: 'medium',
    rfc: 'RFC 5321 §5.1',
    facts: ['name'],
  },
}
