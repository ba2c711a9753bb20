import { generateKeyPairSync } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { journey } from '../helpers/journey-world.ts'
import { layoutFaults, type OpenedWindow, openWindow, settle } from '../helpers/window.ts'

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const strings = (text: string) => (text.match(/.{1,255}/g) ?? []).map(part => `"${part}"`).join(' ')

/** A key behind aliases, one with quotation marks in it, and a policy that old and new receivers read differently. */
const zones = {
  'pasted.example': `$TTL 300
pasted.example. IN SOA ns1.pasted.example. hostmaster.pasted.example. 1 3600 600 86400 60
pasted.example. IN NS ns1.pasted.example.
pasted.example. IN NS ns2.pasted.example.
pasted.example. IN MX 1 mx.pasted.example.
pasted.example. IN TXT "v=spf1 mx include:sendgrid.net -all"
mx.pasted.example. IN A 198.51.100.4
_dmarc.pasted.example. IN TXT "v=DMARC1; p=reject; t=y; pct=20; rua=mailto:dmarc@pasted.example"
s1._domainkey.pasted.example. IN CNAME s1.keys.pasted.example.
s1.keys.pasted.example. IN CNAME s1.store.pasted.example.
s1.store.pasted.example. IN TXT ${strings(`v=DKIM1; k=rsa; p=${key}`)}
s2._domainkey.pasted.example. IN TXT ${strings(`v=DKIM1; k=rsa; p=${key.slice(0, 200)}~ ~${key.slice(200)}`).replaceAll('~', '\\"')}`,
  'sendgrid.net': `$TTL 300
sendgrid.net. IN SOA ns1.sendgrid.net. hostmaster.sendgrid.net. 1 3600 600 86400 60
sendgrid.net. IN NS ns1.sendgrid.net.
sendgrid.net. IN TXT "v=spf1 ip4:198.41.1.0/24 -all"`,
  '.': `$TTL 300
. IN SOA ns1.root.invalid. hostmaster.root.invalid. 1 3600 600 86400 60
. IN NS ns1.root.invalid.
example. IN TXT "a name between"`,
}

await journey('The evidence of DMARC and DKIM in the window', zones, world => {
  let window: OpenedWindow
  let page: Page
  beforeAll(async () => {
    const added = await world().client().domains.add({ input: 'pasted.example', tags: [] })
    if (!added.ok) throw new Error(JSON.stringify(added))
    window = await openWindow(world().browser, world().host().url)
    page = window.page
    await page.getByRole('link', { name: 'pasted.example', exact: true }).click()
    await page.getByRole('heading', { name: 'Findings', exact: true }).waitFor()
  })
  afterAll(() => window?.close())

  it('says what older receivers do', async () => {
    await page.getByRole('button', { name: 'Open DMARC', exact: true }).click()
    const older = page.getByRole('region', { name: /older standard/ })
    await expect
      .poll(() => older.getByRole('listitem').allTextContents())
      .toEqual([
        'They apply it to 20 of 100 messages that fail (pct).',
        'They do not know t=y and apply reject in full.',
      ])
    await page.getByRole('button', { name: 'Close DMARC', exact: true }).click()
  })

  it('shows the aliases that lead to a key', async () => {
    await page.getByRole('button', { name: 'Open DKIM s1', exact: true }).click()
    const names = page.getByRole('list', { name: /^Aliases/ }).getByRole('listitem')
    await expect
      .poll(() => names.allTextContents())
      .toEqual(['s1._domainkey.pasted.example', 's1.keys.pasted.example', 's1.store.pasted.example'])
    await page.getByRole('button', { name: 'Close DKIM s1', exact: true }).click()
  })

  it('shows the value as it should be, to copy', async () => {
    const finding = page.getByRole('article').filter({ hasText: 'quotation marks stand inside its value' })
    await finding.getByRole('button', { name: 'Copy the value as it should be', exact: true }).click()
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe(`v=DKIM1; k=rsa; p=${key}`)
  })

  it('ticks off what the large providers ask', async () => {
    const gmail = page.getByRole('region', { name: 'Gmail, for bulk senders', exact: true })
    await gmail.getByText('3 of 3 met').waitFor()
    const marks = gmail.getByRole('listitem').getByRole('img')
    const told = () => marks.evaluateAll(images => images.map(image => image.getAttribute('aria-label')))
    await expect.poll(told).toEqual(['Met', 'Met', 'Met', ...Array.from({ length: 6 }, () => 'Not in DNS')])
  })

  it.each(['light', 'dark'] as const)('stands well in the %s theme, at both sizes', async colorScheme => {
    await page.emulateMedia({ colorScheme })
    await page.getByRole('button', { name: 'Open DMARC', exact: true }).click()
    for (const size of [
      { width: 900, height: 600 },
      { width: 1280, height: 800 },
    ]) {
      await page.setViewportSize(size)
      await page
        .getByRole('region', { name: 'Gmail, for bulk senders', exact: true })
        .scrollIntoViewIfNeeded()
      await settle(page)
      expect(await layoutFaults(page)).toEqual([])
      await keep(page, `evidence-${colorScheme}-${size.width}`)
    }
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    expect(violations.map(({ id, nodes }) => [id, ...nodes.map(node => node.html.slice(0, 120))])).toEqual([])
    await page.getByRole('button', { name: 'Close DMARC', exact: true }).click()
  })

  it('met no error on the way', () => {
    expect(window.troubles).toEqual([])
  })
})

/** For whoever wants to look: `ROOKERY_SCREENSHOTS` names a folder. */
async function keep(page: Page, name: string): Promise<void> {
  const { ROOKERY_SCREENSHOTS: folder } = process.env
  if (!folder) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
