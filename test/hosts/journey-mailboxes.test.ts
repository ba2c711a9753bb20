import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { canary } from '../helpers/canary.ts'
import { journey } from '../helpers/journey-world.ts'
import { look } from '../helpers/look.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { layoutFaults, type OpenedWindow, openWindow, settle, sectionLink, visit } from '../helpers/window.ts'

const problem = mailServersProblem()
if (problem !== null) noteSkipped('Mailboxes in the window with real servers', problem)

await journey('Mailboxes', null, world => {
  let window: OpenedWindow
  let page: Page
  let servers: MailServers | null = null

  beforeAll(async () => {
    if (problem === null) servers = await startMailServers({ users: 3 })
    await world()
      .client()
      .vault.usePassphrase({ passphrase: canary('passphrase') })
    window = await openWindow(world().browser, world().host().url)
    page = window.page
  })
  afterAll(async () => {
    await window?.close()
    await servers?.stop()
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const shot = async (name: string) => {
    await settle(page)
    expect(await layoutFaults(page)).toEqual([])
    const folder = process.env.ROOKERY_SCREENSHOTS
    if (!folder) return
    await mkdir(folder, { recursive: true })
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }
  const byHand = async (address: string) => {
    await visit(page, '/mailboxes')
    await button('Add mailbox').click()
    await page.getByLabel('Address of the mailbox').fill(address)
    await button('Enter them by hand').click()
  }

  it('begins empty, with what can be done', async () => {
    await sectionLink(page, 'Mailboxes').click()
    await page.getByText('No mailboxes yet').waitFor()
    await look(page, 'mailboxes-empty', button('Add mailbox'))
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  it('says what is wrong with an address, and with servers that are missing', async () => {
    await button('Add mailbox').click()
    await page.getByLabel('Address of the mailbox').fill('mia.example.com')
    await page.keyboard.press('Enter')
    await page.getByText(/There is no @ sign/).waitFor()
    await shot('mailbox-address')
    await byHand('mia@example.com')
    await button('Test the connection').click()
    await page.getByText('Which server?', { exact: false }).first().waitFor()
    await page.getByText('A password is needed.').waitFor()
    await look(page, 'mailbox-form', page.getByLabel('SMTP server'))
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  it('reads a list row by row, and adds what is good', async () => {
    await visit(page, '/mailboxes/import')
    const rows = [
      'address;password;smtp host;imap host;daily limit',
      `mia@example.com;${canary()};127.0.0.1;127.0.0.1;80`,
      `leo@example.com;${canary()};127.0.0.1;127.0.0.1;`,
      `no address;${canary()};127.0.0.1;127.0.0.1;`,
      `mia@example.com;${canary()};127.0.0.1;127.0.0.1;9`,
    ]
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button('Open a file').click()])
    await chooser.setFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) })
    await page.getByText('2 mailboxes ready, 2 rows with something wrong.').waitFor()
    expect(await page.content()).not.toContain(canary())
    await look(page, 'mailbox-import', button('Open a file').or(page.getByRole('table')))
    await page.setViewportSize({ width: 1280, height: 800 })
    await button('Add 2 mailboxes').click()
    await page.getByText('2 mailboxes added').waitFor()
    await shot('mailbox-imported')
    await button('Go to Mailboxes').click()
    await page.getByRole('grid').waitFor()
    await expect.poll(() => page.getByRole('row').count()).toBe(3)
    await look(page, 'mailbox-list', button('Add mailbox'))
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  it('pauses, removes and brings back by keyboard and menu', async () => {
    const grid = page.getByRole('grid')
    await grid.focus()
    await page.keyboard.press(' ')
    await button('Pause').click()
    await page.getByText('1 mailbox paused').waitFor()
    await grid.getByText('Paused').waitFor()
    await button('Remove').click()
    await page.getByText('1 mailbox removed').waitFor()
    await button('Undo').click()
    await page.getByText('1 mailbox back on the list').waitFor()
    await expect.poll(() => page.getByRole('row').count()).toBe(3)
  })

  it('shows a mailbox with its servers, its settings and what happened', async () => {
    await page.getByRole('link', { name: 'mia@example.com', exact: true }).click()
    await page.getByRole('heading', { name: 'What happened', exact: true }).waitFor()
    await page.getByText('Added from a list.').waitFor()
    await look(page, 'mailbox-details', button('Test again'))
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  it('asks before a domain goes with its mailboxes', async () => {
    await visit(page, '/domains')
    await page.getByRole('link', { name: 'example.com', exact: true }).click()
    await page.getByRole('list', { name: 'Mailboxes of this domain', exact: true }).waitFor()
    await page.getByLabel('Daily limit per mailbox').fill('120')
    await button('Save the limit').click()
    await page.getByText('120 a day').first().waitFor()
    await button('Delete this domain').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('2 mailboxes go with it', { exact: false }).waitFor()
    await shot('domain-removal')
    await dialog.getByRole('button', { name: 'Keep everything', exact: true }).click()
    await page.getByRole('list', { name: 'Mailboxes of this domain', exact: true }).waitFor()
  })

  if (problem === null) {
    it('names what is wrong, offers the way around, and adds a real mailbox', async () => {
      const { ports, address, password } = servers as MailServers
      await byHand(address(1))
      await page.getByLabel('SMTP server').fill('localhost')
      await page.getByLabel('SMTP port').fill(String(ports.submission))
      await page.getByLabel('IMAP server').fill('localhost')
      await page.getByLabel('IMAP port').fill(String(ports.imaps))
      await page.getByLabel('Password', { exact: true }).fill('not-the-password')
      await button('Test the connection').click()
      const alert = page.getByRole('alert').first()
      await alert.waitFor({ timeout: 60_000 })
      await shot('mailbox-wrong-mode')
      await page.getByRole('button', { name: /with STARTTLS$/ }).click()
      await page
        .getByRole('button', { name: 'Look at the certificate', exact: true })
        .first()
        .waitFor({ timeout: 60_000 })
      await page.getByRole('button', { name: 'Look at the certificate', exact: true }).first().click()
      await page.getByRole('dialog').getByText('Fingerprint', { exact: true }).waitFor()
      await shot('mailbox-certificate')
      await button('Accept it for this mailbox').click()
      await page
        .getByText(/refused the (?:password|login|user name)/i)
        .first()
        .waitFor({ timeout: 60_000 })
      await look(page, 'mailbox-wrong-password', page.getByRole('alert').first())
      await page.setViewportSize({ width: 1280, height: 800 })
      await page.getByLabel('Password', { exact: true }).fill(password(1))
      await button('Test the connection').click()
      await page.getByText('Everything works', { exact: false }).last().waitFor({ timeout: 90_000 })
      await shot('mailbox-passed')
      await page.getByLabel('Sender name').fill('Mia')
      await button('Save the mailbox').click()
      await page.getByRole('heading', { name: 'What happened', exact: true }).waitFor()
      await page.getByText('It logged in, and a test message was sent', { exact: false }).waitFor()
      await look(page, 'mailbox-added', button('Test again'))
      await page.setViewportSize({ width: 1280, height: 800 })
    })
  }

  it('leaves no trouble in the window', () => {
    expect(window.troubles).toEqual([])
  })
})
