import { setImmediate } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine, type Engine } from '#engine/engine.ts'
import { createInProcessClient } from '#engine/in-process.ts'
import { noMail } from '#engine/mailboxes/mail-reach.ts'
import { ensureBuilt } from '../../src-main/build.ts'
import { closedOutside } from '../helpers/around.ts'
import { canary } from '../helpers/canary.ts'
import { findChromium, startChromium } from '../helpers/chromium.ts'
import { type FakeClock, fakeClock } from '../helpers/clock.ts'
import { readToEnd, snapshot, valueOf } from '../helpers/engine.ts'
import { keep, look } from '../helpers/look.ts'
import { type MemoryMailWorld, memoryMailWorld } from '../helpers/mail-world.ts'
import { testPlatform } from '../helpers/platform.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { serveWindow } from '../helpers/warmup-window.ts'
import { type OpenedWindow, openWindow, sectionLink } from '../helpers/window.ts'
import { testDns } from '../helpers/zone-resolver.ts'

/* The window over the real engine, whose mail servers stand in memory and whose days are played forward. */

const chromium = await findChromium()
if (chromium === null) noteSkipped('Warmup in the window with the real engine', 'no Chromium was found')

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const addresses = Array.from({ length: 12 }, (_, index) => `writer${index}@domain${index % 4}.example`)

describe.runIf(chromium !== null)('Warmup with the real engine', () => {
  let browser: Browser
  let engine: Engine
  let world: MemoryMailWorld
  let clock: FakeClock
  let served: { url: string; stop(): Promise<void> }
  let window: OpenedWindow
  let page: Page

  beforeAll(async () => {
    browser = await startChromium(chromium ?? '')
    // Early on a day, so that its whole window lies ahead.
    clock = fakeClock(new Date(Date.now()).setUTCHours(4, 0, 0, 0))
    world = memoryMailWorld(clock)
    const platform = testPlatform({ clock, build: await ensureBuilt() })
    engine = valueOf(
      await createEngine(platform, testDns().makeResolver, () => closedOutside(), {
        makeMail: options => ({ ...noMail(options), world }),
      }),
    )
    const client = createInProcessClient(engine.router)
    const list = valueOf(
      await client.mailboxes.readList({
        text: [
          'address;password;smtp host;imap host',
          ...addresses.map(address => `${address};${canary()};127.0.0.1;127.0.0.1`),
        ].join('\n'),
      }),
    )
    valueOf(
      (
        await readToEnd(
          client.mailboxes.addList({ list: list.list ?? '', timeZone: 'UTC', addDomains: false }),
        )
      ).result,
    )
    engine.start()
    served = await serveWindow(engine.router)
    window = await openWindow(browser, served.url)
    page = window.page
  })
  afterAll(async () => {
    await window?.close()
    await browser?.close()
    await served?.stop()
    await engine?.stop()
  })

  /** Plays time forward in small steps; what falls due on the way is done before the next one. */
  const play = async (forMs: number, stepMs = minuteMs) => {
    for (const until = clock.now() + forMs; clock.now() < until; ) {
      clock.advance(Math.min(stepMs, until - clock.now()))
      let quiet = 0
      while (quiet < 3) {
        await setImmediate()
        quiet = world.busy() > 0 ? 0 : quiet + 1
      }
    }
  }
  const row = (address: string, rest: string) =>
    page.getByRole('row', { name: new RegExp(`^${address.replaceAll('.', '\\.')}, ${rest}`) })
  const visit = (place: string) => page.goto(`${page.url().split('#')[0]}#${place}`)

  it('starts all of them and sends in the days that follow', async () => {
    await sectionLink(page, 'Warmup').click()
    await page.getByText('12 mailboxes, none in warmup').waitFor()
    await page.getByRole('button', { name: 'Start warmup', exact: true }).click()
    await page.getByRole('button', { name: 'Start 12 mailboxes', exact: true }).click()
    await page.getByText('12 mailboxes in warmup').waitFor()
    for (let day = 0; day < 2; day += 1) {
      await play(5 * hourMs, 10 * minuteMs)
      await play(9 * hourMs)
      await play(10 * hourMs, 10 * minuteMs)
    }
    expect(world.sends.length).toBeGreaterThan(20)
    await play(8 * hourMs, 2 * minuteMs)
    await expect.poll(() => page.getByText(/^100 %$/).count()).toBeGreaterThan(0)
    await look(page, 'warmup-engine-overview', row(addresses[0] ?? '', 'Warming'))
    await page.setViewportSize({ width: 1280, height: 800 })
    await visit('/warmup/activity')
    await page
      .getByText(/^Wrote to writer\d+@domain\d\.example: “/)
      .first()
      .waitFor()
    await page
      .getByText(/^The message to writer\d+@domain\d\.example landed in the inbox\.$/)
      .first()
      .waitFor()
    await visit('/warmup/placement')
    await page
      .getByRole('cell', { name: /^100 %/ })
      .first()
      .waitFor()
  })

  it('limits a mailbox whose server asks to wait, and lets it go on by itself', async () => {
    await visit('/warmup')
    const limited = new Set<string>()
    world.decide(({ from }) => {
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
    world.decide(() => ({}))
    await play(2 * hourMs)
    await expect.poll(() => row(address, 'Rate limited').count()).toBe(0)
  })

  it('pauses a mailbox that a server refuses for good, with an alert that leads to it', async () => {
    const refused = new Set<string>()
    world.decide(({ from }) => {
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
    await page.getByText('Warmup of this mailbox was paused.').waitFor()
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
    world.decide(() => ({}))
    const client = createInProcessClient(engine.router)
    const rows = [...(await snapshot(client)).rows.values()].flatMap(row =>
      row.table === 'warmup' ? [row.row] : [],
    )
    const well = rows.find(({ state }) => state.state === 'ramping')
    await visit(`/warmup/mailbox/${well?.id}`)
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.getByText('You paused it. It stays so until you resume it.').waitFor()
    await page.getByRole('button', { name: 'Resume', exact: true }).first().click()
    await page.getByText('The volume grows day by day.').waitFor()
    await page.getByRole('button', { name: 'Skip the ramp', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Skip the ramp', exact: true }).click()
    await page.getByText('The mailbox is ready; a few messages a day keep it so.').waitFor()
  })

  it('stands on the page of the domain, with what comes back and what is complained about', async () => {
    const client = createInProcessClient(engine.router)
    const { id } = valueOf(await client.domains.add({ input: 'domain0.example', tags: [] }))
    await visit(`/domains/${id}`)
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
    await visit('/settings')
    await page.getByRole('region', { name: 'Warmup', exact: true }).scrollIntoViewIfNeeded()
    await page.getByText('New mailboxes begin by themselves').click()
    await expect.poll(async () => valueOf(await client.settings.get()).warmup.startsByItself).toBe(false)
    await keep(page, 'warmup-settings-section')
  })

  it('leaves no trouble in the window', () => {
    expect(window.troubles).toEqual([])
  })
})
