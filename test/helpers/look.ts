import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { layoutFaults, settle } from './window.ts'

const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
]

/**
 * In both themes nothing axe objects to; at both sizes nothing cut off or overlapping, and the main thing in sight: as the
 * page stands, or where it lies further down, once it was scrolled to, for what stands above may still grow.
 */
export async function look(
  page: Page,
  name: string,
  primary: ReturnType<Page['locator']>,
  lies: 'in-sight' | 'further-down' = 'in-sight',
): Promise<void> {
  const faults: string[] = []
  for (const size of sizes) {
    await page.setViewportSize(size)
    await settle(page)
    for (const fault of await layoutFaults(page)) faults.push(`${size.width}: ${fault}`)
    if (lies === 'further-down') await primary.scrollIntoViewIfNeeded()
    const box = await primary.boundingBox()
    if (!box || box.x + box.width > size.width || box.y + box.height > size.height)
      faults.push(`${size.width}: the main thing is out of sight (${JSON.stringify(box)})`)
    await keep(page, `${name}-light-${size.width}`)
  }
  faults.push(...(await objections(page, 'light')))
  await page.emulateMedia({ colorScheme: 'dark' })
  await settle(page)
  await keep(page, `${name}-dark-900`)
  faults.push(...(await objections(page, 'dark')))
  await page.emulateMedia({ colorScheme: 'light' })
  expect(faults).toEqual([])
}

/** What axe objects to. Between the themes nothing differs but the colours. */
async function objections(page: Page, scheme: 'light' | 'dark'): Promise<string[]> {
  const colours = { runOnly: { type: 'rule' as const, values: ['color-contrast'] } }
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'], ...(scheme === 'dark' ? colours : {}) })
    .analyze()
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map(node => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`)
    return `${scheme}: ${id}, ${help}: ${places.join(' | ')}`
  })
}

/** For whoever wants to look: `ROOKERY_SCREENSHOTS` names a folder. */
export async function keep(page: Page, name: string): Promise<void> {
  const { ROOKERY_SCREENSHOTS: folder } = process.env
  if (!folder) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
