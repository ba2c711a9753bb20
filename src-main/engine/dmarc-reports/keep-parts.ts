import type { FileOutcome } from '#shared/model/dmarc-report.ts'
import type { Store } from '../storage/open.ts'
import type { ReadPart } from './read-report-file.ts'
import { keepDmarcReport } from './store.ts'

/**
 * Keeps what was read of one file, each report in a transaction of its own, and tells what became of it. A disk that is
 * full throws, as storage does.
 */
export function keepPart(store: Store, file: string, one: ReadPart, now: number): FileOutcome {
  const { part } = one
  if (!one.ok) return { file, part, state: 'refused', code: one.code, facts: { ...one.facts } }
  const { report } = one
  const { domain, organisation, reportId, beginsAt, endsAt, rows, leftOut } = report
  const kept = store.write(writes => keepDmarcReport(writes, report, now))
  if (kept === 'too-old' || kept === 'not-on-list')
    return { file, part, state: 'refused', code: kept, facts: { domain } }
  const messages = rows.reduce((total, row) => total + row.messages, 0)
  const about = { file, part, domain, organisation, reportId, messages }
  return kept === 'duplicate'
    ? { ...about, state: 'duplicate' }
    : { ...about, state: 'read', beginsAt, endsAt, rows: rows.length, leftOut }
}
