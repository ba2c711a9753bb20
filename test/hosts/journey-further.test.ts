import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Around } from '../helpers/around.ts'
import { engineAround } from '../helpers/around-engine.ts'
import { readAudit, valueOf } from '../helpers/engine.ts'
import { fullApex, fullAround, fullZone, policy, policyUrl } from '../helpers/full-world.ts'
import { journey } from '../helpers/journey-world.ts'
import { layoutFaults, type OpenedWindow, openWindow, settle } from '../helpers/window.ts'

const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
]

/** What the resolver remembers, while the nameservers have something newer, and one of them nothing at all. */
const remembered = fullApex({ TXT: ['v=spf1 mx -all'] })
const around = {
  ...fullAround,
  servers: { ...fullAround.servers, '198.100.10.53': fullZone, '198.100.11.53': 'refuses' as const },
  pages: { ...fullAround.pages, [policyUrl]: { body: policy.replace('*.example.com', '*.example.net') } },
  mail: {
    'mx1.example.com': lasting(fullAround.mail?.['mx1.example.com']),
    'mx2.example.com': { startTls: false, tls: null },
  },
}

/** The same server, with a certificate that is good for a year from now. */
function lasting(server: NonNullable<Around['mail']>[string] | undefined) {
  const tls = server?.tls ?? null
  return { tls: tls === null ? null : { ...tls, validToAt: Date.now() + 365 * 86_400_000 } }
}

await journey('The further checks and the two views', null, world => {
  let window: OpenedWindow
  let page: Page
  beforeAll(async () => {
    await world().stopHost()
    // The host of a journey asks DNS servers alone, so the audit is made before it starts.
    const engine = await engineAround(world().dataDir, remembered, around)
    const { id } = valueOf(await engine.client.domains.add({ input: 'example.com' }))
    const reach = { trackingHost: 'track.example.com' }
    valueOf((await readAudit(await engine.client.domains.audit({ id, reach }))).result)
    await engine.stop()
    await world().startHost()
    window = await openWindow(world().browser, world().host().url)
    page = window.page
    await page.getByRole('link', { name: 'example.com', exact: true }).click()
    await page.getByRole('heading', { name: 'Findings', exact: true }).waitFor()
  })
  afterAll(() => window?.close())

  const row = (name: string) => page.locator('tbody').filter({ has: page.getByText(name, { exact: true }) })
  const open = (name: string) => page.getByRole('button', { name: `Open ${name}`, exact: true }).click()

  it('stand below the required records, each with its verdict and one sentence', async () => {
    const table = page.getByRole('table', { name: 'DNS records and their state', exact: true })
    await expect.poll(() => table.locator('th[scope=colgroup]').count()).toBe(1)
    const names = () => table.locator('tbody tr td:nth-child(2) > div:first-child').allTextContents()
    const more = ['Zone', 'Same everywhere', 'DNSSEC', 'PTR', 'MTA-STS', 'TLS reports', 'STARTTLS', 'DANE']
    await expect.poll(names).toEqual(expect.arrayContaining(['SPF', ...more]))
    await expect
      .poll(async () => (await names()).indexOf('SPF') < (await names()).indexOf('MTA-STS'))
      .toBe(true)
    await row('MTA-STS')
      .getByText(/The MTA-STS policy does not name mx/)
      .first()
      .waitFor()
    await row('STARTTLS')
      .getByText(/mx2\.example\.com offers no encryption/)
      .first()
      .waitFor()
  })

  it('say where a record is seen: at each nameserver, and at the resolver with the time that is left', async () => {
    await open('SPF')
    const view = page.getByRole('region', { name: 'Where it is seen', exact: true })
    await view.getByText('Published at your provider.').waitFor()
    for (const text of [
      'ns1.example.net',
      'v=spf1 ip4:198.100.10.25 mx -all',
      'Does not hold the domain',
      'Your resolver',
      'v=spf1 mx -all',
    ])
      await expect.poll(() => view.textContent()).toContain(text)
  })

  it('lists every record that was compared', async () => {
    await open('Same everywhere')
    const compared = page.getByRole('list', { name: 'Records compared', exact: true })
    await expect.poll(() => compared.getByRole('listitem').count()).toBe(4)
    await compared.getByText('Published at your provider.').waitFor()
  })

  it('name the lame server among the findings', async () => {
    await page
      .getByText('The nameserver ns2.example.net does not hold the domain it is listed for.')
      .first()
      .waitFor()
  })

  it('look right in both themes and at both sizes', async () => {
    await open('MTA-STS')
    for (const size of sizes) {
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.setViewportSize(size)
        await page.emulateMedia({ colorScheme })
        await settle(page)
        expect(await layoutFaults(page)).toEqual([])
        for (const place of ['Records to publish', 'Open PTR']) {
          await page.getByRole('button', { name: place, exact: true }).scrollIntoViewIfNeeded()
          await keep(page, `further-${place === 'Open PTR' ? 'more' : 'views'}-${colorScheme}-${size.width}`)
        }
      }
    }
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)).toEqual([])
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
