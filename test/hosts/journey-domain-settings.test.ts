import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InProcessClient } from '#engine/in-process.ts'
import { findChromium, startChromium } from '../helpers/chromium.ts'
import { passing, reportXml } from '../helpers/dmarc-reports.ts'
import { snapshot, valueOf } from '../helpers/engine.ts'
import { keep, look } from '../helpers/look.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { type PlayedEngine, playedEngine, playedTime } from '../helpers/played-engine.ts'
import { chooseFromRowMenu, type OpenedWindow, openRowMenu, openWindow, visit } from '../helpers/window.ts'
import { testDns } from '../helpers/zone-resolver.ts'

/* What a domain decides for its mailboxes, in the window over the real engine. */

const chromium = await findChromium()
if (chromium === null) noteSkipped('Domain settings in the window', 'no Chromium was found')

const wide = { width: 1280, height: 800 }
const addresses = ['mia@nest.example', 'leo@nest.example', 'tom@krill.example', 'eva@krill.example']

describe.runIf(chromium !== null)('Domain settings', () => {
  let browser: Browser
  let engine: PlayedEngine
  let client: InProcessClient
  let window: OpenedWindow
  let page: Page
  let nest: string

  beforeAll(async () => {
    browser = await startChromium(chromium ?? '')
    const dns = testDns()
    dns.publish({
      'nest.example': { TXT: ['v=spf1 -all'], MX: ['10 mail.nest.example'] },
      '_dmarc.nest.example': { TXT: ['v=DMARC1; p=none; rua=mailto:d@nest.example'] },
    })
    engine = await playedEngine(playedTime(), dns)
    client = engine.client
    nest = valueOf(await client.domains.add({ input: 'nest.example' })).id
    valueOf(await client.domains.add({ input: 'krill.example' }))
    await engine.addMailboxes(addresses)
    engine.start()
    window = await openWindow(browser, engine.url)
    page = window.page
  })
  afterAll(async () => {
    await window?.close()
    await browser?.close()
    await engine?.stop()
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const rowOf = async (address: string) => {
    const rows = [...(await snapshot(client)).rows.values()]
    return rows.flatMap(one => (one.table === 'warmup' && one.row.address === address ? [one.row] : []))[0]
  }

  /** Gives the engine a report of ten messages, as the reading of a night would. */
  const give = async (reportId: string) => {
    const day = Date.now() - 2 * 24 * 60 * 60_000
    const xml = reportXml({ domain: 'nest.example', reportId, beginsAt: day, records: [passing] })
    const read = await client.dmarcReports.import({
      fileName: 'a.xml',
      base64: Buffer.from(xml).toString('base64'),
    })
    expect(valueOf(read).outcomes.map(({ state }) => state)).toEqual(['read'])
  }

  it('are found from the list, and from the page of the domain', async () => {
    const row = page.getByRole('row', { name: /^nest\.example/ })
    await openRowMenu(row, 'Actions for nest.example')
    await page.getByRole('menuitem', { name: 'Add mailbox', exact: true }).waitFor()
    await chooseFromRowMenu(row, 'Actions for nest.example', 'Settings')
    await page.getByRole('heading', { name: 'Warmup of its mailboxes', exact: true }).waitFor()
    await page.getByRole('navigation', { name: 'Where you are', exact: true }).getByRole('link').click()
    await page.getByRole('heading', { name: 'nest.example', exact: true }).waitFor()
    await button('Settings').click()
    await page.getByText('Nothing was chosen for this domain', { exact: false }).waitFor()
  })

  it('keep the default for warmup, and say what is wrong with it', async () => {
    await page.getByText('Make a DKIM key').waitFor()
    await look(page, 'domain-settings', page.getByText('Conservative').first())
    await page.setViewportSize({ width: 1280, height: 1700 })
    await keep(page, 'domain-settings-whole')
    await page.setViewportSize(wide)
    const form = page.getByRole('form', { name: 'Default for warmup', exact: true })
    const save = form.getByRole('button', { name: 'Save the default', exact: true })
    await expect.poll(() => save.isDisabled()).toBe(true)
    await form.getByText('Moderate').click()
    await expect.poll(() => form.getByLabel('Target a day').inputValue()).toBe('30')
    await form.getByLabel('Target a day').fill('60')
    await form.getByText('A number from 5 to 50.').waitFor()
    await expect.poll(() => save.isDisabled()).toBe(true)
    await form.getByLabel('Target a day').fill('25')
    await form.getByRole('button', { name: 'Sat', exact: true }).click()
    await form.getByRole('button', { name: 'Sun', exact: true }).click()
    await form.getByLabel('From').fill('08:30')
    await save.click()
    await page.getByText('New mailboxes begin with Moderate').waitFor()
    await form.getByText('Up to 25 a day, Monday to Friday, 08:30 to 18:00.', { exact: false }).waitFor()
  })

  it('are used by the start of warmup, which says for each domain what and why', async () => {
    await visit(page, '/warmup')
    await button('Start warmup').click()
    const dialog = page.getByRole('dialog', { name: 'Start warmup', exact: true })
    await dialog.getByText('Moderate, the default of nest.example').waitFor()
    await dialog.getByText('Conservative: krill.example has no default of its own').waitFor()
    await look(
      page,
      'warmup-start-defaults',
      dialog.getByRole('button', { name: 'Start 4 mailboxes', exact: true }),
    )
    await page.setViewportSize(wide)
    await dialog.getByRole('button', { name: 'Start 4 mailboxes', exact: true }).click()
    await page.getByText('4 mailboxes in warmup').first().waitFor()
    await expect
      .poll(() => rowOf('mia@nest.example'))
      .toMatchObject({ strategy: 'moderate', targetPerDay: 25 })
    await expect.poll(() => rowOf('tom@krill.example')).toMatchObject({ strategy: 'conservative' })
  })

  it('limit what the mailboxes send, each and together', async () => {
    await visit(page, `/domains/${nest}/settings`)
    const form = page.getByRole('form', { name: 'Limit of the domain', exact: true })
    const field = form.getByLabel('All mailboxes together, a day')
    await field.fill('0')
    await form.getByText('A number from 1 to 100,000, or nothing.').waitFor()
    await field.fill('40')
    await field.press('Enter')
    await page.getByText('The mailboxes of the domain send 40 messages a day together at most').waitFor()
    await page.getByLabel('Daily limit per mailbox').fill('30')
    await page.getByLabel('Daily limit per mailbox').press('Enter')
    await page.getByText('Each mailbox may send 30 a day').waitFor()
    const stored = async () =>
      [...(await snapshot(client)).rows.values()].find(({ key }) => key === nest)?.row
    await expect.poll(stored).toMatchObject({ warmupPerDay: 40, dailyLimit: 30 })
  })

  it('keep what was chosen for the records', async () => {
    await visit(page, `/domains/${nest}/settings`)
    await page.getByRole('radio', { name: /^Quarantine/ }).click()
    await page.getByText('Tracking name').click()
    await page.getByLabel('Leads to').fill('track.service.example')
    await visit(page, '/domains')
    await page.getByRole('grid').waitFor()
    await expect
      .poll(async () => valueOf(await client.domains.planChoices({ id: nest })))
      .toMatchObject({ dmarcStep: 'quarantine', trackingTarget: 'track.service.example' })
    await visit(page, `/domains/${nest}/setup/records`)
    await expect.poll(() => page.getByLabel('Leads to').inputValue()).toBe('track.service.example')
    await expect
      .poll(() => page.getByRole('radio', { name: /^Quarantine/ }).getAttribute('aria-checked'))
      .toBe('true')
  })

  it('count a campaign in, and warn when it leaves nothing', async () => {
    const mia = (await rowOf('mia@nest.example'))?.id ?? ''
    await visit(page, `/warmup/mailbox/${mia}`)
    const panel = page.getByRole('region', { name: 'Your own campaigns', exact: true })
    const field = panel.getByLabel('Messages a day from this mailbox')
    await panel.getByText('All of the 30 messages a day that its daily limit allows').waitFor()
    await field.fill('12')
    await panel.getByText('your campaign takes 12: 18 are left for warmup.', { exact: false }).waitFor()
    await panel.getByText('The target of 25 a day is out of reach.', { exact: false }).waitFor()
    await field.press('Enter')
    await page.getByText('Campaign of 1 mailbox counted in: 12 a day').waitFor()
    await expect.poll(async () => (await rowOf('mia@nest.example'))?.campaign.perDay).toBe(12)
    await page.getByText('Your own campaign counts with 12 messages a day.').waitFor()
    await field.fill('45')
    await panel.getByText('Nothing is left for warmup').waitFor()
    await look(page, 'warmup-campaign', button('Pause'))
    await page.setViewportSize({ width: 1280, height: 1700 })
    await keep(page, 'warmup-campaign-whole')
    await page.setViewportSize(wide)
    await panel.getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(async () => (await rowOf('mia@nest.example'))?.today.cap).toBe(0)
    await field.fill('many')
    await panel.getByText('A whole number up to 100,000.').waitFor()
    await visit(page, `/mailboxes/${mia}`)
    await page.getByText('with 45 of campaigns').waitFor()
  })

  it('show the reports of a domain as they are read, without being asked', async () => {
    await visit(page, `/domains/${nest}`)
    const panel = page.getByRole('region', { name: 'DMARC reports', exact: true })
    await panel.getByRole('button', { name: 'Open reports', exact: true }).waitFor()
    await expect.poll(() => panel.getByText('Pass DMARC').count()).toBe(0)
    const messages = () => panel.getByRole('definition').first().textContent()
    await give('r-1')
    await expect.poll(messages).toBe('10')
    await give('r-2')
    await expect.poll(messages).toBe('20')
  })

  it('met no error', () => {
    expect(window.troubles).toEqual([])
  })
})
