import { deflateSync, inflateSync } from 'node:zlib'
import { scoreWithListings } from '#shared/listing-points.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { DomainStatus } from '#shared/model/domain.ts'
import { limits } from '../net/limits.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import { listedOnOf } from './store.ts'
import { summarise } from './summary.ts'
import { domainStatus } from './verify.ts'

type Standing = Row & { status: DomainStatus; added_at: number; audited_at: number | null }

/** Told inside the transaction that keeps a report, before the row rests on it; `before` newest first. */
export type ReportKept = (
  writes: Writes,
  kept: {
    readonly id: string
    readonly before: readonly AuditReport[]
    readonly after: AuditReport
    readonly status: { readonly before: DomainStatus; readonly after: DomainStatus }
  },
) => void

/**
 * Keeps a report and brings the domain's row up to it; returns the status the domain has then, or null when it is no
 * longer on the list and nothing was kept. Of audits that ran at the same time, the row rests on the one that began last.
 */
export function keepReport(
  writes: Writes,
  id: string,
  report: AuditReport,
  now: number,
  onKept?: ReportKept,
): DomainStatus | null {
  const standing = writes.get<Standing>(
    'SELECT status, added_at, audited_at FROM domains WHERE id = ? AND removed_at IS NULL',
    id,
  )
  if (standing === undefined) return null
  const before = onKept === undefined ? [] : earlierReports(writes, id)
  insertReport(writes, id, report)
  if (standing.audited_at !== null && standing.audited_at > report.startedAt) return standing.status
  const summary = summarise(report)
  const status = domainStatus({ status: standing.status, addedAt: standing.added_at }, report, now)
  writes.run(
    `UPDATE domains SET status = ?, score = ?, marks = ?, critical = ?, high = ?, dns_provider = ?, mail_provider = ?,
       checked_at = ?, audited_at = ? WHERE id = ?`,
    status,
    summary.score,
    JSON.stringify(summary.marks),
    summary.critical,
    summary.high,
    summary.dnsProvider,
    summary.mailProvider,
    summary.checkedAt,
    report.startedAt,
    id,
  )
  writes.changed('domains', id, 'put')
  onKept?.(writes, { id, before, after: report, status: { before: standing.status, after: status } })
  return status
}

/** Enough to find a look at which a check that is unavailable now and then was known. */
const earlierKept = 5

/** The newest report, and older ones only while something in it could not be looked up. */
function earlierReports(reads: Reads, id: string): AuditReport[] {
  const sql = 'SELECT body FROM reports WHERE domain_id = ? ORDER BY started_at DESC LIMIT ?'
  const found: AuditReport[] = []
  for (const row of reads.all<{ body: Uint8Array }>(sql, id, earlierKept)) {
    const report: AuditReport = JSON.parse(inflateSync(row.body).toString('utf8'))
    found.push(report)
    const checks = [report.spf, report.dmarc, report.dkim, report.mx]
    if (checks.every(({ state, verdict }) => state !== 'unavailable' && verdict !== 'unavailable')) break
  }
  return found
}

function insertReport(writes: Writes, id: string, report: AuditReport): void {
  writes.run(
    'INSERT OR REPLACE INTO reports (domain_id, started_at, score, body) VALUES (?, ?, ?, ?)',
    id,
    report.startedAt,
    // As it was shown at the time.
    scoreWithListings(report.score.state === 'known' ? report.score.value : null, listedOnOf(writes, id)),
    deflateSync(JSON.stringify(report)),
  )
  writes.run(
    `DELETE FROM reports WHERE domain_id = ? AND started_at <=
       (SELECT started_at FROM reports WHERE domain_id = ? ORDER BY started_at DESC LIMIT 1 OFFSET ?)`,
    id,
    id,
    limits.reportsPerDomain,
  )
}

/** The report the domain's row rests on, or null before the first audit. */
export function lastReport(reads: Reads, id: string): AuditReport | null {
  const sql = 'SELECT body FROM reports WHERE domain_id = ? ORDER BY started_at DESC LIMIT 1'
  return bodyOf(reads.get<{ body: Uint8Array }>(sql, id))
}

/** The report of the audit that began at `at`, in epoch milliseconds, or null when it is not kept. */
export function reportAt(reads: Reads, id: string, at: number): AuditReport | null {
  const sql = 'SELECT body FROM reports WHERE domain_id = ? AND started_at = ?'
  return bodyOf(reads.get<{ body: Uint8Array }>(sql, id, at))
}

function bodyOf(row: { body: Uint8Array } | undefined): AuditReport | null {
  return row === undefined ? null : JSON.parse(inflateSync(row.body).toString('utf8'))
}

/** The scores of the kept reports, oldest first. */
export function scoresOverTime(reads: Reads, id: string): { at: number; score: number | null }[] {
  return reads.all<{ at: number; score: number | null }>(
    'SELECT started_at AS at, score FROM reports WHERE domain_id = ? ORDER BY started_at',
    id,
  )
}
