import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { journey } from '../helpers/journey-world.ts'
import { keep } from '../helpers/look.ts'
import { layoutFaults, type OpenedWindow, openWindow, settle, sectionLink } from '../helpers/window.ts'

const zone = `$ORIGIN sunny.example.
$TTL 1h
@ SOA ns1 host 1 2h 30m 1w 5m
@ MX 10 mail
mail A 192.0.2.3
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=none"
`
const asFile = (name: string, content: string) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(content),
})

await journey('Files and the demo', null, world => {
  let window: OpenedWindow
  let page: Page
  let snapshot = ''
  beforeAll(async () => {
    window = await openWindow(world().browser, world().host().url, {
      // The host ends the wire when it opens the other workspace.
      expected: [/WebSocket/],
    })
    page = window.page
    await page.getByRole('button', { name: 'Audit a zone file', exact: true }).click()
    await page.getByText('Audit before you publish').waitFor()
  })
  afterAll(() => window?.close())
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const open = (name: string, content: string) =>
    page.locator('input[type=file]').first().setInputFiles(asFile(name, content))
  let looks = 0
  const looksRight = async () => {
    looks += 1
    for (const size of [
      { width: 1280, height: 800 },
      { width: 900, height: 600 },
    ]) {
      await page.setViewportSize(size)
      await settle(page)
      expect(await layoutFaults(page)).toEqual([])
      await keep(page, `offline-${looks}-light-${size.width}`)
    }
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await settle(page)
      if (colorScheme === 'dark') await keep(page, `offline-${looks}-dark-900`)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)).toEqual([])
    }
  }

  it('opens with a place to drop, to choose and to paste', looksRight)

  it('lists the mistakes of a file with their places, and audits the rest when asked', async () => {
    await open('sunny.example.zone', zone.replace('10 mail', 'ten mail'))
    await page.getByText('sunny.example.zone has 1 mistake').waitFor()
    const row = page.getByRole('row', { name: /not a number/ })
    await expect
      .poll(() => row.getByRole('cell').allTextContents())
      .toEqual(['4', '6', '“ten” is not a number that fits here.'])
    await looksRight()
    await button('Audit the rest').click()
    await page.getByText('Left out because of mistakes: line 4.').waitFor()
    await page
      .getByText(/^Could not look: the lines about this name in sunny.example.zone/)
      .first()
      .waitFor()
    await button('Another file').click()
  })

  it('takes a file that is dropped, and says whose answers these are', async () => {
    const path = join(world().dataDir, 'sunny.example.zone')
    await writeFile(path, zone)
    await page.getByText('Audit before you publish').waitFor()
    await settle(page)
    const box = await page.getByText('Audit before you publish').boundingBox()
    if (box === null) throw new Error('There is nowhere to drop it.')
    const debug = await window.context.newCDPSession(page)
    // As the system drags a file: bit 1 of the mask is copying.
    const drag = { x: box.x + 5, y: box.y + 5, data: { items: [], files: [path], dragOperationsMask: 1 } }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await debug.send('Input.dispatchDragEvent', { type, ...drag })
    }
    await page.getByText('These are the file’s answers, not the Internet’s').waitFor()
    await page.getByRole('option', { name: /sunny\.example/ }).waitFor()
    await page.getByText('DMARC only watches (p=none): forged mail is still delivered.').first().waitFor()
    await looksRight()
  })

  it('saves a snapshot that opens again', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), button('Save as snapshot').click()])
    expect(download.suggestedFilename()).toMatch(/^rookery-snapshot-.*\.json$/)
    snapshot = await readFile(await download.path(), 'utf8')
    await button('Another file').click()
    await open('kept.json', snapshot.replace('p=none', 'p=reject'))
    await page.getByText('The snapshot was changed or damaged after it was saved.').waitFor()
    await open('kept.json', snapshot)
    await page.getByText('These are answers that were kept, not those of the Internet now').waitFor()
    await looksRight()
  })

  it('sets it beside another snapshot', async () => {
    await button('Another file').click()
    await open('sunny.example.zone', zone.replace('p=none', 'p=reject; rua=mailto:d@sunny.example'))
    await page.getByText('These are the file’s answers').waitFor()
    await page
      .locator('section', { hasText: 'What changed' })
      .locator('input[type=file]')
      .setInputFiles(asFile('kept.json', snapshot))
    await page.getByText('The DMARC record says something else.').waitFor()
    await page.getByText('From kept.json to sunny.example.zone').waitFor()
    await looksRight()
    await button('Another file').click()
  })

  it('asks nobody for any of it', async () => {
    expect(await world().client().settings.networkLog()).toMatchObject({ ok: true, value: [] })
  })

  it('can be reached from the palette', async () => {
    await sectionLink(page, 'Domains').click()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('zone file')
    await page
      .getByRole('menuitem', { name: /zone file/ })
      .first()
      .waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Audit before you publish').waitFor()
    await sectionLink(page, 'Domains').click()
  })

  it('opens the demo workspace and leads back', async () => {
    await button('Open the demo workspace').click()
    await page.getByText('Demo workspace', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'harbour-bakery.example', exact: true }).click()
    await page.getByText('Everything is in order.').waitFor()
    expect(await layoutFaults(page)).toEqual([])
    await sectionLink(page, 'Domains').click()
    await page.getByRole('link', { name: 'lantern-press.example', exact: true }).waitFor()
    await looksRight()
    await page.getByRole('link', { name: 'lantern-press.example', exact: true }).click()
    await page.getByText('On 2 blacklists; receivers may refuse its mail.').waitFor()
    const listings = page.getByRole('list', { name: 'Listings of 192.0.2.81', exact: true })
    await listings.getByText('Made up for the demo: spam was seen from this address').waitFor()
    await page
      .getByRole('img', { name: /^Health \d+ of 100$/ })
      .first()
      .hover()
    await page.getByText('−25 listed on Spamhaus ZEN: 192.0.2.81').waitFor()
    await page.mouse.move(0, 0)
    await looksRight()
    await sectionLink(page, 'Alerts').click()
    await page.getByText('192.0.2.81 is on the blacklist Spamhaus ZEN.').waitFor()
    await looksRight()
    await button('Back to your own domains').click()
    await page.getByText('No domains yet').waitFor()
    await expect.poll(() => page.getByText('Demo workspace', { exact: true }).count()).toBe(0)
  })

  it('says what changed between two checks of a domain', async () => {
    const { dns } = world()
    const client = world().client()
    dns.decide(({ name, type }) =>
      name === '_dmarc.sunny.example' && type === 'TXT'
        ? { answers: [{ type: 'TXT', name, ttl: 1, data: 'v=DMARC1; p=reject; rua=mailto:d@sunny.example' }] }
        : { answers: [], rcode: 3 },
    )
    const added = await client.domains.add({ input: 'sunny.example' })
    if (!added.ok) throw new Error(added.failure.code)
    const read = async () => {
      const stream = await client.domains.audit({ id: added.value.id })
      while (!(await stream.next()).done);
    }
    await read()
    dns.decide(() => ({ answers: [], rcode: 3 }))
    await read()
    await page.getByRole('link', { name: 'sunny.example', exact: true }).click()
    await page.getByText('What changed').click()
    await page.getByText('The DMARC record is gone.').waitFor()
    await looksRight()
  })

  it('had no trouble on the way', () => {
    expect(window.troubles).toEqual([])
  })
})

it('the demo zone stands where the built hosts look for it', async () => {
  expect(await readFile(join(import.meta.dirname, '../../resources/demo.zone'), 'utf8')).toContain('$ORIGIN')
})
