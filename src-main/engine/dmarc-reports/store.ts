import type {
  Disposition,
  DkimSeen,
  DmarcReport,
  ReportDay,
  ReportRow,
  SpfSeen,
} from '#shared/model/dmarc-report.ts'
import { limits } from '../net/limits.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import { type Passage, passageOf } from './passage.ts'

/** Messages of one day that were alike, whoever reported them. `day` counts days in UTC since the epoch. */
export type DayRow = {
  readonly day: number
  readonly ip: string
  readonly messages: number
  readonly disposition: Disposition
  readonly spfAligned: boolean
  readonly dkimAligned: boolean
  readonly passage: Passage
  readonly headerFrom: string
  readonly envelopeFrom: string | null
  readonly spf: readonly SpfSeen[]
  readonly dkim: readonly DkimSeen[]
}

const dayMs = 24 * 60 * 60_000

export function dayOf(at: number): number {
  return Math.floor(at / dayMs)
}

/** `2026-11-22`. */
export function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** The day of a report is the one its middle lies in: some reporters begin theirs at noon. */
export function reportDay({ beginsAt, endsAt }: Pick<DmarcReport, 'beginsAt' | 'endsAt'>): number {
  return dayOf(beginsAt + (endsAt - beginsAt) / 2)
}

/** The first day that is kept. */
function oldestKeptDay(now: number): number {
  return dayOf(now) - limits.dmarcKeptDays + 1
}

export function toDayRow(row: ReportRow, day: number): DayRow {
  const { ip, messages, disposition, spfAligned, dkimAligned, headerFrom, envelopeFrom, spf, dkim } = row
  const passage = passageOf(row)
  return {
    day,
    ip,
    messages,
    disposition,
    spfAligned,
    dkimAligned,
    passage,
    headerFrom,
    envelopeFrom,
    spf,
    dkim,
  }
}

export type Kept = 'kept' | 'duplicate' | 'too-old' | 'not-on-list'

/**
 * Keeps a report once (RFC 9990 §3.5.1: the id is unique among the reports of one organisation about one domain) and adds
 * its records to their day. Refused are reports older than thirteen months, and those about a domain that neither stands
 * on the list nor above one that does.
 */
export function keepDmarcReport(writes: Writes, report: DmarcReport, now: number): Kept {
  const { domain, organisation, reportId, beginsAt, endsAt, errors, rows } = report
  const day = reportDay(report)
  if (day < oldestKeptDay(now)) return 'too-old'
  if (!isWanted(writes, domain)) return 'not-on-list'
  const { changes } = writes.run(
    `INSERT INTO dmarc_reports (domain, organisation, report_id, day, begins_at, ends_at, messages, errors, kept_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    domain,
    organisation,
    reportId,
    day,
    beginsAt,
    endsAt,
    rows.reduce((total, row) => total + row.messages, 0),
    JSON.stringify(errors),
    now,
  )
  if (changes === 0) return 'duplicate'
  for (const row of rows) addRow(writes, domain, toDayRow(row, day))
  noteDomains(writes, domain, now)
  return 'kept'
}

/** What is told about these domains has changed: whoever shows it asks again. */
function noteDomains(writes: Writes, domain: string, now: number): void {
  const told = writes.all<{ id: string }>(
    `UPDATE domains SET reports_at = max(?2, coalesce(reports_at, 0) + 1) WHERE ${underPolicyOf} RETURNING id`,
    domain,
    now,
  )
  for (const { id } of told) writes.changed('domains', id, 'put')
}

/** On the list, and under the policy of a domain. */
const underPolicyOf = "removed_at IS NULL AND (name = ?1 OR substr(name, -length(?1) - 1) = '.' || ?1)"

function addRow(writes: Writes, domain: string, row: DayRow): void {
  const { envelopeFrom, spf, dkim } = row
  writes.run(
    `INSERT INTO dmarc_days (domain, day, header_from, ip, disposition, spf_aligned, dkim_aligned, passage, results, messages)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET messages = messages + excluded.messages`,
    domain,
    row.day,
    row.headerFrom,
    row.ip,
    row.disposition,
    row.spfAligned ? 1 : 0,
    row.dkimAligned ? 1 : 0,
    row.passage,
    JSON.stringify({ envelopeFrom, spf, dkim }),
    row.messages,
  )
}

function isWanted(reads: Reads, domain: string): boolean {
  return reads.get(`SELECT 1 FROM domains WHERE ${underPolicyOf}`, domain) !== undefined
}

/** Forgets what is older than thirteen months, and the reports of domains that are gone for good. */
export function pruneDmarcReports(writes: Writes, now: number): void {
  const oldest = oldestKeptDay(now)
  writes.run('DELETE FROM dmarc_days WHERE day < ?', oldest)
  writes.run('DELETE FROM dmarc_reports WHERE day < ?', oldest)
  const reported = writes.all<{ domain: string }>('SELECT DISTINCT domain FROM dmarc_reports')
  if (reported.length === 0) return
  const wanted = new Set(
    writes.all<{ name: string }>('SELECT name FROM domains').flatMap(({ name }) => upwards(name)),
  )
  for (const { domain } of reported) {
    if (wanted.has(domain)) continue
    writes.run('DELETE FROM dmarc_days WHERE domain = ?', domain)
    writes.run('DELETE FROM dmarc_reports WHERE domain = ?', domain)
  }
}

/** A name and those above it, down to two labels: wherever the policy that applies to it may stand. */
function upwards(name: string): string[] {
  const labels = name.split('.')
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}

/** The days from `fromDay` to `toDay`, both counted. */
export type Period = { readonly fromDay: number; readonly toDay: number }

/** What is told about a domain: everything under its own policy, and its own mail under one that stands above it. */
const ofDomain = `domain IN (SELECT value FROM json_each(?1)) AND day BETWEEN ?2 AND ?3
  AND (domain = ?4 OR header_from = ?4 OR substr(header_from, -length(?4) - 1) = '.' || ?4)`

function parametersOf(name: string, { fromDay, toDay }: Period) {
  return [JSON.stringify(upwards(name)), fromDay, toDay, name] as const
}

type StoredRow = Row & {
  day: number
  header_from: string
  ip: string
  disposition: Disposition
  spf_aligned: number
  dkim_aligned: number
  passage: Passage
  results: string
  messages: number
}

/** The rows of a period, those with the most messages first, `limits.dmarcSummaryRows` at most. */
export function rowsOf(reads: Reads, name: string, period: Period): DayRow[] {
  return reads
    .all<StoredRow>(
      `SELECT day, header_from, ip, disposition, spf_aligned, dkim_aligned, passage, results, messages FROM dmarc_days
       WHERE ${ofDomain} ORDER BY messages DESC LIMIT ?5`,
      ...parametersOf(name, period),
      limits.dmarcSummaryRows,
    )
    .map(row => ({
      day: row.day,
      ip: row.ip,
      messages: row.messages,
      disposition: row.disposition,
      spfAligned: row.spf_aligned === 1,
      dkimAligned: row.dkim_aligned === 1,
      passage: row.passage,
      headerFrom: row.header_from,
      ...(JSON.parse(row.results) as Pick<DayRow, 'envelopeFrom' | 'spf' | 'dkim'>),
    }))
}

type DayTotal = Row & { day: number; messages: number; aligned: number; forwarded: number }

/** Every day of a period, also those without mail. */
export function daysOf(reads: Reads, name: string, period: Period): ReportDay[] {
  const totals = reads.all<DayTotal>(
    `SELECT day, sum(messages) AS messages, sum(messages * (spf_aligned OR dkim_aligned)) AS aligned,
       sum(messages * (passage = 'forwarded-changed')) AS forwarded
     FROM dmarc_days WHERE ${ofDomain} GROUP BY day`,
    ...parametersOf(name, period),
  )
  return fillDays(period, totals)
}

export function fillDays(
  { fromDay, toDay }: Period,
  totals: readonly { day: number; messages: number; aligned: number; forwarded: number }[],
): ReportDay[] {
  const byDay = new Map(totals.map(total => [total.day, total]))
  return Array.from({ length: toDay - fromDay + 1 }, (_, index) => {
    const { messages = 0, aligned = 0, forwarded = 0 } = byDay.get(fromDay + index) ?? {}
    return { day: dayText(fromDay + index), messages, aligned, forwarded }
  })
}

export type Reporters = {
  readonly reports: number
  readonly organisations: { readonly name: string; readonly reports: number }[]
  readonly newestDay: number | null
  readonly errors: string[]
}

/** Who reported in a period; the newest day is that of any report. */
export function reportersOf(reads: Reads, name: string, { fromDay, toDay }: Period): Reporters {
  const names = JSON.stringify(upwards(name))
  const organisations = reads.all<{ name: string; reports: number }>(
    `SELECT organisation AS name, count(*) AS reports FROM dmarc_reports
     WHERE domain IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ? GROUP BY organisation
     ORDER BY reports DESC, organisation`,
    names,
    fromDay,
    toDay,
  )
  const newest = reads.get<{ day: number | null }>(
    'SELECT max(day) AS day FROM dmarc_reports WHERE domain IN (SELECT value FROM json_each(?))',
    names,
  )
  const errors = reads.all<{ error: string }>(
    `SELECT DISTINCT value AS error FROM dmarc_reports, json_each(errors)
     WHERE domain = ? AND day BETWEEN ? AND ? LIMIT ?`,
    name,
    fromDay,
    toDay,
    limits.dmarcErrors,
  )
  return {
    reports: organisations.reduce((total, one) => total + one.reports, 0),
    organisations: organisations.slice(0, 20),
    newestDay: newest?.day ?? null,
    errors: errors.map(({ error }) => error),
  }
}
