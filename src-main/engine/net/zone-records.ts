import type { ZoneProblem, ZoneProblemReason } from '#shared/model/zone-problem.ts'
import type { ZoneContent, ZoneRecord } from './zone.ts'
import { problemAt } from './zone-text.ts'

export type ZoneFormat = 'master' | 'cloudflare' | 'route53'

export type ZoneFile = ZoneContent & {
  readonly format: ZoneFormat
  /** In the order of the file. What is named here is not in `records`. */
  readonly problems: readonly ZoneProblem[]
  /** The file was read to its end; otherwise too much is wrong, and what was read means nothing. */
  readonly complete: boolean
}

/** A file of which nothing can be used. */
export function unreadable(format: ZoneFormat, reason: ZoneProblemReason, line = 1, column = 1): ZoneFile {
  const problems = [problemAt({ line, column }, reason)]
  return { format, zones: [], records: [], others: [], silent: [], problems, complete: false }
}

/** A transfer ends with the SOA it began with, and a paste may hold an answer twice. */
export function withoutDuplicates(records: readonly ZoneRecord[]): ZoneRecord[] {
  const seen = new Set<string>()
  return records.filter(({ name, type, value }) => {
    const key = `${type} ${name} ${JSON.stringify(value)}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
