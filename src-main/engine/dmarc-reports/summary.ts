import type { DmarcReport, DmarcSummary } from '#shared/model/dmarc-report.ts'
import type { Reads } from '../storage/open.ts'
import { isAligned, judgeSources } from './judge-sources.ts'
import type { KnownRange } from './sender-names.ts'
import { dayOf, dayText, daysOf, fillDays, reportDay, reportersOf, rowsOf, toDayRow } from './store.ts'

/** What the kept reports say of a domain over the last `days` days, today included. */
export function summaryOf(
  reads: Reads,
  { name, days, now, known }: { name: string; days: number; now: number; known: readonly KnownRange[] },
): DmarcSummary {
  const toDay = dayOf(now)
  const period = { fromDay: toDay - days + 1, toDay }
  const byDay = daysOf(reads, name, period)
  const { newestDay, ...reporters } = reportersOf(reads, name, period)
  return {
    domain: name,
    fromDay: dayText(period.fromDay),
    toDay: dayText(toDay),
    newestDay: newestDay === null ? null : dayText(newestDay),
    ...reporters,
    ...totalsOf(byDay),
    days: byDay,
    ...judgeSources(rowsOf(reads, name, period), known),
  }
}

/** The same of reports that are not kept: one summary for each domain. A report that is there twice counts once. Pure. */
export function summariesOf(reports: readonly DmarcReport[]): DmarcSummary[] {
  const byDomain = new Map<string, DmarcReport[]>()
  const seen = new Set<string>()
  for (const report of reports) {
    const key = JSON.stringify([report.domain, report.organisation, report.reportId])
    if (seen.has(key)) continue
    seen.add(key)
    const of = byDomain.get(report.domain)
    if (of === undefined) byDomain.set(report.domain, [report])
    else of.push(report)
  }
  return [...byDomain].map(([domain, of]) => summaryOfReports(domain, of))
}

function summaryOfReports(domain: string, reports: readonly DmarcReport[]): DmarcSummary {
  const rows = reports.flatMap(report => report.rows.map(row => toDayRow(row, reportDay(report))))
  const reported = reports.map(reportDay)
  const period = { fromDay: Math.min(...reported), toDay: Math.max(...reported) }
  const totals = new Map<number, { day: number; messages: number; aligned: number; forwarded: number }>()
  for (const row of rows) {
    const total = totals.get(row.day) ?? { day: row.day, messages: 0, aligned: 0, forwarded: 0 }
    total.messages += row.messages
    if (isAligned(row)) total.aligned += row.messages
    if (row.passage === 'forwarded-changed') total.forwarded += row.messages
    totals.set(row.day, total)
  }
  const byDay = fillDays(period, [...totals.values()])
  const organisations = new Map<string, number>()
  for (const { organisation } of reports)
    organisations.set(organisation, (organisations.get(organisation) ?? 0) + 1)
  return {
    domain,
    fromDay: dayText(period.fromDay),
    toDay: dayText(period.toDay),
    newestDay: dayText(period.toDay),
    reports: reports.length,
    organisations: [...organisations].map(([name, count]) => ({ name, reports: count })),
    errors: [...new Set(reports.flatMap(({ errors }) => errors))],
    ...totalsOf(byDay),
    days: byDay,
    ...judgeSources(rows, []),
  }
}

function totalsOf(days: DmarcSummary['days']): Pick<DmarcSummary, 'messages' | 'aligned' | 'forwarded'> {
  const total = { messages: 0, aligned: 0, forwarded: 0 }
  for (const { messages, aligned, forwarded } of days) {
    total.messages += messages
    total.aligned += aligned
    total.forwarded += forwarded
  }
  return total
}
