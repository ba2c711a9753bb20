import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { networkMailWith } from '#engine/mailboxes/mail-reach.ts'
import { createHttpsClient } from '#engine/net/https.ts'
import { makeCertificate } from '../helpers/certificates.ts'
import { findChromium, startChromium } from '../helpers/chromium.ts'
import { valueOf } from '../helpers/engine.ts'
import { type HttpsServer, startHttpsServer } from '../helpers/https-server.ts'
import { look } from '../helpers/look.ts'
import { oauthClient, type OauthServer, startOauthServer } from '../helpers/oauth-server.ts'
import { type ServedEngine, startServedEngine } from '../helpers/served-engine.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { type OpenedWindow, openWindow, visit } from '../helpers/window.ts'

/* What is found out about a mailbox before its servers are asked: published settings, and who signs in for it. */

const chromium = await findChromium()
if (chromium === null) noteSkipped('What is found out about a mailbox', 'no Chromium was found')

/** As Mozilla's format has it, with the marks for the address. */
const autoconfig = `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="b.test"><domain>b.test</domain>
<incomingServer type="imap"><hostname>imap.%EMAILDOMAIN%</hostname><port>1993</port><socketType>SSL</socketType>
<username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.%EMAILDOMAIN%</hostname><port>1587</port><socketType>STARTTLS</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>`

describe.runIf(chromium !== null)('What is found out about a mailbox', () => {
  let browser: Browser
  let window: OpenedWindow
  let page: Page
  let provider: OauthServer
  let web: HttpsServer
  let engine: ServedEngine

  beforeAll(async () => {
    const authority = makeCertificate({ name: 'Test Authority', isAuthority: true })
    const certificate = makeCertificate({ name: 'web', names: ['autoconfig.b.test'], issuer: authority })
    web = await startHttpsServer(certificate, (request, response) => {
      const isAsked = request.url?.startsWith('/mail/config-v1.1.xml') === true
      response.writeHead(isAsked ? 200 : 404, { 'content-type': 'text/xml' })
      response.end(isAsked ? autoconfig : '')
    })
    provider = await startOauthServer({ account: 'boss@c.test' }, { inBrowser: true })
    engine = await startServedEngine({
      provider,
      mail: networkMailWith({ ca: [authority.pem] }),
      makeHttps: ({ networkLog }) =>
        createHttpsClient({
          networkLog,
          ca: [authority.pem],
          endpointOf: address => (address === '127.0.0.1' ? { host: address, port: web.port } : null),
        }),
    })
    browser = await startChromium(chromium ?? '')
    window = await openWindow(browser, engine.url)
    page = window.page
  })
  afterAll(async () => {
    await window?.close()
    await browser?.close()
    await engine?.stop()
    await web?.close()
    await provider?.close()
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const find = async (address: string) => {
    await visit(page, '/mailboxes')
    await button('Add mailbox').click()
    await page.getByLabel('Address of the mailbox').fill(address)
    await button('Find the servers').click()
    await page.getByLabel('SMTP server').waitFor()
  }

  it('takes the settings a domain publishes over HTTPS, with their own user names', async () => {
    engine.dns.publish({
      'b.test': { MX: ['10 mail.b.test'], A: ['127.0.0.1'] },
      'mail.b.test': { A: ['127.0.0.1'] },
      'autoconfig.b.test': { A: ['127.0.0.1'] },
    })
    await find('user1@b.test')
    await expect.poll(() => page.getByLabel('SMTP server').inputValue()).toBe('smtp.b.test')
    await expect.poll(() => page.getByLabel('SMTP port').inputValue()).toBe('1587')
    await expect.poll(() => page.getByLabel('SMTP user name').inputValue()).toBe('user1@b.test')
    await expect.poll(() => page.getByLabel('IMAP server').inputValue()).toBe('imap.b.test')
    await expect.poll(() => page.getByLabel('IMAP port').inputValue()).toBe('1993')
    await expect.poll(() => page.getByLabel('IMAP user name').inputValue()).toBe('user1')
    await page.getByText('autoconfig.b.test', { exact: false }).first().waitFor()
    expect(web.asked).toContain('autoconfig.b.test /mail/config-v1.1.xml?emailaddress=user1%40b.test')
    await look(page, 'mailbox-published', page.getByLabel('SMTP server'))
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  it('signs in with another account, for a mailbox shared with it or for an alias of it', async () => {
    valueOf(await engine.client.oauth.setClient({ provider: 'microsoft', ...oauthClient }))
    engine.dns.publish({ 'c.test': { MX: ['0 c-test.mail.protection.outlook.com'] } })
    await find('team@c.test')
    await page.getByText('Sign in with Microsoft', { exact: true }).first().click()
    const signIn = async (name: string) => {
      await button(name).last().click()
      const link = page.getByRole('link', { name: 'Open the page of Microsoft', exact: true })
      await link.waitFor()
      const [consent] = await Promise.all([window.context.waitForEvent('page'), link.click()])
      await consent.getByRole('button', { name: 'Allow', exact: true }).click()
      return consent
    }
    const first = await signIn('Sign in with Microsoft')
    await page.getByText('Not signed in').waitFor()
    await first.close()
    const second = await signIn('Use the other account')
    await page.getByText('Signed in as boss@c.test').waitFor()
    await second.close()
    const users = () =>
      Promise.all(['SMTP user name', 'IMAP user name'].map(label => page.getByLabel(label).inputValue()))
    await page.getByText('team@c.test is shared with boss@c.test, and logs in under its own name.').waitFor()
    await expect.poll(users).toEqual(['team@c.test', 'team@c.test'])
    await look(page, 'mailbox-shared', page.getByRole('heading', { level: 1 }))
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.getByRole('radio', { name: 'An alias', exact: true }).click()
    await page.getByText('team@c.test is another name of boss@c.test, which logs in.').waitFor()
    await expect.poll(users).toEqual(['boss@c.test', 'boss@c.test'])
    await page.getByRole('radio', { name: 'A shared mailbox', exact: true }).click()
    await expect.poll(users).toEqual(['team@c.test', 'team@c.test'])
  })

  it('leaves no trouble in the window', () => {
    expect(window.troubles).toEqual([])
  })
})
