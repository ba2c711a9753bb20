import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DnsFilter, startDnsFilter } from '../helpers/dns-filter.ts'
import { journey } from '../helpers/journey-world.ts'
import { type OpenedWindow, openWindow, sectionLink } from '../helpers/window.ts'

await journey('Settings', null, world => {
  let window: OpenedWindow
  let page: Page
  let silent: DnsFilter
  beforeAll(async () => {
    silent = await startDnsFilter({ host: '127.0.0.1', port: 9 })
    silent.decide(() => 'drop')
    window = await openWindow(world().browser, world().host().url)
    page = window.page
    await sectionLink(page, 'Settings').click()
  })
  afterAll(async () => {
    await window?.close()
    await silent?.close()
  })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const white = 'rgb(255, 255, 255)'

  it('follows the system, or keeps the theme that was chosen', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(background).not.toBe(white)
    await page.getByRole('radio', { name: 'Light', exact: true }).click()
    await expect.poll(background).toBe(white)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.getByRole('radio', { name: 'Dark', exact: true }).click()
    await expect.poll(background).not.toBe(white)
    await page.reload()
    await page.getByRole('radio', { name: 'Dark', exact: true, checked: true }).waitFor()
    await expect.poll(background).not.toBe(white)
    const settings = await world().client().settings.get()
    expect(settings).toMatchObject({ ok: true, value: { theme: 'dark' } })
    await page.getByRole('radio', { name: 'System', exact: true }).click()
    await expect.poll(background).toBe(white)
  })

  it('refuses what is no address of a DNS server, and keeps what was set', async () => {
    const servers = page.getByRole('textbox', { name: 'Servers', exact: true })
    await expect.poll(() => servers.inputValue()).toBe(world().dns.address)
    await servers.fill('dns.example')
    await button('Save').click()
    await page.getByText('“dns.example” is not the address of a DNS server.').waitFor()
    await expect.poll(() => servers.getAttribute('aria-invalid')).toBe('true')
    const settings = await world().client().settings.get()
    expect(settings).toMatchObject({ ok: true, value: { resolvers: [world().dns.address] } })
  })

  it('tries servers before they are relied on', async () => {
    await page
      .getByRole('textbox', { name: 'Servers', exact: true })
      .fill(`${world().dns.address}\n${silent.address}`)
    await button('Try them').click()
    await page.getByText(/^answered in \d+ ms$/).waitFor()
    await page.getByText(`no answer in time from ${silent.address}`).waitFor()
  })

  it('saves them, for every window', async () => {
    await button('Save').click()
    await page.getByText('DNS servers saved').waitFor()
    await page.reload()
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Servers', exact: true }).inputValue())
      .toBe(`${world().dns.address}\n${silent.address}`)
  })

  it('keeps how far an audit reaches', async () => {
    const mail = page.getByRole('checkbox', { name: 'Connect to mail servers (port 25)', exact: true })
    await expect.poll(() => mail.isChecked()).toBe(true)
    await page.getByText('Connect to mail servers (port 25)').click()
    await expect.poll(() => mail.isChecked()).toBe(false)
    await page.reload()
    await expect.poll(() => mail.isChecked()).toBe(false)
    const settings = await world().client().settings.get()
    expect(settings).toMatchObject({
      ok: true,
      value: { reach: { direct: true, https: true, smtp: false }, compareMail: true },
    })
    await mail.focus()
    await page.keyboard.press('Space')
    await expect.poll(() => mail.isChecked()).toBe(true)
  })

  it('says where the data are', async () => {
    await page.getByText(world().dataDir).waitFor()
  })

  it('lists every server that was contacted, and why', async () => {
    await button('Refresh').click()
    const log = page.getByRole('region', { name: 'Hosts contacted', exact: true })
    const row = log.getByRole('row').filter({ hasText: silent.address })
    await row.waitFor()
    await row.getByText('Trying DNS servers').waitFor()
    const counted = () =>
      row.getByRole('cell').evaluateAll(cells => [cells[2]?.textContent, cells[3]?.textContent])
    const isComplete = async () => {
      await button('Refresh').click()
      const asked = String(silent.questions.length)
      return (await counted()).every(count => count === asked)
    }
    await expect.poll(isComplete).toBe(true)
    await button('Clear the log').click()
    await page.getByText('No host has been contacted yet.').waitFor()
    await page.reload()
    await page.getByText('No host has been contacted yet.').waitFor()
  })

  it('met no error on the way', () => {
    expect(window.troubles).toEqual([])
  })

  it('keeps a client ID to sign in with, and never shows its secret', async () => {
    const google = page.getByRole('form', { name: 'Client ID for Google', exact: true })
    await google.getByText('How to make one').click()
    await google.getByText('make a client of the type “Desktop app”').waitFor()
    await google.getByLabel('Client ID for Google').fill('short')
    await google.getByRole('button', { name: 'Keep the client ID', exact: true }).click()
    await google.getByText('This is not a client ID.').waitFor()
    await google.getByLabel('Client ID for Google').fill('123456-abc.apps.example.com')
    await google.getByRole('button', { name: 'Keep the client ID', exact: true }).click()
    await google.getByText('Your own client ID is in use.').waitFor()
    await google.getByRole('button', { name: 'Forget it', exact: true }).click()
    await google.getByText('No client ID is set, so nobody can sign in yet.').waitFor()
  })
})
