import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { networkMailWith } from '#engine/mailboxes/mail-reach.ts'
import { canary } from '../helpers/canary.ts'
import { makeCertificate } from '../helpers/certificates.ts'
import { findChromium, startChromium } from '../helpers/chromium.ts'
import { readToEnd, valueOf } from '../helpers/engine.ts'
import { look } from '../helpers/look.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { oauthClient, type OauthServer, startOauthServer } from '../helpers/oauth-server.ts'
import { type ScriptedServer, startSmtp } from '../helpers/scripted-mail.ts'
import { type ServedEngine, startServedEngine } from '../helpers/served-engine.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { type OpenedWindow, openWindow, visit } from '../helpers/window.ts'

const chromium = await findChromium()
const problem = chromium === null ? 'no Chromium was found' : mailServersProblem()
if (problem !== null) noteSkipped('Discovery, sign-in and many tests in the window', problem)

const users = 12
/** A busy machine is no failure. */
const slowly = { timeout: 60_000 }
/** Rows whose reading server has a name that must be looked up, so that a test can be held there. */
const held = 2

describe.runIf(problem === null)('Mailboxes that are found, signed in for, and tested together', () => {
  let browser: Browser
  let window: OpenedWindow
  let page: Page
  let provider: OauthServer
  let servers: MailServers
  let limited: ScriptedServer
  let engine: ServedEngine

  beforeAll(async () => {
    provider = await startOauthServer({ account: 'user1@a.test' }, { inBrowser: true })
    const { introspectionUrl } = provider
    servers = await startMailServers({ users, mechanisms: 'plain login xoauth2', introspectionUrl })
    const authority = makeCertificate({ name: 'Another test authority', isAuthority: true })
    const { pem, keyPem } = makeCertificate({ name: 'slow.a.test', names: ['localhost'], issuer: authority })
    limited = await startSmtp({
      secure: { from: 'start', context: { cert: pem, key: keyPem } },
      answers: { AUTH: '454 4.7.0 Too many login attempts, please try again later.' },
    })
    engine = await startServedEngine({
      provider,
      mail: networkMailWith({ ca: [servers.caPem, authority.pem] }),
    })
    // What begins to warm up by itself a while later would have a connection too.
    valueOf(await engine.client.settings.set({ warmup: { startsByItself: false } }))
    browser = await startChromium(chromium ?? '')
    window = await openWindow(browser, engine.url)
    page = window.page
  }, 120_000)
  afterAll(async () => {
    await window?.close()
    await browser?.close()
    await engine?.stop()
    await limited?.close()
    await servers?.stop()
    await provider?.close()
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const title = () => page.getByRole('heading', { level: 1 })
  const wide = () => page.setViewportSize({ width: 1280, height: 800 })
  const status = () => page.getByRole('main').getByRole('note').first()
  const find = async (address: string) => {
    await visit(page, '/mailboxes/add')
    await page.getByLabel('Address of the mailbox').fill(address)
    await button('Find the servers').click()
    await page.getByLabel('SMTP server').waitFor()
  }

  it('fills in the servers that the domain publishes, and saves what the person made of them', async () => {
    engine.dns.publish({
      'a.test': { MX: ['10 mail.a.test'] },
      'mail.a.test': { A: ['127.0.0.1'] },
      '_submissions._tcp.a.test': { SRV: [`0 1 ${servers.ports.submissions} mail.a.test`] },
      '_imaps._tcp.a.test': { SRV: [`0 1 ${servers.ports.imaps} mail.a.test`] },
    })
    await find('user2@a.test')
    await expect.poll(() => page.getByLabel('SMTP server').inputValue()).toBe('mail.a.test')
    await expect.poll(() => page.getByLabel('SMTP port').inputValue()).toBe(String(servers.ports.submissions))
    await expect.poll(() => page.getByLabel('IMAP port').inputValue()).toBe(String(servers.ports.imaps))
    await look(page, 'mailbox-found', page.getByLabel('SMTP server'))
    await wide()
    await page.getByLabel('SMTP server').fill('localhost')
    await page.getByLabel('Password', { exact: true }).fill(servers.password(2))
    await page.getByText('Send one test message from the mailbox to itself').click()
    await button('Test the connection').click()
    await page.getByText('It is saved as Not fully tested', { exact: false }).waitFor({ timeout: 60_000 })
    await page.getByText('Changed by you').waitFor()
    await look(page, 'mailbox-partly', page.getByRole('heading', { name: 'Save the mailbox', exact: true }))
    await wide()
    await button('Save the mailbox').click()
    await page.getByRole('heading', { name: 'What happened', exact: true }).waitFor()
    await expect.poll(() => status().textContent(), slowly).toBe('Not fully tested')
    await page.getByText('localhost, port', { exact: false }).first().waitFor()
    await look(page, 'mailbox-not-fully-tested', button('Test again'))
    await wide()
  })

  it('signs in with the provider in the browser, and logs in with what it grants', async () => {
    engine.dns.publish({ 'a.test': { MX: ['1 aspmx.l.google.com'] } })
    await visit(page, '/settings')
    await page.getByRole('region', { name: 'Sign-in', exact: true }).scrollIntoViewIfNeeded()
    await page
      .getByRole('textbox', { name: /^Client ID/ })
      .first()
      .fill(oauthClient.clientId)
    await look(page, 'settings-sign-in', title())
    await wide()
    await button('Keep the client ID').first().click()
    await expect
      .poll(async () => valueOf(await engine.client.oauth.clients())[0]?.clientId, slowly)
      .toBe(oauthClient.clientId)

    await find('user1@a.test')
    await page.getByText('Sign in with Google', { exact: true }).first().click()
    await button('Sign in with Google').last().click()
    const link = page.getByRole('link', { name: 'Open the page of Google', exact: true })
    await link.waitFor()
    await look(page, 'mailbox-signing-in', title())
    await wide()
    const [consent] = await Promise.all([window.context.waitForEvent('page'), link.click()])
    await consent.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.getByText('Signed in as user1@a.test').waitFor()
    await consent.close()
    await look(page, 'mailbox-signed-in', title())
    await wide()
    await page.getByLabel('SMTP server').fill('localhost')
    await page.getByLabel('SMTP port').fill(String(servers.ports.submissions))
    await page.getByLabel('IMAP server').fill('localhost')
    await page.getByLabel('IMAP port').fill(String(servers.ports.imaps))
    await button('Test the connection').click()
    await button('Save the mailbox').waitFor({ timeout: 60_000 })
    await button('Save the mailbox').click()
    await page.getByRole('heading', { name: 'What happened', exact: true }).waitFor()
    await expect.poll(() => status().textContent(), slowly).toBe('Active')
    await page.getByText('Signed in with the provider').waitFor()
  })

  it('says that a new sign-in is needed when the provider has ended it, and takes one', async () => {
    provider.revokeAll()
    await button('Test again').first().click()
    await expect.poll(() => status().textContent(), slowly).toBe('Auth failed')
    await page
      .getByText(/^Sign in again: /)
      .first()
      .waitFor()
    await look(page, 'mailbox-sign-in-again', button('Sign in again'))
    await wide()
    await button('Sign in again').first().click()
    const panel = page.getByRole('dialog')
    await panel.getByRole('button', { name: 'Sign in with Google', exact: true }).click()
    const link = panel.getByRole('link', { name: 'Open the page of Google', exact: true })
    const [consent] = await Promise.all([window.context.waitForEvent('page'), link.click()])
    await consent.getByRole('button', { name: 'Allow', exact: true }).click()
    await panel.getByText('Signed in as user1@a.test').waitFor()
    await consent.close()
    await panel.getByRole('button', { name: 'Test the change', exact: true }).click()
    const use = panel.getByRole('button', { name: 'Use this from now on', exact: true })
    await use.waitFor({ timeout: 60_000 })
    await look(page, 'mailbox-change-tested', use)
    await wide()
    await use.click()
    await expect.poll(() => status().textContent(), slowly).toBe('Active')
  })

  it('tests many with their progress, and stops', async () => {
    const head = 'address,password,smtp host,smtp port,smtp security,imap host,imap port,imap security'
    const rows = Array.from({ length: users - 3 }, (_, index) => {
      const user = index + 4
      const password = user === users ? canary('not-the-one') : servers.password(user)
      const imapHost = user < 4 + held ? 'mail.a.test' : 'localhost'
      const { submissions, imaps } = servers.ports
      return `user${user}@a.test,${password},localhost,${submissions},tls,${imapHost},${imaps},tls`
    })
    const { imaps } = servers.ports
    rows.push(`user3@a.test,${servers.password(3)},localhost,${limited.port},tls,localhost,${imaps},tls`)
    const preview = valueOf(await engine.client.mailboxes.readList({ text: [head, ...rows].join('\n') }))
    const list = preview.list ?? ''
    valueOf(
      (await readToEnd(engine.client.mailboxes.addList({ list, timeZone: 'UTC', addDomains: true }))).result,
    )
    engine.dns.publish({ 'mail.a.test': { A: ['127.0.0.1'] } })
    engine.dns.hold()
    await visit(page, '/mailboxes')
    await expect.poll(() => page.getByRole('row').count(), slowly).toBe(users + 1)
    await button('Test all shown').click()
    const bar = page.getByRole('status').filter({ hasText: 'Testing' })
    const progress = page.getByRole('progressbar', { name: 'Mailboxes tested', exact: true })
    await expect.poll(() => progress.getAttribute('aria-valuenow').then(Number), slowly).toBeGreaterThan(1)
    await bar.getByText(/failed$/).waitFor(slowly)
    await look(page, 'mailbox-bulk-test', button('Stop'))
    await wide()
    await button('Stop').click()
    await page.getByText(/^Stopped after \d+ of \d+$/).waitFor()
    await look(page, 'mailbox-bulk-stopped', button('Close'))
    await wide()
    await expect.poll(() => servers.connections().callers, slowly).toBe(0)
    engine.dns.letGo()
    await button('Close').click()
    await button('Test all shown').click()
    await page.getByText(/^2 mailboxes of \d+ failed$/).waitFor({ timeout: 60_000 })
    await look(page, 'mailbox-bulk-ended', button('Close'))
    await wide()
    await button('Select what failed').click()
    await page.getByText('2 selected').waitFor()
    await page.getByRole('row', { name: /^user1@a\.test, Active/ }).waitFor()
    await button('Clear selection').click()
  })

  it('shows why a login failed, and until when a provider wants a pause', async () => {
    await page.getByRole('link', { name: `user${users}@a.test`, exact: true }).click()
    await page.getByRole('heading', { name: 'What happened', exact: true }).waitFor()
    await expect.poll(() => status().textContent(), slowly).toBe('Auth failed')
    await look(page, 'mailbox-auth-failed', button('Test again'))
    await wide()
    await visit(page, '/mailboxes')
    await page.getByRole('link', { name: 'user3@a.test', exact: true }).click()
    await page.getByRole('heading', { name: 'What happened', exact: true }).waitFor()
    await expect.poll(() => status().textContent(), slowly).toBe('Rate limited')
    await page.getByText(/It goes on by itself/).waitFor()
    await look(page, 'mailbox-rate-limited', button('Test again'))
    await wide()
  })

  it('counts the mailboxes of each domain in the list of domains', async () => {
    await visit(page, '/domains')
    const row = page.getByRole('row', { name: /^a\.test/ })
    await row.waitFor()
    await page.setViewportSize({ width: 1360, height: 800 })
    await expect.poll(() => row.getByRole('gridcell').nth(6).textContent(), slowly).toBe(String(users))
    await look(page, 'domains-with-mailboxes', page.getByRole('grid'))
    await wide()
  })

  it('leaves no trouble in the window', () => {
    expect(window.troubles).toEqual([])
  })
})
