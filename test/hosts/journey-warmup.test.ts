import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, startChromium } from '../helpers/chromium.ts'
import { keep, look } from '../helpers/look.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { serveWarmupWindow, type WarmupWindow } from '../helpers/warmup-window.ts'
import { everyState } from '../helpers/warmup-world.ts'
import { type OpenedWindow, openWindow } from '../helpers/window.ts'

const chromium = await findChromium()
if (chromium === null) noteSkipped('Warmup in the window', 'no Chromium was found')

const wide = { width: 1280, height: 800 }

describe.runIf(chromium !== null)('Warmup', () => {
  let browser: Browser
  let served: WarmupWindow
  let window: OpenedWindow
  let page: Page

  beforeAll(async () => {
    browser = await startChromium(chromium ?? '')
    served = await serveWarmupWindow(everyState)
    window = await openWindow(browser, served.url)
    page = window.page
  })
  afterAll(async () => {
    await window?.close()
    await browser?.close()
    await served?.stop()
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const visit = (place: string) => page.goto(`${page.url().split('#')[0]}#${place}`)
  const row = (name: RegExp) => page.getByRole('row', { name })

  describe('the overview', () => {
    it('shows every state with its reason and the next look', async () => {
      await page.getByRole('link', { name: 'Warmup' }).click()
      await row(/^ada@nest\.example, Paused\. Its health fell below 80\. Looks again/).waitFor()
      await row(/^noor@floe\.example, Rate limited\. .* Goes on by itself (today|tomorrow)/).waitFor()
      await look(page, 'warmup-overview', row(/^ada@nest/))
      await page.setViewportSize(wide)
    })
  })

  describe('a mailbox', () => {
    it.each([
      ['mia', 'ramping'],
      ['ada', 'paused'],
      ['noor', 'limited'],
      ['leo', 'maintenance'],
      ['new', 'not begun'],
    ])('%s is %s, with its graphs and every point explained', async (name, state) => {
      const domain =
        everyState.find(({ address }) => address.startsWith(`${name}@`))?.address.split('@')[1] ?? ''
      await visit(`/warmup/mailbox/${name}-${domain.replace('.', '-')}`)
      await page.getByRole('heading', { name: 'Milestones' }).waitFor()
      await page.locator('.recharts-surface').first().waitFor()
      await look(page, `warmup-mailbox-${state.replace(' ', '-')}`, button('Settings'))
      await page.setViewportSize({ width: 1280, height: 1900 })
      await keep(page, `warmup-mailbox-${state.replace(' ', '-')}-whole`)
      await page.setViewportSize(wide)
    })

    it('shows a graph as a table', async () => {
      await visit('/warmup/mailbox/mia-nest-example')
      await button('Show as a table').first().click()
      await page.getByRole('region', { name: 'Planned and sent, as a table' }).waitFor()
      await look(page, 'warmup-table', button('Settings'))
      await page.setViewportSize(wide)
    })

    it('previews other settings before they are saved', async () => {
      await visit('/warmup/mailbox/mia-nest-example')
      await button('Settings').click()
      const panel = page.getByRole('dialog', { name: 'Warmup settings' })
      await panel.getByText('Target reached, 40 a day').waitFor()
      await look(page, 'warmup-settings', panel.getByText('Conservative'))
      await page.setViewportSize(wide)
      await panel.getByText('Aggressive').click()
      await panel.getByText('Target reached, 20 a day').waitFor()
      await panel.getByLabel('Target a day').fill('50')
      await panel.getByText('This ramp is steep').waitFor()
      await panel.getByLabel('Target a day').fill('70')
      await panel.getByText('A number from 5 to 50.').waitFor()
      expect(await panel.getByRole('button', { name: 'Save the settings' }).isDisabled()).toBe(true)
      await panel.getByLabel('Target a day').fill('25')
      await panel.getByText('Target reached, 25 a day').waitFor()
      await panel.getByRole('button', { name: 'Save the settings' }).click()
      await page.getByText('Settings of 1 mailbox saved').waitFor()
      await page.getByText('Target: 25 a day.').waitFor()
    })
  })

  it('placement by provider', async () => {
    await visit('/warmup/placement')
    await page.getByRole('cell', { name: /%/ }).first().waitFor()
    await look(page, 'warmup-placement', page.getByRole('cell', { name: /%/ }).first())
    await page.setViewportSize(wide)
  })

  it('activity, filtered, a page at a time', async () => {
    await visit('/warmup/activity')
    await page.getByText('Wrote to leo@nest.example').first().waitFor()
    await look(page, 'warmup-activity', page.getByText('Wrote to leo@nest.example').first())
    await page.setViewportSize(wide)
    await expect.poll(() => page.getByRole('listitem').count()).toBeGreaterThan(90)
    const before = await page.getByRole('listitem').count()
    await button('Show earlier ones').click()
    await expect.poll(() => page.getByRole('listitem').count()).toBeGreaterThan(before)
    await page.getByRole('radio', { name: 'Came back' }).click()
    await page.getByText('552 5.2.2 Mailbox full').first().waitFor()
    expect(await page.getByText('Wrote to').count()).toBe(0)
  })

  it('own texts, with what is wrong and how they would read', async () => {
    await visit('/warmup/texts')
    await look(page, 'warmup-texts-empty', button('Write one of your own'))
    await page.setViewportSize(wide)
    await button('Write one of your own').click()
    await page.getByText('different texts, such as').waitFor()
    await look(page, 'warmup-texts', page.getByLabel('Subject'))
    await page.setViewportSize(wide)
    await page.getByLabel('Subject').fill('Lunch {today|')
    await page.getByText('Line 1, column 7', { exact: false }).first().waitFor()
    await button('Save the texts').click()
    await page.getByText('Nothing was saved').waitFor()
    await look(page, 'warmup-texts-wrong', page.getByLabel('Subject'))
    await page.setViewportSize(wide)
    await page.getByLabel('Subject').fill('Lunch {today|tomorrow}')
    await button('Save the texts').click()
    await page.getByText('1 text saved').waitFor()
  })

  it('leaves no trouble in the window', () => {
    expect(window.troubles).toEqual([])
  })
})
