import type { RulesOf } from './rule.ts'

/** The rules of the names of sending addresses (RFC 1912, 8601). */
export const ptrRules: RulesOf<'ptr'> = {
  /** role: `sender`, SPF lists it, or `mx`, where it is a note. */
  'ptr.missing': {
    ids: ['PTR-01'],
    points: 8,
    severity: 'high',
    rfc: 'RFC 1912 §2.1',
    facts: ['address', 'role'],
  },
  'ptr.not-confirmed': {
    ids: ['PTR-01'],
    points: 8,
    severity: 'high',
    rfc: 'RFC 8601 §3',
    facts: ['address', 'host', 'role'],
  },
  'ptr.generic': {
    ids: ['PTR-01'],
    points: 5,
    severity: 'high',
    rfc: 'RFC 1912 §2.1',
    facts: ['address', 'host', 'role'],
  },
}
