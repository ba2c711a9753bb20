import type { AuditReport, AuditRow } from '#shared/model/audit.ts'
import type { CheckId } from '#shared/model/check-ids.ts'
import type { Finding } from '#shared/model/finding.ts'
import { type ReportView, useReport } from '../../../client/use-report.ts'
import { usePlannedChecks } from './planned-checks.ts'

/** A run under way: what has been checked so far. */
export type AuditRun = {
  checks: readonly CheckId[]
  done: ReadonlySet<CheckId>
  rows: readonly AuditRow[]
  findings: readonly Finding[]
  queries: number
}

export type AuditView = ReportView<AuditReport, AuditRun>

const freshRun: Omit<AuditRun, 'checks'> = { done: new Set(), rows: [], findings: [], queries: 0 }

/**
 * The stored report of a domain, and an audit that can be started and stopped. `checkedAt` is the row's: when it moves,
 * somebody else checked, and the report is fetched again.
 */
export function useAudit(id: string, checkedAt: number | null | undefined): AuditView {
  const checks = usePlannedChecks()
  return useReport(
    { id, version: checkedAt },
    {
      stored: (client, id) => client.domains.report({ id }),
      look: (client, id, signal) => client.domains.audit({ id }, { signal }),
      first: (): AuditRun => ({ checks, ...freshRun }),
      next: (before, event) =>
        event.kind === 'started'
          ? { ...before, checks: event.checks }
          : {
              checks: before.checks,
              done: new Set([...before.done, event.check]),
              rows: [...before.rows, ...event.rows],
              findings: [...before.findings, ...event.findings],
              queries: event.queries,
            },
    },
  )
}
