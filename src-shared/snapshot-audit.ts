import type { AuditReport } from './model/audit.ts'
import type { SnapshotAnswer, SnapshotAudit } from './model/snapshot.ts'

/** What a report keeps of its audit, ready to be given again: every answer, and the times. */
export function snapshotAuditOf(report: Readonly<AuditReport>): SnapshotAudit {
  const { domain, startedAt, tookMs, queries, raw } = report
  return {
    domain,
    startedAt,
    tookMs,
    queries,
    // The reasons of a report are those of its look-ups; only its schema has forgotten which there are.
    answers: raw.map(({ values: _values, reason, ...answer }) => ({
      kind: 'dns',
      ...answer,
      reason: reason as SnapshotAnswer['reason'],
    })),
  }
}
