import type { RulesOf } from './rule.ts'

/** The rules of the website. */
export const webRules: RulesOf<'web'> = {
  'web.no-address': { ids: ['WEB-01'], points: 1, severity: 'low', rfc: 'RFC 1034 §3.6', facts: ['domain'] },
}
