import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseReport } from '#engine/dmarc-reports/parse-report.ts'
import { evidenceOf } from '#engine/dmarc-reports/evidence.ts'
import { keepDmarcReport, pruneDmarcReports } from '#engine/dmarc-reports/store.ts'
import { summariesOf, summaryOf } from '#engine/dmarc-reports/summary.ts'
import { openStore, type Store } from '#engine/storage/open.ts'
import { readIpAddress } from '#shared/mail-auth/ip-range.ts'
import type { DmarcReport } from '#shared/model/dmarc-report.ts'
import {
  bySendgrid,
  dayMs,
  forged,
  forwarded,
  passing,
  type ReportText,
  reportXml,
} from '../../helpers/dmarc-reports.ts'
import { valueOf } from '../../helpers/engine.ts'

const now = Date.UTC(2026, 10, 22, 12)
const midnight = Date.UTC(2026, 10, 22)

let store: Store
beforeEach(async () => {
  store = valueOf(await openStore(null, () => now))
  for (const name of ['example.com', 'shop.example.net']) put(name)
})
afterEach(() => store.close())

function put(name: string) {
  store.write(writes =>
    writes.run(
      `INSERT INTO domains (id, name, display_name, status, marks, tags, added_at) VALUES (?, ?, ?, 'pending', '{}', '[]', ?)`,
      name,
      name,
      name,
      now,
    ),
  )
}
function read(options: ReportText = {}): DmarcReport {
  const parsed = parseReport(Buffer.from(reportXml(options)), now)
  if (!parsed.ok) throw new Error(parsed.code)
  return parsed.report
}
const keep = (options: ReportText = {}, at = now) =>
  store.write(writes => keepDmarcReport(writes, read(options), at))
const summary = (name = 'example.com', days = 7, at = now) =>
  summaryOf(store, { name, days, now: at, known: [] })
const daysAgo = (days: number) => ({ beginsAt: midnight - days * dayMs })

describe('reports', () => {
  it('are kept once: another copy changes nothing, another id, organisation or domain counts', () => {
    expect(keep()).toBe('kept')
    expect(keep()).toBe('duplicate')
    expect(summary()).toMatchObject({ messages: 10, reports: 1 })
    expect(keep({ reportId: 'r-2' })).toBe('kept')
    expect(keep({ organisation: 'Other' })).toBe('kept')
    expect(keep({ domain: 'shop.example.net' })).toBe('kept')
    expect(summary()).toMatchObject({
      messages: 30,
      reports: 3,
      organisations: [
        { name: 'Receiver Example', reports: 2 },
        { name: 'Other', reports: 1 },
      ],
    })
  })

  it('add alike messages of a day up, and keep what differs apart', () => {
    keep({ records: [passing, passing, { ...passing, disposition: 'quarantine' }] })
    keep({ reportId: 'r-2', records: [passing] })
    expect(store.get('SELECT count(*) AS count FROM dmarc_days')).toEqual({ count: 2 })
    expect(summary().sources).toMatchObject([{ messages: 40, quarantined: 10 }])
  })

  it('belong to the day their middle lies in', () => {
    keep({ beginsAt: midnight - 2 * dayMs + 13 * 3_600_000 })
    expect(summary().days.filter(({ messages }) => messages > 0)).toEqual([
      { day: '2026-11-21', messages: 10, aligned: 10, forwarded: 0 },
    ])
  })

  it('are refused when they are about a domain that is not on the list', () => {
    expect(keep({ domain: 'other.example' })).toBe('not-on-list')
    expect(keep({ domain: 'ample.com' })).toBe('not-on-list')
    store.write(writes => writes.run("UPDATE domains SET removed_at = 1 WHERE name = 'example.com'"))
    expect(keep()).toBe('not-on-list')
    expect(store.all('SELECT * FROM dmarc_days')).toEqual([])
  })

  it('about the domain above tell a domain its own mail', () => {
    const records = [passing, { ...bySendgrid, headerFrom: 'shop.example.net' }]
    expect(keep({ domain: 'example.net', records })).toBe('kept')
    expect(summary('shop.example.net')).toMatchObject({ messages: 4, aligned: 0, reports: 1 })
  })

  it('are kept for thirteen months, and as long as their domain is', () => {
    expect(keep(daysAgo(395))).toBe('kept')
    expect(keep({ ...daysAgo(396), reportId: 'r-2' })).toBe('too-old')
    const later = now + dayMs
    store.write(writes => pruneDmarcReports(writes, now))
    expect(summary('example.com', 396)).toMatchObject({ messages: 10, reports: 1 })
    store.write(writes => pruneDmarcReports(writes, later))
    expect(summary('example.com', 396, later)).toMatchObject({ messages: 0, reports: 0 })
    keep({ reportId: 'r-3' })
    keep({ domain: 'example.net', records: [{ ...passing, headerFrom: 'shop.example.net' }] })
    store.write(writes => {
      writes.run("DELETE FROM domains WHERE name = 'example.com'")
      pruneDmarcReports(writes, now)
    })
    expect(store.all('SELECT domain FROM dmarc_reports')).toEqual([{ domain: 'example.net' }])
    expect(store.all('SELECT domain FROM dmarc_days')).toEqual([{ domain: 'example.net' }])
  })
})

describe('a summary', () => {
  it('has every day of its period and nothing from before it', () => {
    keep({ ...daysAgo(0), errors: ['no rua'] })
    keep({ ...daysAgo(6), reportId: 'r-2', records: [forged, { ...forged, reasons: ['mailing_list'] }] })
    keep({ ...daysAgo(7), reportId: 'r-3' })
    const told = summary()
    expect(told).toMatchObject({
      fromDay: '2026-11-16',
      toDay: '2026-11-22',
      newestDay: '2026-11-22',
      messages: 14,
      aligned: 10,
      forwarded: 2,
      errors: ['no rua'],
    })
    expect(told.days.map(({ messages }) => messages)).toEqual([4, 0, 0, 0, 0, 0, 10])
  })

  it('of nothing knows when the last report was', () => {
    expect(summary()).toMatchObject({ newestDay: null, messages: 0, sources: [] })
    keep(daysAgo(60))
    expect(summary()).toMatchObject({ newestDay: '2026-09-23', messages: 0, sources: [] })
  })

  it('of files is the same as of kept reports, and counts a report that is there twice once', () => {
    const options = { records: [passing, bySendgrid, forwarded, forged], ...daysAgo(1) }
    keep(options)
    const [told] = summariesOf([read(options), read(options)])
    const { sources, messages, aligned, more } = summary()
    expect(told).toMatchObject({ sources, messages, aligned, more, reports: 1 })
    expect(told?.days).toEqual([{ day: '2026-11-21', messages: 19, aligned: 13, forwarded: 0 }])
  })
})

describe('evidence for an audit', () => {
  it('counts what came directly in the last 30 days, under the domain’s own policy', () => {
    expect(evidenceOf(store, 'example.com', now)).toBeNull()
    keep({ ...daysAgo(29), records: [passing, bySendgrid] })
    keep({ ...daysAgo(30), reportId: 'r-2', records: [forged] })
    const passedOn = [forwarded, { ...forged, reasons: ['trusted_forwarder'] }]
    keep({ ...daysAgo(2), reportId: 'r-3', records: [passing, ...passedOn] })
    expect(evidenceOf(store, 'example.com', now)).toEqual({
      days: 28,
      messages: 20,
      aligned: 20,
      otherSources: 1,
      otherMessages: 4,
      ageDays: 2,
    })
    keep({ domain: 'example.net' })
    expect(evidenceOf(store, 'shop.example.net', now)).toBeNull()
  })

  it('does not count what a forger sends, however much and however long, and counts what own addresses fail', () => {
    keep({ ...daysAgo(20), records: [passing, { ...forged, count: 90_000 }] })
    keep({ ...daysAgo(1), reportId: 'r-2', records: [{ ...forged, ip: '192.0.2.201' }] })
    const before = { days: 1, messages: 10, aligned: 10, otherSources: 2, otherMessages: 90_002, ageDays: 20 }
    expect(evidenceOf(store, 'example.com', now)).toEqual(before)
    keep({ ...daysAgo(3), reportId: 'r-3', records: [{ ...forged, ip: passing.ip ?? '' }] })
    expect(evidenceOf(store, 'example.com', now)).toMatchObject({ messages: 12, aligned: 10, ageDays: 3 })
  })

  it('counts an address that never passed when the SPF record lets it send', () => {
    keep({ ...daysAgo(2), records: [passing, bySendgrid, forged] })
    const network = readIpAddress('167.89.0.0')
    if (network === null) throw new Error('No address.')
    const known = () => [{ range: { network, prefix: 17 }, via: 'sendgrid.net' }]
    expect(evidenceOf(store, 'example.com', now, known)).toMatchObject({
      messages: 14,
      aligned: 10,
      otherSources: 1,
      otherMessages: 2,
    })
  })

  it('of a month with nothing but forgeries is of no day', () => {
    keep({ ...daysAgo(2), records: [forged] })
    expect(evidenceOf(store, 'example.com', now)).toMatchObject({ days: 0, messages: 0, otherMessages: 2 })
  })
})
