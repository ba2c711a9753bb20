import { gzipSync } from 'node:zlib'
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReadPart } from '#engine/dmarc-reports/read-report-file.ts'
import { type FolderMark, readReportsFromMailbox } from '#engine/dmarc-reports/read-mailbox.ts'
import { withoutAsking } from '#engine/mailboxes/addresses.ts'
import { networkMail } from '#engine/mailboxes/mail-reach.ts'
import { openImap } from '#engine/mailboxes/open-imap.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import type { ReportMailbox } from '#shared/model/dmarc-report.ts'
import { fakeClock } from '../helpers/clock.ts'
import { bySendgrid, makeZip, reportMail, reportXml } from '../helpers/dmarc-reports.ts'
import { failureOf, readToEnd, testEngine, type TestEngine, valueOf } from '../helpers/engine.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { memoryKeychain } from '../helpers/platform.ts'
import { noteSkipped } from '../helpers/skipped.ts'

const problem = mailServersProblem()
if (problem !== null) noteSkipped('Reports in a mailbox of Dovecot', problem)

const now = Date.UTC(2026, 10, 22, 9)
const gz = (reportId: string, more: Parameters<typeof reportXml>[0] = {}) => ({
  name: `receiver.example!example.com!1!2!${reportId}.xml.gz`,
  type: 'application/gzip',
  octets: gzipSync(reportXml({ reportId, ...more })),
})
const zip = (reportId: string) => ({
  name: 'report.zip',
  type: 'application/octet-stream',
  octets: makeZip([{ name: 'a.xml', content: reportXml({ reportId }) }]),
})

describe.runIf(problem === null)('reports in a mailbox of Dovecot', () => {
  let servers: MailServers
  beforeAll(async () => {
    servers = await startMailServers({ users: 3 })
  })
  afterAll(async () => {
    await servers?.stop()
  })

  /** What a mail program would do. */
  async function asUser<T>(user: number, work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = new ImapFlow({
      host: 'localhost',
      port: servers.ports.imaps,
      secure: true,
      tls: { ca: servers.caPem },
      auth: { user: servers.address(user), pass: servers.password(user) },
      logger: false,
    })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.logout()
    }
  }
  const put = (user: number, folder: string, ...messages: string[]) =>
    asUser(user, async client => {
      await client.mailboxCreate(folder)
      for (const message of messages) await client.append(folder, message, [], new Date(now))
    })
  const flagsOf = (user: number, folder: string) =>
    asUser(user, async client => {
      await client.mailboxOpen(folder, { readOnly: true })
      const messages = await client.fetchAll('1:*', { flags: true })
      return messages.map(({ flags }) => [...(flags ?? [])].filter(flag => flag !== '\\Recent'))
    })
  const settingsOf = (user: number) => {
    const at = (port: number) => ({
      server: { host: 'localhost', port, security: 'tls' as const },
      user: servers.address(user),
    })
    return {
      address: servers.address(user),
      smtp: at(servers.ports.submissions),
      imap: at(servers.ports.imaps),
      allowPlain: false,
      pinnedCertificate: servers.fingerprint,
    }
  }

  async function readFolder(user: number, folder: string, since: FolderMark | null) {
    const networkLog = createNetworkLog({ now: () => now })
    const opened = await openImap(
      { ...settingsOf(user), testEmail: false },
      { kind: 'password', password: servers.password(user) },
      {
        signal: new AbortController().signal,
        budgetMs: 60_000,
        purpose: 'dmarc-reports',
        networkLog,
        addressesOf: async host => withoutAsking(host) ?? { state: 'absent' },
      },
    )
    if (!opened.ok) throw new Error(opened.failure.code)
    const told: string[] = []
    const onPart = (file: string, part: ReadPart) =>
      told.push(`${file} ${part.ok ? part.report.reportId : part.code}`)
    try {
      const read = await readReportsFromMailbox(opened.value, folder, since, { now, onPart })
      return { read, told, contacts: networkLog.list() }
    } finally {
      await opened.value.close()
    }
  }

  it('reads what looks like reports, marks nothing, and goes on from there', async () => {
    await put(
      1,
      'Reports',
      reportMail([gz('r-1')]),
      reportMail([zip('r-2')]),
      // An invoice in an archive is nobody's report.
      reportMail([{ ...zip('r-x'), name: 'invoices.zip' }], 'Your invoices'),
      reportMail([gz('r-3')], 'no telling subject'),
      'Subject: Hello\r\n\r\nReport Domain: in the text alone\r\n',
      reportMail([{ ...gz('r-4'), octets: Buffer.from('broken') }]),
      `Subject: Report Domain: example.com\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${gzipSync(reportXml({ reportId: 'r-5' })).toString('base64')}\r\n`,
    )
    const first = await readFolder(1, 'Reports', null)
    expect(first.told).toEqual([
      'receiver.example!example.com!1!2!r-1.xml.gz r-1',
      'report.zip r-2',
      'receiver.example!example.com!1!2!r-3.xml.gz r-3',
      'receiver.example!example.com!1!2!r-4.xml.gz not-a-report',
      'application/gzip r-5',
    ])
    if (!first.read.ok) throw new Error('It was not read.')
    expect(first.read).toMatchObject({ messages: 7, left: 0, mark: { uid: 7 } })
    expect(await flagsOf(1, 'Reports')).toEqual(Array.from({ length: 7 }, () => []))
    expect(
      first.contacts.every(({ purpose, failures }) => purpose === 'dmarc-reports' && failures === 0),
    ).toBe(true)

    const nothingNew = await readFolder(1, 'Reports', first.read.mark)
    expect([nothingNew.told, nothingNew.read]).toMatchObject([
      [],
      { ok: true, messages: 0, mark: { uid: 7 } },
    ])
    await put(1, 'Reports', reportMail([gz('r-6')]))
    const second = await readFolder(1, 'Reports', first.read.mark)
    expect([second.told.length, second.read]).toMatchObject([1, { messages: 1, mark: { uid: 8 } }])
    // A folder that was made anew counts its messages anew.
    const other = await readFolder(1, 'Reports', { uidValidity: '1', uid: 8 })
    expect(other.told.length).toBe(6)
    await expect.poll(() => servers.connections().callers).toBe(0)
  })

  it('says which folder is not there', async () => {
    const { read } = await readFolder(1, 'Nowhere', null)
    expect(read).toMatchObject({
      ok: false,
      failure: { code: 'mailbox-folder-missing', detail: { folder: 'Nowhere' } },
    })
    expect((await readFolder(1, 'inbox', null)).read).toMatchObject({ ok: true })
  })

  describe('as a job of the engine', () => {
    const clock = fakeClock(now)
    let engine: TestEngine
    let domainId = ''
    let mailboxId = ''
    beforeAll(async () => {
      engine = await testEngine({ clock, mail: networkMail, keychain: memoryKeychain() })
      engine.start()
      domainId = valueOf(await engine.client.domains.add({ input: 'example.com' })).id
      const { result } = await readToEnd(
        engine.client.mailboxes.test({
          kind: 'draft',
          ...settingsOf(2),
          provider: null,
          login: { kind: 'password', password: servers.password(2), imapPassword: null },
          testEmail: false,
        }),
      )
      const { test } = valueOf(result)
      const preferences = { senderName: '', signature: '', timeZone: 'Europe/Berlin', dailyLimit: null }
      mailboxId = valueOf(await engine.client.mailboxes.add({ test, ...preferences, addDomain: false })).id
    })
    afterAll(() => engine?.stop())

    const readNow = async (): Promise<ReportMailbox> =>
      valueOf(await engine.client.dmarcReports.readNow({ mailboxId }))

    it('reads a chosen folder at once, and then once a night', async () => {
      await put(
        2,
        'DMARC',
        reportMail([gz('r-1')]),
        reportMail([gz('r-1')]),
        reportMail([gz('s-1', { domain: 'other.example' })]),
      )
      const [chosen] = valueOf(await engine.client.dmarcReports.readFrom({ mailboxId, folder: 'DMARC' }))
      expect(chosen).toMatchObject({ address: servers.address(2), folder: 'DMARC', last: null })
      const read = await readNow()
      expect(read.last).toMatchObject({
        state: 'read',
        messages: 3,
        reports: 1,
        duplicates: 1,
        refusedCount: 1,
        refused: [{ state: 'refused', code: 'not-on-list', facts: { domain: 'other.example' } }],
        left: 0,
      })
      const hoursAhead = ((read.nextAt ?? 0) - now) / 3_600_000
      expect(hoursAhead).toBeGreaterThan(5)
      expect(hoursAhead).toBeLessThan(24)
      const { dmarcReports } = engine.client
      expect(valueOf(await dmarcReports.summary({ id: domainId, days: 7 }))).toMatchObject({
        reports: 1,
        messages: 10,
      })
    })

    it('reads only what came since', async () => {
      await put(2, 'DMARC', reportMail([gz('r-2', { records: [bySendgrid] })]))
      expect((await readNow()).last).toMatchObject({ state: 'read', messages: 1, reports: 1, duplicates: 0 })
    })

    it('keeps why it failed, with the words of the server', async () => {
      valueOf(await engine.client.dmarcReports.readFrom({ mailboxId, folder: 'Nowhere' }))
      expect((await readNow()).last).toMatchObject({
        state: 'failed',
        connection: null,
        failure: { code: 'mailbox-folder-missing', detail: { folder: 'Nowhere' } },
      })
    })

    it('waits for the vault, and says so', async () => {
      valueOf(await engine.client.vault.usePassphrase({ passphrase: servers.password(2).repeat(4) }))
      valueOf(await engine.client.vault.lock())
      expect(failureOf(await engine.client.dmarcReports.readNow({ mailboxId })).code).toBe('vault-locked')
      valueOf(await engine.client.vault.unlock({ passphrase: servers.password(2).repeat(4) }))
    })

    it('lets nobody wait for a reading that was stopped', async () => {
      const { dmarcReports } = engine.client
      valueOf(await dmarcReports.readFrom({ mailboxId, folder: 'DMARC' }))
      const waiting = dmarcReports.readNow({ mailboxId })
      valueOf(await dmarcReports.stopReading({ mailboxId }))
      expect(failureOf(await waiting).code).toBe('mailbox-not-found')
      valueOf(await dmarcReports.readFrom({ mailboxId, folder: 'DMARC' }))
      await readNow()
    })

    it('stops, and forgets nothing that was read', async () => {
      expect(valueOf(await engine.client.dmarcReports.stopReading({ mailboxId }))).toEqual([])
      expect(failureOf(await engine.client.dmarcReports.readNow({ mailboxId })).code).toBe(
        'mailbox-not-found',
      )
      const summary = valueOf(await engine.client.dmarcReports.summary({ id: domainId, days: 7 }))
      expect(summary.reports).toBe(2)
    })
  })
})
