import type { ZoneProblem } from '#shared/model/zone-problem.ts'
import type { ZoneContent, ZoneRecord } from './zone.ts'
import type { ZoneFormat } from './zone-records.ts'
import { problemAt } from './zone-text.ts'

/** Where each record began, for the rules that look at more than one. */
export type PlacedRecord = { readonly record: ZoneRecord; readonly line: number; readonly column: number }

type Checked = {
  readonly records: ZoneRecord[]
  readonly silent: ZoneContent['silent'][number][]
  readonly problems: ZoneProblem[]
}

/**
 * A name with a CNAME has nothing else, and only one (RFC 1034 §3.6.2, RFC 2181 §10.1). Which of the two was meant nobody
 * knows, so the name becomes silent. Cloudflare publishes the addresses of the target in place of a CNAME that stands
 * beside other records, and these are not in the file.
 */
export function checkAliases(placed: readonly PlacedRecord[], format: ZoneFormat): Checked {
  const checked: Checked = { records: [], silent: [], problems: [] }
  const aliases = new Map<string, PlacedRecord[]>()
  for (const entry of placed) {
    if (entry.record.type !== 'CNAME') continue
    const known = aliases.get(entry.record.name) ?? []
    if (!known.some(other => other.record.value === entry.record.value)) known.push(entry)
    aliases.set(entry.record.name, known)
  }
  const crowded = new Map<string, PlacedRecord>()
  for (const entry of placed) {
    const { name, type } = entry.record
    if (type !== 'CNAME' && aliases.has(name) && !crowded.has(name)) crowded.set(name, entry)
  }
  for (const [name, [, second]] of aliases) {
    const other = crowded.get(name)
    const alias = aliases.get(name)?.[0]
    if (other !== undefined && alias !== undefined && format === 'cloudflare') {
      for (const type of ['A', 'AAAA'] as const) checked.silent.push({ name, type, reason: 'not-in-zone' })
    } else if (other !== undefined && alias !== undefined) {
      const later = other.line > alias.line ? other : alias
      checked.problems.push(problemAt({ ...later, text: name }, 'alias-and-other'))
      checked.silent.push({ name, type: null, reason: 'zone-unreadable' })
    } else if (second !== undefined) {
      checked.problems.push(problemAt({ ...second, text: name }, 'alias-twice'))
      checked.silent.push({ name, type: null, reason: 'zone-unreadable' })
    }
  }
  const isFlat = (record: ZoneRecord) =>
    record.type === 'CNAME' && format === 'cloudflare' && crowded.has(record.name)
  for (const { record } of placed) if (!isFlat(record)) checked.records.push(record)
  return checked
}
