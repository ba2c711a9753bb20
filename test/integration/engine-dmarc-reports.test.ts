import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import type { FileOutcome } from '#shared/model/dmarc-report.ts'
import { fakeClock } from '../helpers/clock.ts'
import {
  bySendgrid,
  dayMs,
  forged,
  forwarded,
  makeZip,
  passing,
  reportXml,
} from '../helpers/dmarc-reports.ts'
import { failureOf, readAudit, testEngine, type TestEngine, valueOf } from '../helpers/engine.ts'

let engine: TestEngine
let id = ''
beforeEach(async () => {
  engine = await testEngine({ clock: fakeClock(Date.UTC(2026, 10, 22, 9)) })
  id = valueOf(await engine.client.domains.add({ input: 'example.com' })).id
})
afterEach(() => engine.stop())

async function give(fileName: string, octets: Uint8Array): Promise<FileOutcome[]> {
  const base64 = Buffer.from(octets).toString('base64')
  return valueOf(await engine.client.dmarcReports.import({ fileName, base64 })).outcomes
}
const xml = (options: Parameters<typeof reportXml>[0] = {}) => Buffer.from(reportXml(options))
const daysAgo = (days: number) => ({ beginsAt: Date.UTC(2026, 10, 22 - days) })

describe('reports from files', () => {
  it('are read whole, told again as duplicates, and refused each on its own', async () => {
    const zip = makeZip([
      { name: 'a.xml', content: xml() },
      { name: 'b.xml', content: xml({ reportId: 'r-2', records: [bySendgrid] }) },
      { name: 'c.xml', content: xml({ reportId: 'r-3', domain: 'stranger.example' }) },
      { name: 'd.xml', content: 'no report' },
    ])
    expect(await give('reports.zip', zip)).toMatchObject([
      { file: 'reports.zip', part: 'a.xml', state: 'read', domain: 'example.com', messages: 10, rows: 1 },
      { part: 'b.xml', state: 'read' },
      { part: 'c.xml', state: 'refused', code: 'not-on-list', facts: { domain: 'stranger.example' } },
      { part: 'd.xml', state: 'refused', code: 'not-a-report' },
    ])
    expect(await give('again.gz', gzipSync(xml()))).toMatchObject([{ state: 'duplicate', reportId: 'r-1' }])
    expect(await give('bomb.gz', gzipSync(Buffer.alloc(9_000_000)))).toMatchObject([
      { state: 'refused', code: 'inflates-too-far' },
    ])
    const summary = valueOf(await engine.client.dmarcReports.summary({ id, days: 7 }))
    expect(summary).toMatchObject({ domain: 'example.com', reports: 2, messages: 14, aligned: 10 })
    expect(summary.sources.map(({ sender }) => sender.name)).toEqual(['198.51.100.25', 'SendGrid'])
  })

  it('of the largest size that is taken come through, and one octet more does not', async () => {
    const most = Buffer.alloc(limits.dmarcFileBytes, 0x20)
    most.write('<')
    expect(await give('a.xml', most)).toMatchObject([{ code: 'xml-damaged' }])
    const more = Buffer.alloc(limits.dmarcFileBytes + 1, 0x20)
    expect(await give('a.xml', more)).toMatchObject([{ code: 'file-too-large' }])
    const base64 = 'A'.repeat(14_000_000)
    const refused = await engine.client.dmarcReports.import({ fileName: 'a', base64 })
    expect(failureOf(refused).code).toBe('invalid-input')
  })

  it('name a sender by the SPF record that the last audit read', async () => {
    engine.dns.publish({
      'example.com': {
        TXT: ['v=spf1 include:_spf.google.com ip4:203.0.113.9 -all'],
        MX: ['1 smtp.google.com'],
      },
      '_spf.google.com': { TXT: ['v=spf1 include:_netblocks.google.com ~all'] },
      '_netblocks.google.com': { TXT: ['v=spf1 ip4:198.51.100.0/24 ~all'] },
    })
    await readAudit(await engine.client.domains.audit({ id }))
    await give('a.xml', xml({ records: [passing, forwarded] }))
    const { sources } = valueOf(await engine.client.dmarcReports.summary({ id, days: 7 }))
    expect(sources.map(({ sender }) => sender)).toEqual([
      { kind: 'service', name: 'Google Workspace' },
      { kind: 'address', name: '203.0.113.9' },
    ])
  })

  it('tell the audit when the policy can be raised, and what an older report rests on stays', async () => {
    engine.dns.publish({
      '_dmarc.example.com': { TXT: ['v=DMARC1; p=none; rua=mailto:d@example.com'] },
      'example.com': {},
    })
    const audit = async () => valueOf((await readAudit(await engine.client.domains.audit({ id }))).result)
    const ready = (report: Awaited<ReturnType<typeof audit>>) =>
      report.findings.some(({ code }) => code === 'dmarc.can-enforce')
    const before = await audit()
    for (const [index, days] of [29, 20, 10, 1].entries())
      await give(
        'a.xml',
        xml({ ...daysAgo(days), reportId: `r-${index}`, records: [{ ...passing, count: 20 }] }),
      )
    const after = await audit()
    await give('b.xml', xml({ ...daysAgo(1), reportId: 'r-9', records: [{ ...forged, count: 5_000 }] }))
    const attacked = await audit()
    const failing = { ...forged, ip: passing.ip ?? '' }
    await give('c.xml', xml({ ...daysAgo(1), reportId: 'r-10', records: [failing] }))
    const later = await audit()
    expect([before, after, attacked, later].map(ready)).toEqual([false, true, true, false])
    const own = { days: 29, messages: 80, aligned: 80, ageDays: 1 }
    expect(after.reach.dmarcEvidence).toEqual({ ...own, otherSources: 0, otherMessages: 0 })
    expect(attacked.reach.dmarcEvidence).toEqual({ ...own, otherSources: 1, otherMessages: 5_000 })
  })

  it('go with their domain, and not before it', async () => {
    await give('a.xml', xml())
    engine.start()
    await engine.client.domains.remove({ ids: [id] })
    engine.clock.advance(2 * 60 * 60_000)
    await engine.client.domains.restore({ ids: [id] })
    expect(valueOf(await engine.client.dmarcReports.summary({ id, days: 7 })).messages).toBe(10)
    await engine.client.domains.remove({ ids: [id] })
    engine.clock.advance(8 * dayMs)
    engine.clock.advance(60 * 60_000)
    const again = valueOf(await engine.client.domains.add({ input: 'example.com' })).id
    expect(valueOf(await engine.client.dmarcReports.summary({ id: again, days: 90 }))).toMatchObject({
      reports: 0,
      messages: 0,
      newestDay: null,
    })
  })

  it('of a domain or a mailbox that is not there fail by name', async () => {
    const { dmarcReports } = engine.client
    expect(failureOf(await dmarcReports.summary({ id: 'x', days: 7 })).code).toBe('domain-not-found')
    expect(failureOf(await dmarcReports.readFrom({ mailboxId: 'x', folder: 'INBOX' })).code).toBe(
      'mailbox-not-found',
    )
    expect(failureOf(await dmarcReports.readNow({ mailboxId: 'x' })).code).toBe('mailbox-not-found')
    expect(failureOf(await dmarcReports.import({ fileName: 'a', base64: '???' })).code).toBe('invalid-input')
    expect(valueOf(await dmarcReports.mailboxes())).toEqual([])
  })
})
