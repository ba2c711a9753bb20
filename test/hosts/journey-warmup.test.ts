import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, startChromium } from '../helpers/chromium.ts'
import { look } from '../helpers/look.ts'
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

  it('leaves no trouble in the window', () => {
    expect(window.troubles).toEqual([])
  })
})
