import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ImapFlow } from 'imapflow'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEvent } from '#shared/model/audit.ts'
import {
  bySendgrid,
  dayMs,
  forged,
  forwarded,
  makeZip,
  passing,
  type ReportText,
  reportMail,
  reportXml,
} from '../helpers/dmarc-reports.ts'
import { valueOf } from '../helpers/engine.ts'
import { journey } from '../helpers/journey-world.ts'
import { look } from '../helpers/look.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { type OpenedWindow, openWindow, settle } from '../helpers/window.ts'
import { cliZones } from '../integration/cli-zone.ts'

const domain = 'mail.clean.example'
const midnight = Math.floor(Date.now() / dayMs) * dayMs
const ofDomain = <T extends object>(row: T) => ({ ...row, headerFrom: domain })
const report = (daysAgo: number, more: ReportText = {}) =>
  reportXml({ domain, beginsAt: midnight - daysAgo * dayMs, reportId: `r-${daysAgo}`, ...more })
const own = (count: number) =>
  ofDomain({
    ...passing,
    count,
    spfResults: [{ domain, result: 'pass' }],
    dkimResults: [{ domain, selector: 'google', result: 'pass' }],
  })
const relayed = ofDomain({
  ...forwarded,
  envelopeFrom: domain,
  spfResults: [{ domain, result: 'softfail' }],
  dkimResults: [{ domain, selector: 'google', result: 'pass' }],
})

/** Four weeks of a domain whose newsletter signs with another domain. */
const weeks = Array.from({ length: 28 }, (_, index) => ({
  name: `${index}.xml`,
  content: report(index + 1, {
    organisation: index % 3 === 0 ? 'Receiver Example' : 'Other Receiver',
    records: [
      own(40 + ((index * 37) % 60)),
      ...(index % 7 === 2 ? [ofDomain({ ...bySendgrid, count: 55 })] : []),
      ...(index % 5 === 0 ? [relayed] : []),
      ...(index % 9 === 4 ? [ofDomain({ ...forged, disposition: 'quarantine' })] : []),
    ],
  }),
}))

const attached = (octets: Uint8Array) => [
  { name: `a!${domain}!1!2.xml.gz`, type: 'application/gzip', octets },
]

const mailProblem = mailServersProblem()
if (mailProblem !== null) noteSkipped('DMARC reports from a mailbox', mailProblem)

await journey('DMARC reports', cliZones(), world => {
  let window: OpenedWindow
  let page: Page
  beforeAll(async () => {
    const { domains } = world().client()
    const { id } = valueOf(await domains.add({ input: domain }))
    const audit = await domains.audit({ id })
    let step: IteratorResult<AuditEvent, unknown>
    do step = await audit.next()
    while (!step.done)
    window = await openWindow(world().browser, world().host().url)
    page = window.page
    await page.getByRole('link', { name: domain, exact: true }).click()
    await page.getByRole('heading', { name: 'Findings', exact: true }).waitFor()
  })
  afterAll(() => window?.close())

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const panel = () => page.getByRole('region', { name: 'DMARC reports', exact: true })
  const senders = () => page.getByRole('table', { name: 'Who sends as this domain', exact: true })
  const give = (...files: { name: string; octets: Uint8Array }[]) =>
    panel()
      .locator('input[type=file]')
      .setInputFiles(
        files.map(({ name, octets }) => ({
          name,
          mimeType: 'application/octet-stream',
          buffer: Buffer.from(octets),
        })),
      )
  const names = () =>
    senders().getByRole('rowheader').locator('p:first-child > span:first-child').allTextContents()
  const see = async (name: string) => {
    await page
      .getByRole('heading', { name: 'DMARC reports', exact: true })
      .evaluate(one => one.scrollIntoView())
    await settle(page)
    // What only a screen reader hears must not make the page itself longer than the window.
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0)
    await look(page, name, button('Open reports'), 'further-down')
    await page.setViewportSize({ width: 1280, height: 800 })
    await settle(page)
  }

  it('says how to come by reports while there are none', async () => {
    await panel().getByText('No reports of this domain yet').waitFor()
    await panel().getByText('Your DMARC record has them sent to').waitFor()
    await see('dmarc-reports-none')
  })

  it('reads three files at once, and says why one of them was refused', async () => {
    await give(
      { name: 'today.xml.gz', octets: gzipSync(report(0, { records: [own(31)] })) },
      {
        name: 'two.zip',
        octets: makeZip([
          { name: 'a.xml', content: report(1, { records: [own(64), ofDomain(bySendgrid)] }) },
          { name: 'b.xml', content: report(2, { records: [own(12), relayed, ofDomain(forged)] }) },
        ]),
      },
      { name: 'bomb.gz', octets: gzipSync(Buffer.alloc(9_000_000)) },
    )
    await panel().getByText('3 reports read, 1 refused').waitFor()
    const refused = panel()
      .getByRole('list', { name: 'Files that were not read', exact: true })
      .getByRole('listitem')
    await expect
      .poll(() => refused.allTextContents())
      .toEqual([
        'bomb.gz It would unpack to more than 200 times its size, as no report does. It was not unpacked.',
      ])
    await expect.poll(names).toEqual(['Google Workspace', 'SendGrid', '203.0.113.9', '192.0.2.200'])
    await senders().getByText('DKIM passes for sendgrid.net, which is not the domain in From.').waitFor()
    await see('dmarc-reports-partial')
    await button('Dismiss').click()
  })

  it('tells copies from what is new, of files that are dropped', async () => {
    const zip = join(world().dataDir, 'weeks.zip')
    await writeFile(zip, makeZip(weeks))
    await settle(page)
    const box = await senders().boundingBox()
    if (box === null) throw new Error('There is nowhere to drop it.')
    const debug = await window.context.newCDPSession(page)
    const drag = {
      x: box.x + 20,
      y: Math.min(box.y + 10, 700),
      data: { items: [], files: [zip], dragOperationsMask: 1 },
    }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await debug.send('Input.dispatchDragEvent', { type, ...drag })
    await panel().getByText('27 reports read, 1 copy of earlier ones').waitFor()
    await panel()
      .getByText('Was read before: report r-1 of Receiver Example. Nothing was counted again.')
      .waitFor()
    await button('Dismiss').click()
    await see('dmarc-reports')
  })

  it('sorts by the keyboard, and says how', async () => {
    const head = senders().getByRole('columnheader', { name: 'Passes', exact: true })
    await expect.poll(async () => (await names()).length).toBe(4)
    const first = await names()
    await head.getByRole('button').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending')
    await expect
      .poll(async () => (await names()).slice(-2).toSorted())
      .toEqual(['203.0.113.9', 'Google Workspace'])
    await page.keyboard.press('Space')
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('descending')
    const bySender = senders().getByRole('columnheader', { name: 'Sender', exact: true })
    await bySender.getByRole('button').focus()
    await page.keyboard.press('Enter')
    await expect.poll(names).toEqual(['192.0.2.200', '203.0.113.9', 'Google Workspace', 'SendGrid'])
    const messages = senders().getByRole('columnheader', { name: 'Messages', exact: true })
    await messages.getByRole('button').click()
    await expect.poll(() => messages.getAttribute('aria-sort')).toBe('descending')
    await expect.poll(names).toEqual(first)
  })

  it('opens the details of a sender, and the days as numbers', async () => {
    const row = senders().getByRole('row', { name: /SendGrid/ })
    await row.getByText('Details').focus()
    await page.keyboard.press('Enter')
    await row.getByText('167.89.0.7').waitFor()
    await row.getByText('smtpapi').waitFor()
    await panel().getByText('The days as a table').click()
    const days = page.getByRole('table', { name: 'Messages by day', exact: true })
    await expect.poll(() => days.getByRole('row').count()).toBeGreaterThan(28)
    await see('dmarc-reports-details')
    await panel().getByText('The days as a table').click()
  })

  it('changes the period', async () => {
    await page.getByRole('radio', { name: '7 days', exact: true }).click()
    await panel()
      .getByText(/^Reports$/)
      .waitFor()
    await expect
      .poll(() => page.getByRole('table', { name: 'Messages by day', exact: true }).getByRole('row').count())
      .toBeLessThan(9)
    await page.getByRole('radio', { name: '13 months', exact: true }).click()
    await expect.poll(() => page.locator('.recharts-bar-rectangle').count()).toBeGreaterThan(4)
    await see('dmarc-reports-year')
  })

  describe.runIf(mailProblem === null)('from a mailbox', () => {
    let servers: MailServers
    beforeAll(async () => {
      servers = await startMailServers({ users: 1 })
      const client = new ImapFlow({
        host: 'localhost',
        port: servers.ports.imaps,
        secure: true,
        tls: { ca: servers.caPem },
        auth: { user: servers.address(1), pass: servers.password(1) },
        logger: false,
      })
      await client.connect()
      await client.mailboxCreate('Reports')
      const reports = [
        report(0, { reportId: 'm-1', records: [own(7)] }),
        report(0, { reportId: 'm-2', domain: 'stranger.example' }),
      ]
      for (const text of reports) await client.append('Reports', reportMail(attached(gzipSync(text))))
      await client.logout()
      const { mailboxes, vault } = world().client()
      valueOf(await vault.usePassphrase({ passphrase: servers.password(1).repeat(4) }))
      const at = (port: number) => ({
        server: { host: 'localhost', port, security: 'tls' as const },
        user: servers.address(1),
      })
      const events = await mailboxes.test({
        kind: 'draft',
        address: servers.address(1),
        smtp: at(servers.ports.submissions),
        imap: at(servers.ports.imaps),
        allowPlain: false,
        pinnedCertificate: servers.fingerprint,
        provider: null,
        login: { kind: 'password', password: servers.password(1), imapPassword: null },
        testEmail: false,
      })
      let step = await events.next()
      while (!step.done) step = await events.next()
      const preferences = { senderName: '', signature: '', timeZone: 'Europe/Berlin', dailyLimit: null }
      valueOf(await mailboxes.add({ test: valueOf(step.value).test, ...preferences, addDomain: false }))
    }, 60_000)
    afterAll(() => servers?.stop(), 60_000)

    it('reads a chosen folder, and says what was left out', async () => {
      await button('Read reports from a mailbox').click()
      const form = page.getByRole('form', { name: 'Mailbox for reports', exact: true })
      await form.evaluate(one => one.scrollIntoView())
      await look(page, 'dmarc-reports-choose', button('Read from now on'), 'further-down')
      await page.getByRole('textbox', { name: 'Folder', exact: true }).fill('Nowhere')
      await button('Read from now on').click()
      await panel().getByText('There is no folder “Nowhere” in this mailbox.').waitFor()
      const list = panel().getByRole('list', { name: 'Mailboxes read for reports', exact: true })
      await list.evaluate(one => one.scrollIntoView())
      await look(page, 'dmarc-reports-folder-missing', list, 'further-down')
      await button('Read another mailbox').click()
      await page.getByRole('textbox', { name: 'Folder', exact: true }).fill('Reports')
      await button('Read from now on').click()
      await panel().getByText('1 new report, 1 attachment not read.').waitFor()
      await panel().getByText('What was not read').click()
      await panel().getByText('It is about stranger.example, which is not on your list.').waitFor()
      await list.evaluate(one => one.scrollIntoView())
      await settle(page)
      await look(page, 'dmarc-reports-mailbox', list, 'further-down')
      await page.setViewportSize({ width: 1280, height: 800 })
    })

    it('stops reading it when asked', async () => {
      await button(`Stop reading ${servers.address(1)}`).click()
      await button('Read reports from a mailbox').waitFor()
    })
  })

  it('had no trouble on the way', () => {
    expect(window.troubles).toEqual([])
  })
})
