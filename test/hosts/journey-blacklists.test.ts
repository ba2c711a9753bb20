import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { knownLists } from '#engine/blacklists/lists.ts'
import type { Fate } from '../helpers/dns-filter.ts'
import { journey } from '../helpers/journey-world.ts'
import { layoutFaults, type OpenedWindow, openWindow, settle, sectionLink } from '../helpers/window.ts'
import { cliZones } from '../integration/cli-zone.ts'

const used = ['zen.spamhaus.org', 'dbl.spamhaus.org', 'bl.spamcop.net', 'psbl.surriel.com', 'multi.surbl.org']
const listedIp = '4.0.41.198.zen.spamhaus.org'
/** What the lists of this journey answer: two work, one refuses, one is parked, one lists everything. */
const answers: Record<string, string> = {
  '2.0.0.127.zen.spamhaus.org': '127.0.0.2',
  '2.0.0.127.bl.spamcop.net': '127.255.255.254',
  'dbltest.com.dbl.spamhaus.org': '127.0.1.2',
  '2.0.0.127.psbl.surriel.com': '203.0.113.80',
  'surbl-org-permanent-test-point.com.multi.surbl.org': '127.0.0.64',
  'example.com.multi.surbl.org': '127.0.0.64',
}

/** Lists are never asked about documentation addresses, so this server has one that could be anybody's. */
const zones = Object.fromEntries(
  Object.entries(cliZones()).map(([name, text]) => [name, text.replaceAll('198.51.100.4', '198.41.0.4')]),
)

await journey('Blacklists and alerts', zones, world => {
  let window: OpenedWindow
  let page: Page
  let isListed = true

  const rule = ({ name, type }: { name: string; type: string }): Fate => {
    if (!used.some(zone => name.endsWith(zone))) return 'pass'
    const address = isListed && name === listedIp ? '127.0.0.2' : answers[name]
    if (address === undefined) return { answers: [], rcode: 3 }
    if (type === 'TXT')
      return { answers: [{ name, type: 'TXT', ttl: 0, data: ['Seen at a trap on 20 November'] }] }
    return { answers: [{ name, type: 'A', ttl: 0, data: address }] }
  }

  beforeAll(async () => {
    world().dns.decide(rule)
    const { blacklists, domains } = world().client()
    for (const { zone } of knownLists) if (!used.includes(zone)) await blacklists.setList({ zone, on: false })
    await domains.add({ input: 'mail.clean.example' })
    window = await openWindow(world().browser, world().host().url)
    page = window.page
  })
  afterAll(() => window?.close())

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const look = async () => {
    await button('Look now').click()
    await button('Look now').waitFor({ timeout: 60_000 })
  }
  const shot = async (name: string) => {
    await settle(page)
    expect(await layoutFaults(page)).toEqual([])
    const axe = await new AxeBuilder({ page }).analyze()
    expect(axe.violations.map(({ id, nodes }) => [id, nodes.map(node => node.html.slice(0, 120))])).toEqual(
      [],
    )
    const folder = process.env.ROOKERY_SCREENSHOTS
    if (folder === undefined) return
    await mkdir(folder, { recursive: true })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await settle(page)
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) })
    }
    await page.emulateMedia({ colorScheme: 'light' })
  }

  it('shows an empty list of alerts with the way on', async () => {
    await sectionLink(page, 'Alerts').click()
    await page.getByRole('heading', { name: 'Nothing needs you', exact: true }).waitFor()
    await shot('alerts-none')
    await button('Go to Domains').click()
  })

  it('tells a listing from lists that refuse, are parked or list everything', async () => {
    await page.getByRole('link', { name: 'mail.clean.example', exact: true }).click()
    await page.getByText('Not looked yet.').waitFor()
    await page.getByRole('heading', { name: 'Findings', exact: true }).waitFor()
    await look()
    const listings = page.getByRole('list', { name: 'Listings of 198.41.0.4', exact: true })
    await listings.getByText('Spamhaus blocklist (SBL)').waitFor()
    await listings.getByText('Seen at a trap on 20 November').waitFor()
    expect(await listings.getByRole('link', { name: /^Delisting/ }).getAttribute('href')).toBe(
      'https://check.spamhaus.org/results/?query=198.41.0.4',
    )
    await expect.poll(() => listings.getByRole('listitem').count()).toBe(1)
    await page
      .getByText(/2 lists gave no usable answer/)
      .first()
      .click()
    await page.getByText('refuses public DNS servers').first().waitFor()
    await page.getByText('now belongs to a web page').first().waitFor()
    await page.getByRole('heading', { name: 'Blacklists', exact: true }).scrollIntoViewIfNeeded()
    await shot('blacklist-panel')
  })

  it('raises an alert that counts in the sidebar, with the cause and the way out', async () => {
    await sectionLink(page, 'Alerts').click()
    const alert = page.getByRole('article')
    await alert
      .getByRole('heading', { name: '198.41.0.4 is on the blacklist Spamhaus ZEN.', exact: true })
      .waitFor()
    await expect.poll(() => sectionLink(page, 'Alerts').textContent()).toBe('Alerts1')
    await alert.getByText('ask for removal on the list’s page').waitFor()
    await shot('alerts-listed')
    await alert.getByRole('button', { name: 'Mark as seen', exact: true }).click()
    await alert.getByText('Seen', { exact: true }).waitFor()
    await expect.poll(() => sectionLink(page, 'Alerts').textContent()).toBe('Alerts')
  })

  it('puts an alert aside and back', async () => {
    await button('Resolve').click()
    await page.getByRole('heading', { name: 'Nothing needs you', exact: true }).waitFor()
    await button('Undo').first().click()
    await page.getByRole('article').getByText('is on the blacklist').first().waitFor()
  })

  it('ends the alert by itself when the list has no entry any more', async () => {
    isListed = false
    await page.getByRole('article').getByRole('link', { name: 'mail.clean.example', exact: true }).click()
    await look()
    await page
      .getByText(/^Not listed on \d$/)
      .first()
      .waitFor()
    await sectionLink(page, 'Alerts').click()
    await page.getByRole('heading', { name: 'Nothing needs you', exact: true }).waitFor()
    await page.getByRole('radio', { name: 'Resolved', exact: true }).click()
    await page.getByText('Over by itself').waitFor()
    await shot('alerts-resolved')
  })

  it('shows in the settings how each list does, and refuses a dead one with the reason', async () => {
    await sectionLink(page, 'Settings').click()
    const lists = page.getByRole('list', { name: 'Blacklists', exact: true })
    await lists.getByText('Refuses', { exact: true }).waitFor()
    await lists.getByText('Dead', { exact: true }).first().waitFor()
    await page.getByRole('textbox', { name: 'A list of your own', exact: true }).fill('dnsbl.sorbs.net')
    await button('Add the list').click()
    await page
      .getByText(/The list dnsbl\.sorbs\.net is never asked: it has closed \(2024-06-05\)\./)
      .waitFor()
    await page.getByRole('textbox', { name: 'A list of your own', exact: true }).fill('bl.own.example')
    await button('Add the list').click()
    await lists.getByText('Your own list.').waitFor()
    await lists.getByRole('checkbox', { name: 'Ask bl.own.example', exact: true }).waitFor()
    await page.getByRole('heading', { name: 'Blacklists', exact: true }).scrollIntoViewIfNeeded()
    await shot('blacklist-settings')
  })

  it('hides a key as it is typed, and says so when there is nowhere safe to put it', async () => {
    const field = page.getByLabel('Spamhaus key (DQS)')
    expect(await field.getAttribute('type')).toBe('password')
    await field.fill('not a key')
    await button('Seal the key').click()
    await page.getByText('This is not a key.').waitFor()
    expect(window.troubles).toEqual([])
  })
})
