import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerFrom, type LiteralZone } from '../helpers/dns-filter.ts'
import { heldBack } from '../helpers/held-back.ts'
import { journey } from '../helpers/journey-world.ts'
import { type OpenedWindow, openWindow } from '../helpers/window.ts'

const zone: LiteralZone = {
  'keys.example': {
    NS: ['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com'],
    MX: [{ preference: 10, exchange: 'mx.keys.example' }],
    TXT: ['v=spf1 mx -all'],
  },
  'mx.keys.example': { A: ['198.51.100.4'] },
}

await journey('Without a mouse', null, world => {
  let window: OpenedWindow
  let page: Page
  beforeAll(async () => {
    world().dns.decide(question => answerFrom(zone, question) ?? { answers: [], rcode: 3 })
    window = await openWindow(world().browser, world().host().url)
    page = window.page
    await page.getByText('No domains yet').waitFor()
    await page.evaluate(() => {
      for (const type of ['pointerdown', 'mousedown', 'touchstart'])
        document.addEventListener(type, () => (document.documentElement.dataset['pointed'] = type), true)
    })
  })
  afterAll(() => window?.close())

  const press = (key: string) => page.keyboard.press(key)
  const type = (text: string) => page.keyboard.type(text)
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement
      const label = element?.getAttribute('aria-label') ?? element?.textContent ?? ''
      return `${element?.getAttribute('role') ?? element?.tagName.toLowerCase()} ${label.trim().slice(0, 40)}`
    })
  /** Tabs on until the element with this role (or tag) and name has the focus, round and round while the page is on its way. */
  async function tabTo(wanted: RegExp, key = 'Tab'): Promise<void> {
    const passed: string[] = []
    const startedAt = performance.now()
    for (let steps = 0; steps < 60 || performance.now() - startedAt < 20_000; steps++) {
      const here = await focused()
      if (wanted.test(here)) return
      passed.push(here)
      await press(key)
    }
    throw new Error(`no way by ${key} to ${wanted}: ${passed.slice(-60).join(' | ')}`)
  }
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  const rows = () =>
    page
      .getByRole('row')
      .getByRole('link')
      .evaluateAll(links => links.map(link => link.textContent))

  it('adds a domain from the palette', async () => {
    await press('Control+k')
    await page.getByRole('dialog', { name: 'Search or do something', exact: true }).waitFor()
    await type('add')
    await page.getByRole('menuitem', { name: 'Add a domain', exact: true }).waitFor()
    await press('Enter')
    await page.getByRole('heading', { name: 'Add a domain', exact: true }).waitFor()
    await expect.poll(focused).toMatch(/^input/)
    await type('keys.example')
    await press('Enter')
    await page.getByText('Your DNS is at Cloudflare.').waitFor()
  })

  it('copies a value and reads a guide, and finds back to where it was', async () => {
    await tabTo(/^button Copy the value of DMARC/)
    await press('Enter')
    await expect.poll(clipboard).toMatch(/^v=DMARC1/)
    await tabTo(/^button Show me how/, 'Shift+Tab')
    await press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await expect.poll(() => dialog.evaluate(element => element.contains(document.activeElement))).toBe(true)
    await tabTo(/^button .*(Cloudflare|DNS provider)/)
    await press('Enter')
    await page.getByRole('listbox').waitFor()
    await type('namech')
    await press('Enter')
    await dialog.getByText('tab Advanced DNS').waitFor()
    for (let steps = 0; steps < 15; steps++) {
      await press('Tab')
      expect(await dialog.evaluate(element => element.contains(document.activeElement))).toBe(true)
    }
    await press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(focused).toMatch(/^button Show me how/)
  })

  it('verifies, and leaves it for later', async () => {
    await tabTo(/^button I have published them/)
    await press('Enter')
    await page.getByRole('heading', { name: 'What is seen now', exact: true }).waitFor()
    await tabTo(/^button Verify later/)
    await press('Space')
    await page.getByRole('row', { name: /^keys\.example/ }).waitFor()
  })

  it('walks the list, selects and checks', async () => {
    const list = ['a.example', 'b.example', 'c.example'].join('\n')
    const added = await world().client().domains.import({ text: list, tags: [] })
    if (!added.ok) throw new Error(added.failure.code)
    await page.getByRole('row', { name: /^c\.example/ }).waitFor()
    await tabTo(/^grid Domains/)
    const active = () =>
      page
        .getByRole('grid')
        .evaluate(
          grid => document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.ariaLabel ?? '',
        )
    await expect.poll(active).toMatch(/^a\.example/)
    await press('ArrowDown')
    await press('ArrowDown')
    await expect.poll(active).toMatch(/^c\.example/)
    await press('Space')
    await page.getByText('1 selected').waitFor()
    await press('Shift+ArrowUp')
    await page.getByText('2 selected').waitFor()
    await press('Control+a')
    await page.getByText('4 selected').waitFor()
    await press('Escape')
    await page.getByText('selected').waitFor({ state: 'detached' })
    await press('Home')
    await press('c')
    await page
      .getByRole('row', { name: /^a\.example/ })
      .getByText('just now')
      .waitFor()
    await expect.poll(focused).toMatch(/^grid/)
  })

  it('deletes, and brings back', async () => {
    await press('Delete')
    await expect.poll(rows).toEqual(['b.example', 'c.example', 'keys.example'])
    await page.getByRole('button', { name: 'Undo', exact: true }).waitFor()
    await press('F6')
    await tabTo(/^button Undo/)
    await press('Enter')
    await expect.poll(rows).toEqual(['a.example', 'b.example', 'c.example', 'keys.example'])
  })

  it('opens a domain and a record, copies what was found, and goes back', async () => {
    await tabTo(/^grid Domains/)
    await press('End')
    await press('Enter')
    await page.getByRole('heading', { level: 1, name: 'keys.example', exact: true }).waitFor()
    await tabTo(/^button Open SPF/)
    await press('Enter')
    await page.getByText('1 of 10 look-ups', { exact: true }).waitFor()
    await expect.poll(focused).toMatch(/^button Close SPF/)
    await tabTo(/^button Copy what was found for SPF/, 'Shift+Tab')
    await press('Enter')
    await expect.poll(clipboard).toBe('v=spf1 mx -all')
    await tabTo(/^a Domains/, 'Shift+Tab')
    await press('Enter')
    await page.getByRole('grid').waitFor()
  })

  it('opens and closes the palette where it stands', async () => {
    await tabTo(/^grid Domains/)
    await press('Control+k')
    await page.getByRole('dialog').waitFor()
    await type('keys')
    await page.getByRole('menuitem', { name: /keys\.example/ }).waitFor()
    await press('Escape')
    await press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(focused).toMatch(/^grid Domains/)
  })

  it('chooses the first match with Enter, whether the text was typed, shortened or pasted', async () => {
    const opened = async () => {
      await press('Control+k')
      await page.getByRole('dialog', { name: 'Search or do something', exact: true }).waitFor()
    }
    const arrives = async (heading: string) => {
      await page.getByRole('heading', { name: heading, exact: true }).waitFor()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await opened()
    await type('keys')
    await press('Enter')
    await arrives('keys.example')
    await opened()
    await type('go to w')
    await expect
      .poll(() =>
        page.getByRole('menuitem', { name: 'Go to Warmup', exact: true }).getAttribute('data-focused'),
      )
      .toBe('true')
    await press('Enter')
    await arrives('Warmup')
    await opened()
    await type('keysx')
    await press('Backspace')
    await press('Enter')
    await arrives('keys.example')
    await opened()
    await page.keyboard.insertText('go to alerts')
    await press('Enter')
    await arrives('Alerts')
    await opened()
    await type('go to')
    await press('ArrowDown')
    await press('Enter')
    await arrives('Mailboxes')
    await opened()
    await type('nothing is called so')
    await press('Enter')
    await page.getByText('Nothing matches.').waitFor()
    await press('Escape')
    await press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await tabTo(/^a Domains/, 'Shift+Tab')
    await press('Enter')
    await tabTo(/^grid Domains/)
  })

  it('keeps what is typed while the palette is still on its way', async () => {
    const early = await openWindow(world().browser, 'about:blank')
    const held = heldBack()
    await early.page.route('**/palette-*.js', async route => {
      await held.promise
      await route.continue()
    })
    await early.page.goto(world().host().url)
    await early.page.getByRole('grid').focus()
    await early.page.keyboard.press('Control+k')
    await early.page.keyboard.type('kews')
    await early.page.keyboard.press('Backspace')
    await early.page.keyboard.press('Backspace')
    await early.page.keyboard.type('ys')
    expect(await early.page.getByRole('dialog').count()).toBe(0)
    held.release()
    const field = early.page.getByRole('dialog').getByRole('searchbox')
    await expect.poll(() => field.inputValue()).toBe('keys')
    await early.page.keyboard.type('.example')
    await early.page.getByRole('menuitem', { name: /^keys\.example/ }).waitFor()
    await early.page.keyboard.press('Enter')
    await early.page.getByRole('heading', { name: 'keys.example', exact: true }).waitFor()
    expect(early.troubles).toEqual([])
    await early.close()
  })

  it('tags and imports', async () => {
    await press('Control+a')
    await tabTo(/^button Tag/, 'Shift+Tab')
    await press('Enter')
    await page.getByRole('dialog').waitFor()
    await type('By hand')
    await tabTo(/^button Add these tags/)
    await press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page
      .getByRole('row', { name: /^b\.example/ })
      .getByText('By hand')
      .waitFor()
    await expect.poll(focused).toMatch(/^button Tag/)
    await press('Control+k')
    await type('import')
    await page
      .getByRole('menuitem', { name: /^Import/ })
      .first()
      .waitFor()
    await press('Enter')
    await page.getByRole('dialog', { name: 'Import domains', exact: true }).waitFor()
    await expect.poll(focused).toMatch(/^textarea/)
    await type('d.example')
    await tabTo(/^button Import$/)
    await press('Enter')
    await page.getByText('1 domain added').waitFor()
    await press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('row', { name: /^d\.example/ }).waitFor()
  })

  it('chooses a theme', async () => {
    await tabTo(/^a Settings/)
    await press('Enter')
    await tabTo(/^radio System/)
    await press('ArrowRight')
    await press('ArrowRight')
    await press('Space')
    await page.getByRole('radio', { name: 'Dark', exact: true, checked: true }).waitFor()
  })

  it('needed no pointer, and met no error', async () => {
    expect(await page.evaluate(() => document.documentElement.dataset['pointed'])).toBeUndefined()
    expect(window.troubles).toEqual([])
  })
})
