import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { journey } from '../helpers/journey-world.ts'
import { look } from '../helpers/look.ts'
import { type OpenedWindow, openRowMenu, openWindow, sectionLink } from '../helpers/window.ts'
import { cliZones } from '../integration/cli-zone.ts'

type State = {
  readonly name: string
  /** From the list of domains, as it stands after `back`. */
  readonly open: (page: Page) => Promise<void>
  /** What must be in sight. */
  readonly primary: (page: Page) => ReturnType<Page['locator']>
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const details = (name: string) => async (page: Page) => {
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('heading', { name: 'Findings', exact: true }).waitFor()
}
const records = (name: string) => async (page: Page) => {
  await details(name)(page)
  await button(page, 'Records to publish').click()
  await button(page, 'Show me how').first().waitFor()
}

const states: readonly State[] = [
  { name: 'list', open: async () => undefined, primary: page => button(page, 'Add domain') },
  {
    name: 'list-selected',
    open: async page => {
      await page.getByRole('grid').focus()
      await page.keyboard.press('Control+a')
      await page.getByText('selected').waitFor()
    },
    primary: page => button(page, 'Check'),
  },
  {
    name: 'list-tags',
    open: async page => {
      await page.getByRole('grid').focus()
      await page.keyboard.press('Control+a')
      await button(page, 'Tag').click()
      await page.getByRole('dialog').waitFor()
    },
    primary: page => button(page, 'Add these tags'),
  },
  {
    name: 'list-none-matches',
    open: async page => {
      await page.getByRole('searchbox').fill('nowhere')
      await page.getByText('No domain matches').waitFor()
    },
    primary: page => button(page, 'Clear the search and filters'),
  },
  {
    name: 'row-menu',
    open: async page => {
      await openRowMenu(page.getByRole('row', { name: /^faulty\.example/ }), /^Actions/)
    },
    primary: page => page.getByRole('menuitem', { name: 'Delete', exact: true }),
  },
  {
    name: 'tag-filter',
    open: async page => {
      await page.getByRole('button', { name: /Tag$/ }).click()
      await page.getByRole('listbox').waitFor()
    },
    primary: page => page.getByRole('option', { name: 'Client A', exact: true }),
  },
  {
    name: 'import',
    open: async page => {
      await button(page, 'Import').click()
      const panel = page.getByRole('dialog')
      await panel.getByLabel('Domains').fill('https://x.example/y\n10.0.0.1')
      await panel.getByRole('button', { name: 'Import', exact: true }).click()
      await panel.getByText('2 lines not added').waitFor()
    },
    primary: page => page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }),
  },
  {
    name: 'palette',
    open: async page => {
      await page.keyboard.press('Control+k')
      await page.getByRole('searchbox', { name: 'Search or do something', exact: true }).waitFor()
      await page.keyboard.type('clean')
      await page.getByRole('menuitem', { name: /^clean\.example/ }).waitFor()
    },
    primary: page => page.getByRole('searchbox', { name: 'Search or do something', exact: true }),
  },
  {
    name: 'notice',
    open: async page => {
      await page.getByRole('grid').focus()
      await page.keyboard.press('Home')
      await page.keyboard.press('c')
      // A notice waits for as long as the pointer is on it.
      await button(page, 'Stop').hover()
    },
    primary: page => button(page, 'Stop'),
  },
  {
    name: 'add-name-wrong',
    open: async page => {
      await button(page, 'Add domain').click()
      await page.getByLabel('Domain you send from').fill('https://new.example')
      await page.getByText('it begins with https://').waitFor()
    },
    primary: page => button(page, 'Continue'),
  },
  {
    name: 'add-name-suggestion',
    open: async page => {
      await button(page, 'Add domain').click()
      await page.getByLabel('Domain you send from').fill('new.example')
      await page.getByText('Send from a subdomain instead?').waitFor()
    },
    primary: page => button(page, 'Continue'),
  },
  {
    name: 'add-records',
    open: records('faulty.example'),
    primary: page => page.getByRole('heading', { name: 'Records to publish', exact: true }),
  },
  {
    name: 'add-guide',
    open: async page => {
      await records('faulty.example')(page)
      await button(page, 'Show me how').first().click()
      await page.getByRole('dialog').waitFor()
    },
    primary: page => page.getByRole('dialog').getByRole('button', { name: 'Done', exact: true }),
  },
  {
    name: 'add-verify',
    open: async page => {
      await records('twice.example')(page)
      await button(page, 'I have published them').click()
      await button(page, 'Check again').waitFor()
    },
    primary: page => button(page, 'Check again'),
  },
  {
    name: 'verify-running',
    open: async page => {
      await records('quiet.clean.example')(page)
      await button(page, 'I have published them').click()
      await page.getByText(/1[0-9] of 16/).waitFor()
    },
    primary: page => button(page, 'Stop'),
  },
  { name: 'details-good', open: details('clean.example'), primary: page => button(page, 'Check again') },
  {
    name: 'details-faulty',
    open: async page => {
      await details('faulty.example')(page)
      await button(page, 'Open SPF').click()
      await page.getByText('Questions and answers').click()
    },
    primary: page => button(page, 'Check again'),
  },
  {
    name: 'details-could-not-look',
    open: async page => {
      await details('quiet.clean.example')(page)
      await button(page, 'Open DMARC').click()
    },
    primary: page => button(page, 'Check again'),
  },
  {
    name: 'details-not-on-list',
    open: async page => {
      await page.evaluate(() => location.assign('#/domains/none'))
      await page.getByText('This domain is not on your list').waitFor()
    },
    primary: page => button(page, 'Go to Domains'),
  },
  {
    name: 'settings',
    open: async page => {
      await sectionLink(page, 'Settings').click()
      await page.getByRole('textbox', { name: 'Servers', exact: true }).fill('dns.example')
      await button(page, 'Save').click()
      await page.getByText('is not the address of a DNS server').waitFor()
    },
    primary: page => page.getByRole('heading', { name: 'Settings', exact: true }),
  },
]

await journey('Every screen and state', cliZones(), world => {
  let window: OpenedWindow
  let page: Page
  beforeAll(async () => {
    window = await openWindow(world().browser, world().host().url)
    page = window.page
    await page.getByText('No domains yet').waitFor()
  })
  afterAll(() => window?.close())

  it('empty', () => look(page, 'empty', button(page, 'Add domain')))

  describe('with domains of every kind', () => {
    beforeAll(async () => {
      world().dns.decide(({ name }) => (name === '_dmarc.quiet.clean.example' ? 'drop' : 'pass'))
      const text = [
        'clean.example',
        'faulty.example',
        'null.example',
        'bücher.example',
        'twice.example',
        'quiet.clean.example',
        'a-rather-long-name-that-somebody-once-thought-clever.clean.example',
      ].join('\n')
      const added = await world()
        .client()
        .domains.import({ text, tags: ['Client A', 'Newsletter'] })
      if (!added.ok) throw new Error(added.failure.code)
      await world()
        .client()
        .domains.check({ ids: added.value.added.map(({ id }) => id) })
      await world().client().domains.add({ input: 'waiting.example', tags: [] })
      await page.getByRole('row', { name: /^faulty\.example/ }).waitFor()
      await page.waitForFunction(() => {
        const list = document.querySelector('[role=grid]')?.textContent ?? ''
        return list.split('Not yet').length === 2 && !list.includes('Checking')
      })
    })

    it.each(states)('$name', async ({ name, open, primary }) => {
      await page.setViewportSize({ width: 1280, height: 800 })
      await page.goto('about:blank')
      await page.goto(`${new URL(world().host().url).origin}/#/domains`)
      await page.getByRole('row', { name: /^faulty\.example/ }).waitFor()
      await open(page)
      await look(page, name, primary(page))
    })
  })

  it('away', async () => {
    await page.goto('about:blank')
    await page.goto(`${new URL(world().host().url).origin}/#/domains`)
    await page.getByRole('row', { name: /^faulty\.example/ }).waitFor()
    await world().stopHost()
    await page.getByText('The engine cannot be reached').waitFor()
    await look(page, 'away', page.getByRole('row', { name: /^clean\.example/ }))
    await world().startHost()
    await page.getByText('This window has no key').waitFor()
    await look(page, 'refused', page.getByRole('heading', { name: 'This window has no key', exact: true }))
  })

  it('met no error on the way', () => {
    const expected = /ERR_CONNECTION_REFUSED|WebSocket connection to .* failed|status of 401/
    expect(window.troubles.filter(trouble => !expected.test(trouble))).toEqual([])
  })
})
