import type { AuditReport, CheckState } from './audit.ts'
import { type CheckId, isRequiredCheck } from './check-ids.ts'

/** What a check came to, or null when it was not made. */
export function checkStateOf(report: AuditReport, check: CheckId): CheckState | null {
  return isRequiredCheck(check) ? report[check] : (report.checks[check] ?? null)
}
