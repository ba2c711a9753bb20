import { join } from 'node:path'
import { projectRoot } from '../../src-main/build.ts'
import { findChromium, startChromium } from './chromium.ts'
import { startHeadlessHost } from './headless-host.ts'
import { settle } from './window.ts'

/* Makes the picture of the README anew: the demo workspace in the light theme, larger than it is shown, for sharp screens. */

const program = await findChromium()
if (program === null) throw new Error('There is no Chromium here.')
const host = await startHeadlessHost({ args: ['--demo'] })
const browser = await startChromium(program)
try {
  const page = await browser.newPage({
    viewport: { width: 1200, height: 700 },
    deviceScaleFactor: 1.5,
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
  })
  await page.goto(host.url)
  await page.getByRole('grid').getByRole('row').nth(1).waitFor()
  await page.getByRole('contentinfo').getByText('Ready').waitFor()
  // The rows are drawn anew as the last checks come in.
  await page.waitForTimeout(2_000)
  await settle(page)
  await page.screenshot({ path: join(projectRoot, 'docs/images/domains.png'), caret: 'hide' })
} finally {
  await browser.close()
  await host.stop()
}
