import { planRecords } from '#engine/domains/plan.ts'
import type { AuditReport, SpfCost } from '#shared/model/audit.ts'
import type { CheckId, Fact, FindingCode } from '#shared/model/finding.ts'
import { absentDkim, absentDmarc, absentMx, absentSpf } from './literal-report.ts'

export function plan(report: AuditReport | null, provider: string | null = null, domain = 'example.com') {
  const result = planRecords({ domain, report, mailProvider: provider })
  const of = (check: string) => result.records.filter(record => record.check === check)
  const brief = (check: string) => of(check).map(({ action, value, current }) => ({ action, value, current }))
  return { ...result, of, brief, spf: of('spf')[0], dmarc: of('dmarc')[0] }
}

export function finding(code: FindingCode, facts: Record<string, Fact>): AuditReport['findings'][number] {
  return { code, severity: 'critical', check: code.split('.')[0] as CheckId, facts, rfc: 'RFC 7208 §4.5' }
}

export function cost(
  term: string,
  target: string,
  children: SpfCost[] = [],
  state: SpfCost['state'] = 'found',
): SpfCost {
  return { term, target, lookups: 1, voidLookups: 0, state, children }
}

export const nothing = { spf: absentSpf, dmarc: absentDmarc, dkim: absentDkim, mx: absentMx }
