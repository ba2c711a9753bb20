import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import type { RunningHost } from '../helpers/headless-host.ts'
import { type OpenedWindow, openWindow } from '../helpers/window.ts'
import { storedMailboxes } from './fill.ts'
import { type Figure, median } from './figure.ts'
import { watchFrames } from './frames.ts'

const loads = 5
const scrollMs = 8_000
const longFrameMs = 50
const restMs = 1_500

/** The list of all domains: until it can be used, how it scrolls, and what the engine weighs by then. */
export async function benchList(browser: Browser, host: RunningHost, domains: number): Promise<Figure[]> {
  const fresh: number[] = []
  const complete: number[] = []
  const warm: number[] = []
  for (let load = 0; load < loads; load++) {
    const window = await openWindow(browser, 'about:blank')
    fresh.push(await untilUsable(window.page, host.url))
    complete.push(await untilComplete(window.page, domains))
    warm.push(await loadAgain(window, host.url))
    await window.close()
  }
  const window = await openWindow(browser, host.url)
  await untilComplete(window.page, domains)
  const wheel = await scrollByWheel(window.page)
  const drag = await scrollByBar(window.page)
  const search = await typeInSearch(window.page)
  await window.close()
  const engineMb = await residentMb(host)
  const size = domains.toLocaleString('en')
  return [
    ms(`list of ${size} usable, empty replica`, median(fresh), 1_000, spread(fresh)),
    ms(`list of ${size} complete, empty replica`, median(complete), null, spread(complete)),
    ms(`list of ${size} usable, replica of last time`, median(warm), 1_000, spread(warm)),
    ...frameFigures('scrolling by wheel', wheel),
    ...frameFigures('scrolling by the bar, end to end', drag),
    ...frameFigures('typing in the search', search),
    {
      name: `engine's memory, ${size} domains and ${storedMailboxes} mailboxes`,
      measured: engineMb,
      unit: 'MB',
      target: 250,
      better: 'less',
      note: 'resident, after the windows above',
    },
  ]
}

function ms(name: string, measured: number, target: number | null, note: string): Figure {
  return { name, measured, unit: 'ms', target, better: 'less', note }
}

const spread = (values: readonly number[]) =>
  `median of ${values.length}; slowest ${Math.round(Math.max(...values))} ms`

/**
 * Opens the window once more, in the same browser profile. The one before has come to rest: while it still writes its
 * copy there is none to open with.
 */
async function loadAgain({ context }: OpenedWindow, url: string): Promise<number> {
  const page = await context.newPage()
  const tookMs = await untilUsable(page, url)
  await page.close()
  return tookMs
}

/**
 * From the start of the navigation until the first rows stand there and the list answers to a key. The navigation
 * starts after a rest, in which the browser ends building its own window: its tab strip is a page too, and takes more
 * of the processor than ours. The page itself looks, once a frame: Playwright's own waiting looks again after 20, 50,
 * 100, 100 and then only every 500 ms, which would be measured too.
 */
async function untilUsable(page: Page, url: string): Promise<number> {
  await page.waitForTimeout(restMs)
  await page.goto(url, { waitUntil: 'commit' })
  await page.evaluate(async () => {
    while (!document.querySelector('[role=grid] [role=row][aria-rowindex="3"]'))
      await new Promise(requestAnimationFrame)
    document.querySelector<HTMLElement>('[role=grid]')?.focus()
  })
  const active = () =>
    page.evaluate(() => document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant'))
  const before = await active()
  await page.keyboard.press('ArrowDown')
  return page.evaluate(async before => {
    const isMoved = () => {
      const now = document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant')
      return now && now !== before
    }
    while (!isMoved()) await new Promise(requestAnimationFrame)
    return performance.now()
  }, before)
}

async function untilComplete(page: Page, domains: number): Promise<number> {
  return page.evaluate(async rows => {
    const isComplete = () => document.querySelector(`[role=grid][aria-rowcount="${rows}"]`) !== null
    while (!isComplete()) await new Promise(requestAnimationFrame)
    return performance.now()
  }, domains + 1)
}

/** Notches of a mouse wheel, down and then up, as fast as a hand turns it. */
async function scrollByWheel(page: Page) {
  await page.locator('[role=grid]').hover()
  const frames = await watchFrames(page)
  const endAt = performance.now() + scrollMs
  for (let turn = 0; performance.now() < endAt; turn++) {
    await page.mouse.wheel(0, turn % 200 < 120 ? 240 : -240)
    await page.waitForTimeout(12)
  }
  return frames.end()
}

/** The thumb drawn from the top to the end and back: every frame shows rows that were not there. */
async function scrollByBar(page: Page) {
  const frames = await watchFrames(page)
  await page.evaluate(
    async ({ forMs }) => {
      const grid = document.querySelector('[role=grid]')
      if (!grid) throw new Error('there is no list')
      const startedAt = performance.now()
      while (performance.now() - startedAt < forMs) {
        const part = (performance.now() - startedAt) / forMs
        grid.scrollTop = (1 - Math.abs(1 - 2 * part)) * grid.scrollHeight
        await new Promise(requestAnimationFrame)
      }
    },
    { forMs: scrollMs / 2 },
  )
  return frames.end()
}

async function typeInSearch(page: Page) {
  const frames = await watchFrames(page)
  await page.keyboard.press('/')
  await page.keyboard.type('brand-00', { delay: 90 })
  await page.getByText(/^1,000 shown$/).waitFor()
  return frames.end()
}

type Frames = Awaited<ReturnType<Awaited<ReturnType<typeof watchFrames>>['end']>>

function frameFigures(name: string, frames: Frames): Figure[] {
  const { frames: count, longestTaskMs, longestWorkMs, tasksOver, longestGapMs } = frames
  return [
    {
      name: `${name}: longest frame`,
      measured: longestTaskMs,
      unit: 'ms',
      target: longFrameMs,
      better: 'less',
      note: `${tasksOver} of ${count} over ${longFrameMs} ms; ${Math.round(longestWorkMs)} ms of processor; longest gap ${Math.round(longestGapMs)} ms`,
    },
  ]
}

async function residentMb(host: RunningHost): Promise<number> {
  const status = await readFile(`/proc/${host.child.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024
}
