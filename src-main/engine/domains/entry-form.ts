import { quotedStrings } from '#shared/record-text/character-strings.ts'
import type { DnsProvider } from '#shared/model/provider.ts'
import type { RequiredRecord } from '#shared/model/record-plan.ts'

type Rule = Pick<DnsProvider, 'nameField' | 'apex' | 'txt' | 'mx' | 'quirks'>

/** What most providers want; used while the provider is not known. */
export const usualRule: Rule = { nameField: 'bare', apex: '@', txt: 'plain', mx: 'split', quirks: [] }

/** What the provider's name box takes for `name`: all of it, or what stands left of the `zone`. */
export function enterName(name: string, zone: string, rule: Rule): string {
  if (rule.nameField === 'full') return name
  if (name === zone) return rule.apex
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : name
}

/** What the provider's value box takes: quoted strings of at most 255 octets, a host apart from its priority, an ending dot. */
export function enterValue(type: RequiredRecord['type'], value: string, rule: Rule): string {
  const dot = rule.quirks.includes('target-needs-trailing-dot') && !value.endsWith('.') ? '.' : ''
  if (type === 'TXT') return rule.txt === 'quoted' ? quotedStrings(value) : value
  if (type === 'CNAME') return `${value}${dot}`
  const host = rule.mx === 'split' ? value.replace(/^\d+\s+/, '') : value
  return `${host}${dot}`
}
