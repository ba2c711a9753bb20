import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InProcessClient } from '#engine/in-process.ts'
import { findChromium, startChromium } from '../helpers/chromium.ts'
import { snapshot, valueOf } from '../helpers/engine.ts'
import { keep, look } from '../helpers/look.ts'
import {
  hourMs,
  minuteMs,
  type PlayedEngine,
  type PlayedTime,
  playedEngine,
  playedTime,
} from '../helpers/played-engine.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { type OpenedWindow, openWindow, sectionLink, visit } from '../helpers/window.ts'

/* The window over the real engine, whose mail servers stand in memory and whose days are played forward. */

const chromium = await findChromium()
if (chromium === null) noteSkipped('Warmup in the window with the real engine', 'no Chromium was found')

const addresses = Array.from({ length: 12 }, (_, index) => `writer${index}@domain${index % 4}.example`)

describe.runIf(chromium !== null)('Warmup with the real engine', () => {
  let browser: Browser
  let time: PlayedTime
  let engine: PlayedEngine
  let client: InProcessClient
  let window: OpenedWindow
  let page: Page

  beforeAll(async () => {
    browser = await startChromium(chromium ?? '')
    time = playedTime()
    engine = await playedEngine(time)
    client = engine.client
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

  const play: PlayedTime['play'] = (...spell) => time.play(...spell)
  const row = (address: string, rest: string) =>
    page.getByRole('row', { name: new RegExp(`^${address.replaceAll('.', '\\.')}, ${rest}`) })

  it('starts all of them and sends in the days that follow', async () => {
    await sectionLink(page, 'Warmup').click()
    await page.getByText('12 mailboxes, none in warmup').waitFor()
    await page.getByRole('button', { name: 'Start warmup', exact: true }).click()
    await page.getByRole('button', { name: 'Start 12 mailboxes', exact: true }).click()
    await page.getByText('12 mailboxes in warmup').first().waitFor()
    for (let day = 0; day < 2; day += 1) {
      await play(5 * hourMs, 10 * minuteMs)
      await play(9 * hourMs)
      await play(10 * hourMs, 10 * minuteMs)
    }
    expect(time.world.sends.length).toBeGreaterThan(20)
    await play(8 * hourMs, 2 * minuteMs)
    await expect.poll(() => page.getByText(/^100 %$/).count()).toBeGreaterThan(0)
    await look(page, 'warmup-engine-overview', row(addresses[0] ?? '', 'Warming'))
    await page.setViewportSize({ width: 1280, height: 800 })
    await visit(page, '/warmup/activity')
    await page
      .getByText(/^Wrote to writer\d+@domain\d\.example: “/)
      .first()
      .waitFor()
    await page
      .getByText(/^The message to writer\d+@domain\d\.example landed in the inbox\.$/)
      .first()
      .waitFor()
    await visit(page, '/warmup/placement')
    await page
      .getByRole('cell', { name: /^100 %/ })
      .first()
      .waitFor()
  })

  it('limits a mailbox whose server asks to wait, and lets it go on by itself', async () => {
    await visit(page, '/warmup')
    const limited = new Set<string>()
    time.world.decide(({ from }) => {
      if (limited.size > 0 && !limited.has(from.address)) return {}
      limited.add(from.address)
      return {
        outcome: { state: 'refused', at: 'message', code: 421, line: '421 4.7.0 Try again later' },
        role: null,
      }
    })
    for (let tries = 0; tries < 600 && limited.size === 0; tries += 1) await play(minuteMs)
    const [address = ''] = limited
    await row(address, 'Rate limited\\. The server asked to send more slowly\\. Goes on by itself').waitFor()
    time.world.decide(() => ({}))
    await play(2 * hourMs)
    await expect.poll(() => row(address, 'Rate limited').count()).toBe(0)
  })

  it('pauses a mailbox that a server refuses for good, with an alert that leads to it', async () => {
    const refused = new Set<string>()
    time.world.decide(({ from }) => {
      if (refused.size > 0 && !refused.has(from.address)) return {}
      refused.add(from.address)
      return {
        outcome: {
          state: 'refused',
          at: 'message',
          code: 550,
          line: '550 5.7.1 Message rejected due to local policy',
        },
        role: null,
      }
    })
    for (let tries = 0; tries < 3_000 && refused.size === 0; tries += 1) await play(minuteMs)
    await play(2 * minuteMs)
    const [address = ''] = refused
    await row(
      address,
      'Paused\\. A server refused a message for good and named its rules\\. Looks again',
    ).waitFor()
    await sectionLink(page, 'Alerts').click()
    await page.getByText('Warmup of this mailbox was paused.').first().waitFor()
    const alert = page.getByRole('article', {
      name: `${address}: Warmup of this mailbox was paused.`,
      exact: true,
    })
    await alert.getByRole('link', { name: address, exact: true }).click()
    await page.getByText(/^A server refused a message for good and named its rules\. Looks again/).waitFor()
    await page.locator('.recharts-surface').first().waitFor()
    await page.getByText('Message rejected due to local policy', { exact: false }).first().waitFor()
    await look(page, 'warmup-engine-paused', page.getByRole('button', { name: 'Resume', exact: true }))
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  it('pauses and resumes as a person says, and skips the ramp after a warning', async () => {
    time.world.decide(() => ({}))
    const rows = [...(await snapshot(client)).rows.values()].flatMap(row =>
      row.table === 'warmup' ? [row.row] : [],
    )
    const well = rows.find(({ state }) => state.state === 'ramping')
    await visit(page, `/warmup/mailbox/${well?.id}`)
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.getByText('You paused it. It stays so until you resume it.').waitFor()
    await page.getByRole('button', { name: 'Resume', exact: true }).first().click()
    await page.getByText('The volume grows day by day.').waitFor()
    await page.getByRole('button', { name: 'Skip the ramp', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Skip the ramp', exact: true }).click()
    await page.getByText('The mailbox is ready; a few messages a day keep it so.').waitFor()
  })

  it('stands on the page of the domain, with what comes back and what is complained about', async () => {
    const { id } = valueOf(await client.domains.add({ input: 'domain0.example', tags: [] }))
    await visit(page, `/domains/${id}`)
    const panel = page.getByRole('region', { name: 'What receivers make of its mail', exact: true })
    await panel.getByText('Came back', { exact: true }).waitFor()
    await panel.getByText('Complaints', { exact: true }).waitFor()
    await page
      .getByRole('list', { name: 'Mailboxes of this domain', exact: true })
      .getByText('writer0@domain0.example')
      .waitFor()
    await panel.scrollIntoViewIfNeeded()
    await look(page, 'warmup-domain', page.getByRole('button', { name: /Check again|Stop/ }))
    await page.setViewportSize({ width: 1280, height: 1600 })
    await keep(page, 'warmup-domain-whole')
    await page.setViewportSize({ width: 1280, height: 800 })
    await visit(page, '/settings')
    await page.getByRole('region', { name: 'Warmup', exact: true }).scrollIntoViewIfNeeded()
    await page.getByText('New mailboxes begin by themselves').click()
    await expect.poll(async () => valueOf(await client.settings.get()).warmup.startsByItself).toBe(false)
    await keep(page, 'warmup-settings-section')
  })

  it('leaves no trouble in the window', () => {
    expect(window.troubles).toEqual([])
  })
})
