import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeRsaKey } from '../helpers/dkim-keys.ts'
import { answerFrom, type LiteralZone } from '../helpers/dns-filter.ts'
import { journey } from '../helpers/journey-world.ts'
import { type OpenedWindow, chooseFromRowMenu, openRowMenu, openWindow } from '../helpers/window.ts'

const right: LiteralZone = {
  'right.example': {
    NS: ['ns1.registrar-servers.com', 'ns2.registrar-servers.com'],
    MX: [{ preference: 10, exchange: 'mx.right.example' }],
    TXT: ['v=spf1 mx -all'],
  },
  'mx.right.example': { A: ['198.51.100.4'] },
  '_dmarc.right.example': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@right.example'] },
  '_domainkey.right.example': {},
  's1._domainkey.right.example': {
    TXT: [`v=DKIM1; k=rsa; p=${fakeRsaKey(2048)}`.match(/.{1,255}/g) ?? []],
  },
}

await journey('Looking after many domains', null, world => {
  let window: OpenedWindow
  let page: Page
  beforeAll(async () => {
    serve(right)
    window = await openWindow(world().browser, world().host().url)
    page = window.page
    await page.getByText('No domains yet').waitFor()
  })
  afterAll(() => window?.close())

  const serve = (zone: LiteralZone, delayMs = 0) =>
    world().dns.decide(question => {
      const fate = answerFrom(zone, question)
      return typeof fate === 'object' && fate !== null
        ? { ...fate, delayMs }
        : { answers: [], rcode: 3, delayMs }
    })
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const box = (name: string) => page.getByRole('checkbox', { name: `Select ${name}`, exact: true })
  const names = () =>
    page
      .getByRole('row')
      .getByRole('link')
      .evaluateAll(links => links.map(link => link.textContent))
  const settled = (expected: readonly string[]) => expect.poll(names).toEqual(expected)

  it('imports a pasted list, keeps the good lines and tells the bad ones', async () => {
    await button('Import a list').click()
    const panel = page.getByRole('dialog')
    await panel
      .getByLabel('Domains')
      .fill('right.example\nhttps://b.example/x\nanna@c.example\nwrong.example\n10.0.0.1\n')
    await panel.getByLabel('Tags').fill('Pasted')
    await panel.getByRole('button', { name: 'Import', exact: true }).click()
    await panel.getByText('2 domains added').waitFor()
    await panel.getByText('3 lines not added').waitFor()
    await panel.getByText('This is an email address, not a domain name. Use c.example instead.').waitFor()
    await expect
      .poll(() => panel.getByLabel('Domains').inputValue())
      .toBe('https://b.example/x\nanna@c.example\n10.0.0.1')
    await panel.getByLabel('Domains').fill('b.example')
    await panel.getByRole('button', { name: 'Import', exact: true }).click()
    await panel.getByText('1 domain added').waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await settled(['b.example', 'right.example', 'wrong.example'])
  })

  it('imports a file, and checks what it added', async () => {
    const file = join(world().dataDir, 'clients.csv')
    await writeFile(file, 'Client,Domain\nAda,c.example\nBob,"d.example"\nCid,right.example\n')
    await button('Import').click()
    const panel = page.getByRole('dialog')
    const chooser = page.waitForEvent('filechooser')
    await panel.getByRole('button', { name: 'Open a file', exact: true }).click()
    await (await chooser).setFiles(file)
    await expect.poll(() => panel.getByLabel('Domains').inputValue()).toContain('Bob,"d.example"')
    await panel.getByRole('button', { name: 'Import', exact: true }).click()
    await panel.getByText('right.example is on the list already.').waitFor()
    await panel.getByRole('button', { name: 'Check the 2 added', exact: true }).click()
    await panel.waitFor({ state: 'detached' })
    await page
      .getByRole('row', { name: /^c\.example/ })
      .getByText('just now')
      .waitFor()
    await settled(['b.example', 'c.example', 'd.example', 'right.example', 'wrong.example'])
  })

  it('selects with the mouse as a mail client does', async () => {
    await box('c.example').click()
    await box('right.example').click({ modifiers: ['Shift'] })
    await page.getByText('3 selected').waitFor()
    await box('d.example').click()
    await page.getByText('2 selected').waitFor()
    await page.getByRole('checkbox', { name: 'Select all', exact: true }).click({ force: true })
    await page.getByText('5 selected').waitFor()
    await button('Clear selection').click()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+a')
    await page.getByText('5 selected').waitFor()
    await page.keyboard.press('Escape')
    await button('Import').waitFor()
  })

  it('tags and untags what is selected', async () => {
    await box('c.example').click()
    await box('d.example').click()
    await button('Tag').click()
    await page.getByRole('dialog').getByLabel('Tags').fill('North, Pasted')
    await button('Add these tags').click()
    await page
      .getByRole('row', { name: /^c\.example/ })
      .getByText('North')
      .waitFor()
    await button('Tag').click()
    await page.getByRole('dialog').getByLabel('Tags').fill('Pasted')
    await button('Remove these tags').click()
    await page
      .getByRole('row', { name: /^d\.example/ })
      .getByText('Pasted')
      .waitFor({ state: 'detached' })
    await button('Clear selection').click()
  })

  it('checks what is selected, and tells when what was right breaks', async () => {
    await box('right.example').click()
    await button('Check').click()
    await page.getByRole('row', { name: /^right\.example, Verified/ }).waitFor()
    serve({ ...right, 'right.example': { NS: ['ns1.registrar-servers.com'] } })
    await button('Check').click()
    await page
      .getByRole('row', { name: /^right\.example, Failed, health \d+, \d+ serious finding/ })
      .waitFor()
    await button('Clear selection').click()
    await page
      .getByRole('row', { name: /^right\.example/ })
      .getByText('Namecheap')
      .waitFor()
  })

  it('searches, filters and sorts', async () => {
    const search = page.getByRole('searchbox', { name: 'Search domains', exact: true })
    await page.keyboard.press('/')
    await page.keyboard.type('north')
    await settled(['c.example', 'd.example'])
    await page.getByText('2 shown').waitFor()
    await search.fill('nowhere')
    await page.getByText('No domain matches').waitFor()
    await button('Clear the search and filters').click()
    await settled(['b.example', 'c.example', 'd.example', 'right.example', 'wrong.example'])
    await expect.poll(() => search.inputValue()).toBe('')

    await page.getByRole('radio', { name: /^Failed/ }).click()
    await settled(['right.example'])
    await page.getByRole('radio', { name: /^All/ }).click()
    await page.getByRole('button', { name: /Tag$/ }).click()
    await page.getByRole('option', { name: 'Pasted', exact: true }).click()
    await settled(['b.example', 'right.example', 'wrong.example'])
    await page.getByText('Serious findings').click()
    await settled(['right.example'])
    await button('Clear').click()

    await button('Domain').click()
    await settled(['wrong.example', 'right.example', 'd.example', 'c.example', 'b.example'])
    await button('Status').click()
    await expect.poll(async () => (await names())[0]).toBe('right.example')
    await expect
      .poll(() => page.getByRole('columnheader', { name: 'Status', exact: true }).getAttribute('aria-sort'))
      .toBe('ascending')
    await button('Domain').click()
  })

  it('deletes one domain, and brings it back', async () => {
    const row = page.getByRole('row', { name: /^c\.example/ })
    await chooseFromRowMenu(row, 'Actions for c.example', 'Delete')
    await page.getByText('c.example removed').waitFor()
    // A notice waits for as long as the pointer is on it.
    await button('Undo').hover()
    await settled(['b.example', 'd.example', 'right.example', 'wrong.example'])
    await button('Undo').click()
    await settled(['b.example', 'c.example', 'd.example', 'right.example', 'wrong.example'])
    await row.getByText('North').waitFor()
  })

  it('deletes many, and brings them back', async () => {
    await box('b.example').click()
    await box('d.example').click({ modifiers: ['Shift'] })
    await button('Delete').click()
    await page.getByText('3 domains removed').waitFor()
    await button('Undo').last().hover()
    await settled(['right.example', 'wrong.example'])
    await button('Undo').last().click()
    await page.getByText('3 domains back on the list').waitFor()
    await settled(['b.example', 'c.example', 'd.example', 'right.example', 'wrong.example'])
  })

  it('checks a hundred with its progress in sight, and stops when told', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => `n${index}.many.example`)
    const added = await world()
      .client()
      .domains.import({ text: hundred.join('\n'), tags: [] })
    if (!added.ok) throw new Error(added.failure.code)
    // Late enough for a busy window to come to stop it.
    serve(right, 2_000)
    await page.getByRole('radio', { name: /^All\s*105$/ }).waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+a')
    await button('Check').click()
    // A notice waits for as long as the pointer is on it.
    await button('Stop').hover()
    const bar = page.getByRole('contentinfo')
    await bar.getByText(/^Checking \d+ domains, \d+ questions? under way$/).waitFor()
    await page.getByText('Checking 105 domains', { exact: true }).waitFor()
    await button('Stop').click()
    await page.getByText(/^\d+ checks stopped$/).waitFor()
    await bar.getByText('Ready').waitFor()
    serve(right)
    await world().restful(4_000)
    const stopped = world().dns.questions.length
    await new Promise(resolve => setTimeout(resolve, 1_000))
    expect(world().dns.questions.slice(stopped)).toEqual([])
    await expect.poll(() => page.getByRole('row').getByText('Checking').count()).toBe(0)
  })

  it('scrolls to the end and back, with every row in its place and its menu its own', async () => {
    await world().restful(10_000)
    const grid = page.getByRole('grid')
    await grid.focus()
    await page.keyboard.press('Escape')
    await page.getByRole('radio', { name: /^All\s*105$/ }).waitFor()
    const expected = [
      'b.example',
      'c.example',
      'd.example',
      ...Array.from({ length: 100 }, (_, index) => `n${index}.many.example`).toSorted(),
      'right.example',
      'wrong.example',
    ]
    const shown = () =>
      grid.getByRole('row').evaluateAll(rows =>
        rows.slice(1).map(row => ({
          name: row.querySelector('a')?.textContent,
          index: Number(row.getAttribute('aria-rowindex')) - 2,
          top: Math.round(row.getBoundingClientRect().top),
        })),
      )
    const isInPlace = async () => {
      const rows = await shown()
      const [first] = rows
      return rows.every(
        ({ name, index, top }, nth) =>
          first !== undefined &&
          name === expected[index] &&
          top - first.top === 44 * (index - first.index) &&
          index === first.index + nth,
      )
    }
    await grid.focus()
    await page.keyboard.press('End')
    await page.getByRole('row', { name: /^wrong\.example/ }).waitFor()
    await expect.poll(isInPlace).toBe(true)
    const row = page.getByRole('row', { name: /^n93\.many\.example/ })
    await openRowMenu(row, 'Actions for n93.many.example')
    await page.getByRole('menu', { name: 'Actions for n93.many.example', exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await grid.focus()
    await page.keyboard.press('Home')
    await page.getByRole('row', { name: /^b\.example/ }).waitFor()
    await expect.poll(isInPlace).toBe(true)
  })

  it('keeps selection and focus with their rows while it scrolls, and acts on the right one', async () => {
    // A look in the background draws its row anew.
    await world().restful(10_000)
    const grid = page.getByRole('grid')
    const nameOfActive = () =>
      grid.evaluate(element => {
        const id = element.getAttribute('aria-activedescendant')
        return document.getElementById(id ?? '')?.querySelector('a')?.textContent
      })
    const selected = () =>
      grid
        .getByRole('row', { selected: true })
        .evaluateAll(rows => rows.map(row => row.querySelector('a')?.textContent))
    /** Turns the wheel until a row is there, for a window that is busy may miss a turn, and until the list rests. */
    const wheel = async (by: number, row: Locator) => {
      await expect
        .poll(async () => {
          await page.mouse.wheel(0, by)
          return row.isVisible()
        })
        .toBe(true)
      const seen: (number | undefined)[] = []
      const rests = async () => {
        seen.push((await row.boundingBox())?.y)
        const last = seen.slice(-6)
        return last.length === 6 && last[0] !== undefined && new Set(last).size === 1
      }
      await expect.poll(rests, { interval: 60 }).toBe(true)
    }
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('x')
    await expect.poll(selected).toEqual(['c.example'])
    // The wheel takes the rows away and leaves the focus where it is.
    await grid.hover()
    await wheel(100_000, page.getByRole('row', { name: /^n93\.many\.example/ }))
    await expect.poll(nameOfActive).toBe('c.example')
    const row = page.getByRole('row', { name: /^n98\.many\.example/ })
    await row.getByRole('checkbox').click()
    await expect.poll(nameOfActive).toBe('n98.many.example')
    await wheel(-100_000, page.getByRole('row', { name: /^b\.example/ }))
    await expect.poll(selected).toContain('c.example')
    await expect.poll(async () => (await selected()).toSorted()).toEqual(['c.example', 'n98.many.example'])
    await page.getByText('2 selected').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(async () => (await selected()).length).toBe(0)

    await wheel(100_000, row)
    await chooseFromRowMenu(row, 'Actions for n98.many.example', 'Details')
    await page.getByRole('heading', { name: 'n98.many.example', exact: true }).waitFor()
    await page.goBack()
    await grid.waitFor()
  })

  it('met no error on the way', () => {
    expect(window.troubles).toEqual([])
  })
})
