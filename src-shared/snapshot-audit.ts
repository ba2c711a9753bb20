import type { AuditReport } from './model/audit.ts'
import { type MoreCheckId, moreCheckIds } from './model/check-ids.ts'
import type { DnsSnapshotAnswer, SnapshotAudit } from './model/snapshot.ts'

/** What a report keeps of its audit, ready to be given again: every answer, how far it reached, and the times. */
export function snapshotAuditOf(report: Readonly<AuditReport>): SnapshotAudit {
  const { domain, startedAt, tookMs, queries, raw, reach, checks, rawHttps, rawSmtp } = report
  return {
    domain,
    startedAt,
    tookMs,
    queries,
    reach,
    more: moreCheckIds.filter((id: MoreCheckId) => checks[id] !== undefined),
    answers: [
      // The reasons of a report are those of its look-ups; only its schema has forgotten which there are.
      ...raw.map(({ values: _values, optional: _optional, reason, ...answer }) => ({
        kind: 'dns' as const,
        ...answer,
        reason: reason as DnsSnapshotAnswer['reason'],
      })),
      ...rawHttps.map(page => ({ kind: 'https' as const, page })),
      ...rawSmtp.map(probe => ({ kind: 'smtp' as const, probe })),
    ],
  }
}
