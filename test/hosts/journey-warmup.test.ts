import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, startChromium } from '../helpers/chromium.ts'
import { keep, look } from '../helpers/look.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { serveWarmupWindow, type WarmupWindow } from '../helpers/warmup-window.ts'
import { everyState } from '../helpers/warmup-world.ts'
import { type OpenedWindow, chooseFromRowMenu, openWindow, sectionLink, visit } from '../helpers/window.ts'

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
  const row = (name: RegExp) => page.getByRole('row', { name, exact: true })

  describe('the overview', () => {
    it('shows every state with its reason and the next look', async () => {
      await sectionLink(page, 'Warmup').click()
      await row(/^ada@nest\.example, Paused\. Its health fell below 80\. Looks again/).waitFor()
      await row(/^noor@floe\.example, Rate limited\. .* Goes on by itself (today|tomorrow)/).waitFor()
      await look(page, 'warmup-overview', row(/^ada@nest/))
      await page.setViewportSize(wide)
    })

    it('is gone through by keyboard', async () => {
      const grid = page.getByRole('grid', { name: 'Mailboxes in warmup', exact: true })
      await grid.focus()
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press(' ')
      await expect.poll(() => row(/^tom@krill/).getAttribute('aria-selected')).toBe('true')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'tom@krill.example', exact: true }).waitFor()
      await page.goBack()
      await row(/^ada@nest/).waitFor()
      // A click on a row leaves the keys with the list.
      const isSelected = () => row(/^ada@nest/).getAttribute('aria-selected')
      await row(/^ada@nest/)
        .getByRole('checkbox')
        .click()
      await expect.poll(isSelected).toBe('true')
      await page.keyboard.press('Escape')
      await expect.poll(isSelected).toBe('false')
    })

    it('shows one state alone, searches and sorts', async () => {
      const slowed = page.getByRole('button', { name: /^2\s*Slowed$/ })
      await slowed.click()
      await expect.poll(() => page.getByRole('row').count()).toBe(3)
      await slowed.click()
      await page.getByPlaceholder('Search').first().fill('krill')
      await expect.poll(() => page.getByRole('row').count()).toBe(6)
      await page.getByPlaceholder('Search').first().fill('nobody')
      await button('Clear the search and filters').click()
      await page.getByRole('button', { name: 'Health', exact: true }).click()
      await expect.poll(() => page.getByRole('row').nth(1).getAttribute('aria-label')).toMatch(/^ada@nest/)
    })

    it('pauses several and lets them go on', async () => {
      await row(/^mia@nest/)
        .getByRole('checkbox')
        .click()
      await row(/^leo@nest/)
        .getByRole('checkbox')
        .click()
      await look(page, 'warmup-selected', button('Pause'))
      await page.setViewportSize(wide)
      await button('Pause').click()
      await page.getByText('Warmup of 2 mailboxes paused').waitFor()
      await row(/^mia@nest\.example, Paused\. You paused it\. It stays so/).waitFor()
      await button('Resume').last().click()
      await page.getByText('Warmup of 2 mailboxes goes on').waitFor()
      await row(/^mia@nest\.example, Slowed\. It begins again at half the volume/).waitFor()
    })

    it('warns before the ramp is skipped, and before a mailbox is taken out', async () => {
      await chooseFromRowMenu(row(/^somebody/), /^Actions for somebody/, 'Skip the ramp')
      const dialog = page.getByRole('dialog', { name: 'Skip the rest of the ramp?', exact: true })
      await dialog.getByText('is on day 3 of 10', { exact: false }).waitFor()
      await look(page, 'warmup-skip', dialog.getByRole('button', { name: 'Skip the ramp', exact: true }))
      await page.setViewportSize(wide)
      await dialog.getByRole('button', { name: 'Keep warming up', exact: true }).click()
      await row(/^somebody.*, Warming\./).waitFor()
      await chooseFromRowMenu(row(/^somebody/), /^Actions for somebody/, 'Skip the ramp')
      await dialog.getByRole('button', { name: 'Skip the ramp', exact: true }).click()
      await page.getByText('1 mailbox in maintenance').waitFor()
      await row(/^somebody.*, Maintenance\./).waitFor()
      await chooseFromRowMenu(row(/^eva@krill/), /^Actions for eva/, 'Take out of warmup')
      await page.getByRole('dialog').getByRole('button', { name: 'Take it out', exact: true }).click()
      await page.getByText('1 mailbox taken out of warmup').waitFor()
      await expect.poll(() => row(/^eva@krill/).count()).toBe(0)
      await button('Start warmup').click()
      await page.getByRole('dialog').getByText('eva@krill.example').waitFor()
      await look(page, 'warmup-start', page.getByRole('button', { name: 'Start 1 mailbox', exact: true }))
      await page.setViewportSize(wide)
      await button('Start 1 mailbox').click()
      await row(/^eva@krill/).waitFor()
    })

    it('shows a pause made by itself with its reason and the next look, and asks before it is ended', async () => {
      const at = Date.now()
      served.change('kim@floe.example', {
        score: 72,
        state: { state: 'paused', reason: 'score-low', sinceAt: at, nextAt: at + 24 * 60 * 60_000 },
      })
      served.raise({
        id: 'alert-1',
        code: 'warmup.paused',
        severity: 'high',
        domainId: null,
        mailboxId: 'kim-floe-example',
        about: 'kim@floe.example',
        subject: 'health',
        facts: { reason: 'score-low', score: 72, reviewAt: at + 24 * 60 * 60_000 },
        state: 'open',
        raisedAt: at,
        acknowledgedAt: null,
        resolvedAt: null,
        resolvedBy: null,
      })
      await row(/^kim@floe\.example, Paused\. Its health fell below 80\. Looks again tomorrow/).waitFor()
      await sectionLink(page, 'Alerts').click()
      await page.getByText('The reason: its health fell below 80.', { exact: false }).waitFor()
      await look(page, 'warmup-alert', button('Mark as seen'))
      await page.setViewportSize(wide)
      await page.getByRole('link', { name: 'kim@floe.example', exact: true }).click()
      await page.getByText('Its health fell below 80. Looks again tomorrow', { exact: false }).waitFor()
      await button('Resume').click()
      const dialog = page.getByRole('dialog', { name: 'Resume before the cause is gone?', exact: true })
      await look(
        page,
        'warmup-resume-anyway',
        dialog.getByRole('button', { name: 'Resume anyway', exact: true }),
      )
      await page.setViewportSize(wide)
      await dialog.getByRole('button', { name: 'Leave it paused', exact: true }).click()
      await button('Resume').click()
      await dialog.getByRole('button', { name: 'Resume anyway', exact: true }).click()
      await page.getByText('It begins again at half the volume after a pause.', { exact: false }).waitFor()
    })

    it('shows until when a mailbox is rate limited, and that it goes on by itself', async () => {
      await visit(page, '/warmup/mailbox/noor-floe-example')
      await page
        .getByText(/The server asked to send more slowly\. Goes on by itself (today|tomorrow) /)
        .waitFor()
      served.change('noor@floe.example', {
        state: { state: 'ramping', reason: 'healthy', sinceAt: Date.now(), nextAt: null },
      })
      await page.getByText('The volume grows day by day.').waitFor()
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
      const address = everyState.find(({ address }) => address.startsWith(`${name}@`))?.address ?? ''
      await visit(page, `/warmup/mailbox/${address.replace(/[@.]/g, '-')}`)
      await page.getByRole('heading', { name: address, exact: true }).waitFor()
      await page.getByRole('heading', { name: 'Milestones', exact: true }).waitFor()
      await page.locator('.recharts-surface').first().waitFor()
      await look(page, `warmup-mailbox-${state.replace(' ', '-')}`, button('Settings'))
      await page.setViewportSize({ width: 1280, height: 1900 })
      await keep(page, `warmup-mailbox-${state.replace(' ', '-')}-whole`)
      await page.setViewportSize(wide)
    })

    it('shows a graph as a table', async () => {
      await visit(page, '/warmup/mailbox/mia-nest-example')
      await button('Show as a table').first().click()
      await page.getByRole('region', { name: 'Planned and sent, as a table', exact: true }).waitFor()
      await look(page, 'warmup-table', button('Settings'))
      await page.setViewportSize(wide)
    })

    it('previews other settings before they are saved', async () => {
      await visit(page, '/warmup/mailbox/mia-nest-example')
      await button('Settings').click()
      const panel = page.getByRole('dialog', { name: 'Warmup settings', exact: true })
      await panel.getByText('Target reached, 40 a day').waitFor()
      await look(page, 'warmup-settings', panel.getByText('Conservative'))
      await page.setViewportSize(wide)
      await panel.getByText('Aggressive').click()
      await panel.getByText('Target reached, 20 a day').waitFor()
      await panel.getByLabel('Target a day').fill('50')
      await panel.getByText('This ramp is steep').waitFor()
      await panel.getByLabel('Target a day').fill('70')
      await panel.getByText('A number from 5 to 50.').waitFor()
      await expect
        .poll(() => panel.getByRole('button', { name: 'Save the settings', exact: true }).isDisabled())
        .toBe(true)
      await panel.getByLabel('Target a day').fill('25')
      await panel.getByText('Target reached, 25 a day').waitFor()
      await panel.getByRole('button', { name: 'Save the settings', exact: true }).click()
      await page.getByText('Settings of 1 mailbox saved').waitFor()
      await page.getByText('Target: 25 a day.').waitFor()
    })
  })

  it('placement by provider', async () => {
    await visit(page, '/warmup/placement')
    await page.getByRole('cell', { name: /%/ }).first().waitFor()
    await look(page, 'warmup-placement', page.getByRole('cell', { name: /%/ }).first())
    await page.setViewportSize(wide)
  })

  it('activity, filtered, a page at a time', async () => {
    await visit(page, '/warmup/activity')
    await page.getByText('Wrote to leo@nest.example').first().waitFor()
    await look(page, 'warmup-activity', page.getByText('Wrote to leo@nest.example').first())
    await page.setViewportSize(wide)
    await expect.poll(() => page.getByRole('listitem').count()).toBeGreaterThan(90)
    const before = await page.getByRole('listitem').count()
    await button('Show earlier ones').click()
    await expect.poll(() => page.getByRole('listitem').count()).toBeGreaterThan(before)
    await page.getByRole('radio', { name: 'Came back', exact: true }).click()
    await page.getByText('552 5.2.2 Mailbox full').first().waitFor()
    await expect.poll(() => page.getByText('Wrote to').count()).toBe(0)
  })

  it('own texts, with what is wrong and how they would read', async () => {
    await visit(page, '/warmup/texts')
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

  it('stands on the page of the mailbox and in the list of mailboxes', async () => {
    await visit(page, '/mailboxes/ada-nest-example')
    await page.getByRole('link', { name: 'All about it', exact: true }).waitFor()
    await look(page, 'warmup-on-mailbox', page.getByRole('link', { name: 'All about it', exact: true }))
    await page.setViewportSize(wide)
    await visit(page, '/mailboxes')
    await page.getByRole('grid').getByText('Rate limited').first().waitFor()
    await look(page, 'warmup-in-mailboxes', page.getByRole('grid').getByText('mia@nest.example'))
    await page.setViewportSize(wide)
  })

  it('says what could not be read, and reads it again', async () => {
    served.failReading(true)
    await visit(page, '/warmup/mailbox/leo-nest-example')
    await page.getByText('The rest of this page could not be loaded').waitFor()
    await look(page, 'warmup-failing', button('Try again').first())
    await page.setViewportSize(wide)
    await visit(page, '/warmup/placement')
    await page.getByText('The placements could not be read').waitFor()
    served.failReading(false)
    await button('Try again').click()
    await page.getByRole('cell', { name: /%/ }).first().waitFor()
  })

  it('leaves no trouble in the window', () => {
    expect(window.troubles).toEqual([])
  })
})

describe.runIf(chromium !== null)('Warmup, before there is any', () => {
  let browser: Browser
  const opened: { served: WarmupWindow; window: OpenedWindow }[] = []
  beforeAll(async () => {
    browser = await startChromium(chromium ?? '')
  })
  afterAll(async () => {
    for (const { served, window } of opened) {
      await window.close()
      await served.stop()
    }
    await browser?.close()
  })
  const open = async (...options: Parameters<typeof serveWarmupWindow>) => {
    const served = await serveWarmupWindow(...options)
    const window = await openWindow(browser, served.url, {
      expected: [/ERR_CONNECTION|WebSocket connection/],
    })
    opened.push({ served, window })
    await sectionLink(window.page, 'Warmup').click()
    return { served, page: window.page, window }
  }

  it('asks for mailboxes where there are none', async () => {
    const { page } = await open([])
    await page.getByText('No mailboxes yet').waitFor()
    await look(
      page,
      'warmup-without-mailboxes',
      page.getByRole('button', { name: 'Add mailbox', exact: true }),
    )
  })

  it('says what warmup is and is not, and starts several', async () => {
    const { page } = await open(everyState.slice(0, 4), { inWarmup: () => false })
    await page.getByText('4 mailboxes, none in warmup').waitFor()
    await page.getByText('Some providers forbid automated exchanges', { exact: false }).waitFor()
    await look(page, 'warmup-empty', page.getByRole('button', { name: 'Start warmup', exact: true }))
    await page.setViewportSize(wide)
    await page.getByRole('button', { name: 'Start warmup', exact: true }).click()
    await page.getByRole('dialog').getByText('leo@nest.example').click()
    await page.getByRole('button', { name: 'Start 3 mailboxes', exact: true }).click()
    await page.getByText('3 mailboxes in warmup').first().waitFor()
    await page.getByRole('row', { name: /^mia@nest/ }).waitFor()
    await expect.poll(() => page.getByRole('row').count()).toBe(4)
  })

  it('shows what it last knew while the engine is away', async () => {
    const { page, served } = await open(everyState.slice(0, 6))
    await page.getByRole('link', { name: 'Placement', exact: true }).click()
    await page.getByRole('cell', { name: /%/ }).first().waitFor()
    await page
      .getByRole('navigation', { name: 'Warmup', exact: true })
      .getByRole('link', { name: 'Mailboxes', exact: true })
      .click()
    await page.getByRole('row', { name: /^ada@nest/ }).waitFor()
    // The rest of the window's code comes when it is idle, and could not any more.
    await page.waitForLoadState('networkidle')
    await served.stop()
    await page.getByText('The engine cannot be reached').waitFor()
    await look(page, 'warmup-away', page.getByRole('row', { name: /^ada@nest/ }))
    await page.getByRole('link', { name: 'Placement', exact: true }).click()
    await page.getByText('Nothing to show while the engine is away').waitFor()
  })

  it('draws only what is in sight of five hundred', async () => {
    const many = Array.from({ length: 500 }, (_, index) => {
      const told = everyState[index % everyState.length]
      if (!told) throw new Error('no state')
      return { ...told, address: `${'abcdefghij'[index % 10]}${word(index)}@${told.address.split('@')[1]}` }
    })
    const { page } = await open(many)
    await page.getByText('500 shown').waitFor()
    const most = await page.evaluate(async () => {
      const scroller = document.querySelector('[role=grid]')
      let most = 0
      for (let step = 0; step < 150; step += 1) {
        scroller?.scrollBy(0, 190)
        await new Promise(resolve => requestAnimationFrame(resolve))
        most = Math.max(most, document.querySelectorAll('[role=row]').length)
      }
      return most
    })
    // What is in sight and a few beside it: as many with five hundred as with fifty.
    expect(most).toBeLessThan(40)
    await page.locator('[aria-rowindex="501"]').waitFor()
  })
})

/** Letters alone, a different word for each number. */
function word(index: number): string {
  return [...String(index)].map(digit => 'klmnopqrst'[Number(digit)]).join('')
}
