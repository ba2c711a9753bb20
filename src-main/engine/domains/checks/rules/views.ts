import type { RulesOf } from './rule.ts'

/** The rules of the agreement of nameservers and resolver (RFC 1034). */
export const viewsRules: RulesOf<'views'> = {
  /** servers: what each said, as `host: value`. */
  'views.differs': {
    ids: ['NS-01'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 1034 §4.2.2',
    facts: ['name', 'type', 'servers'],
  },
}
