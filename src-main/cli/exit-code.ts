import { isRequiredCheck } from '#shared/model/check-ids.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { RawAnswer } from '#shared/model/lookup.ts'
import type { Outcome } from './run-audits.ts'

export const exitCodes = {
  clean: 0,
  findings: 1,
  usage: 2,
  incomplete: 3,
  fault: 70,
  interrupted: 130,
  readerGone: 141,
  terminated: 143,
} as const

const harmful: readonly Finding['severity'][] = ['critical', 'high']

function hasHarmfulFinding(report: AuditReport): boolean {
  return report.findings.some(({ severity }) => harmful.includes(severity))
}

/** The questions of the required checks that got no usable answer, each once. */
export function unanswered(report: AuditReport): readonly RawAnswer[] {
  return report.raw.filter(({ state, optional }) => state === 'unavailable' && optional !== true)
}

/**
 * Whether anything could not be looked up that SPF, DKIM, DMARC, MX or the nameservers rest on, also where the list of
 * questions was cut. The other checks say so themselves: a network that blocks port 25 makes no audit incomplete. Nor does
 * DKIM when its selectors were not to be guessed.
 */
function isIncomplete(report: AuditReport): boolean {
  const { ns, mx, spf, dmarc, dkim, reach } = report
  const checks = [ns, mx, spf, dmarc, ...(reach.guessSelectors ? [dkim] : [])]
  return (
    unanswered(report).length > 0 ||
    checks.some(({ state, verdict }) => state === 'unavailable' || verdict === 'unavailable') ||
    report.rows.some(
      ({ check, state, reason }) =>
        state === 'unavailable' && isRequiredCheck(check) && (check !== 'dkim' || reason !== 'not-asked'),
    )
  )
}

/** What one outcome means for the exit code of the run. */
export function exitCodeOf(outcome: Outcome): number {
  if (outcome.kind === 'line') return outcome.code
  if (outcome.kind === 'failed') {
    return outcome.failure.code.startsWith('domain-') ? exitCodes.usage : exitCodes.incomplete
  }
  if (isIncomplete(outcome.report)) return exitCodes.incomplete
  return hasHarmfulFinding(outcome.report) ? exitCodes.findings : exitCodes.clean
}

/**
 * The exit code of a run from those of its domains. A bad name goes before everything, because the run did not do what
 * was asked; then an incomplete look, because what is missing may hide a finding; then findings.
 */
export function worstExitCode(codes: Iterable<number>): number {
  const seen = new Set(codes)
  const order = [exitCodes.usage, exitCodes.incomplete, exitCodes.findings]
  return order.find(code => seen.has(code)) ?? exitCodes.clean
}
