import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../src-renderer/client/client.ts'
import { findChromium, startChromium } from '../helpers/chromium.ts'
import { type RunningHost, startHeadlessHost } from '../helpers/headless-host.ts'
import { connectToHost } from '../helpers/host-client.ts'
import { keep, look } from '../helpers/look.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { type OpenedWindow, openWindow, sectionLink } from '../helpers/window.ts'

/* The demo as it is shipped: mailboxes in every state, and a month of warmup that is played while one watches. */

const chromium = await findChromium()
if (chromium === null) noteSkipped('The month of the demo', 'no Chromium was found')

/** A whole month needs a minute of a core of its own; a few days show as much. */
const days = Math.min(30, Number(process.env['ROOKERY_DEMO_DAYS'] ?? 3))
const dayMs = 24 * 60 * 60_000
const playedWithinMs = days * 60_000

describe.runIf(chromium !== null)('The demo', () => {
  let browser: Browser
  let host: RunningHost
  let connection: { client: Client; close(): void }
  let window: OpenedWindow
  let page: Page
  let openedAt = 0

  beforeAll(async () => {
    browser = await startChromium(chromium ?? '')
    host = await startHeadlessHost({ args: ['--demo'] })
    connection = await connectToHost(host)
    openedAt = Date.now()
    window = await openWindow(browser, host.url)
    page = window.page
  })
  afterAll(async () => {
    await window?.close()
    connection?.close()
    await browser?.close()
    await host?.stop()
  })

  const time = () => page.getByRole('region', { name: 'Time of the demo', exact: true })
  const shownAt = async () => Date.parse((await time().locator('time').getAttribute('dateTime')) ?? '')
  const passed = async () => ((await shownAt()) - openedAt) / dayMs
  const row = (address: string, rest: string) =>
    page.getByRole('row', { name: new RegExp(`^${address.replaceAll('.', '\\.')}, ${rest}`) })

  it('opens with mailboxes in every state', async () => {
    await sectionLink(page, 'Warmup').click()
    await row('mara@harbour-bakery.example', 'Warming').waitFor()
    await row('hello@harbour-bakery.example', 'Maintenance').waitFor()
    await row('orders@harbour-bakery.example', 'Slowed').waitFor()
    await row('reservations@quayside-coffee.example', 'Paused').waitFor()
    await row('workshop@orchard-cycles.example', 'Rate limited').waitFor()
    await row('parts@orchard-cycles.example', 'Paused').waitFor()
    expect(Math.abs((await shownAt()) - Date.now())).toBeLessThan(5 * 60_000)
    await look(page, 'demo-warmup', page.getByRole('button', { name: 'Play a month', exact: true }))
  })

  const within = { timeout: playedWithinMs + 60_000 }
  it('stops and goes on where one says, and everything follows its time', within, async () => {
    await page.getByRole('button', { name: 'Play a month', exact: true }).click()
    await expect.poll(passed, { timeout: playedWithinMs }).toBeGreaterThan(1)
    await page.getByRole('button', { name: 'Pause time', exact: true }).click()
    await page.getByRole('button', { name: 'Play on', exact: true }).waitFor()
    const goesOn = async () => {
      const before = await shownAt()
      await page.waitForTimeout(600)
      return (await shownAt()) - before
    }
    await expect.poll(goesOn).toBeLessThan(5 * 60_000)
    await sectionLink(page, 'Domains').click()
    await page
      .getByText('just now')
      .or(page.getByText(/\d+ (min|hr) ago/))
      .first()
      .waitFor()
    await sectionLink(page, 'Warmup').click()
  })

  it('plays a month while the graph of a mailbox fills', { timeout: playedWithinMs + 30_000 }, async () => {
    await page.getByRole('link', { name: 'mara@harbour-bakery.example', exact: true }).click()
    await page.locator('.recharts-surface').first().waitFor()
    await page.getByRole('button', { name: /^Speed of the demo|A day in/ }).click()
    await page.getByRole('option', { name: 'A day in 1 second', exact: true }).click()
    await page.getByRole('button', { name: 'Play on', exact: true }).click()
    await expect.poll(passed, { timeout: playedWithinMs }).toBeGreaterThan(days / 2)
    await keep(page, 'demo-playing')
    if (days === 30) {
      await page.getByText('30 days played').waitFor({ timeout: playedWithinMs })
      await look(page, 'demo-mailbox', page.getByRole('button', { name: 'Play another month', exact: true }))
    } else {
      await expect.poll(passed, { timeout: playedWithinMs }).toBeGreaterThan(days)
      await page.getByRole('button', { name: 'Pause time', exact: true }).click()
      await look(page, 'demo-mailbox', page.getByRole('button', { name: 'Play on', exact: true }))
    }
    await page
      .getByText(/^Day (1[6-9]|2\d|30) of 30/)
      .or(page.getByText(/^All 30 days of the ramp/))
      .first()
      .waitFor()
    await page.setViewportSize({ width: 1280, height: 800 })
    await sectionLink(page, 'Warmup').click()
    await row('workshop@orchard-cycles.example', 'Warming').waitFor()
    await row('parts@orchard-cycles.example', 'Paused').waitFor()
    await keep(page, 'demo-month-later')
    await sectionLink(page, 'Alerts').click()
    await page.getByText('Warmup of this mailbox was paused.').first().waitFor()
    await keep(page, 'demo-alerts')
  })

  it('has reached nothing, and left no trouble in the window', async () => {
    expect(await connection.client.settings.networkLog()).toMatchObject({ ok: true, value: [] })
    expect(window.troubles).toEqual([])
  })
})
