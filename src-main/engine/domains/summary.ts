import type { AuditReport } from '#shared/model/audit.ts'
import type { Domain } from '#shared/model/domain.ts'
import type { Severity } from '#shared/model/finding.ts'

export type Summary = Pick<
  Domain,
  'score' | 'marks' | 'critical' | 'high' | 'dnsProvider' | 'mailProvider' | 'checkedAt'
>

/** What the list shows of a report. `checkedAt` is the moment the audit ended, in epoch milliseconds. */
export function summarise(report: AuditReport): Summary {
  const count = (severity: Severity) =>
    report.findings.filter(finding => finding.severity === severity).length
  return {
    score: report.score.state === 'known' ? report.score.value : null,
    marks: {
      spf: markOf(report.spf),
      dkim: markOf(report.dkim),
      dmarc: markOf(report.dmarc),
      mx: markOf(report.mx),
    },
    critical: count('critical'),
    high: count('high'),
    dnsProvider: report.ns.provider,
    mailProvider: report.mx.provider,
    checkedAt: Math.round(report.startedAt + report.tookMs),
  }
}

function markOf({ verdict, state }: Pick<AuditReport['spf'], 'verdict' | 'state'>): Domain['marks']['spf'] {
  return { verdict, state }
}
