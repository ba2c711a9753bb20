import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt, projectRoot } from '../../src-main/build.ts'
import { hasDisplay } from '../../src-main/hosts/display.ts'
import { findElectron } from '../../src-main/hosts/electron-binary.ts'
import { makeDataDir } from '../helpers/headless-host.ts'

const electron = findElectron(projectRoot)
const missing =
  electron === null
    ? 'no Electron binary (set ELECTRON_OVERRIDE_DIST_PATH to the folder of one)'
    : hasDisplay(process.platform, process.env)
      ? null
      : 'no display'

if (electron === null || missing !== null) {
  const line = `Electron journey: ${missing}`
  if (process.env.ROOKERY_SKIPPED_FILE) appendFileSync(process.env.ROOKERY_SKIPPED_FILE, `${line}\n`)
  else console.log(`Skipped ${line}`)
  it('has nothing to drive on this machine', () => {
    expect(electron === null || !hasDisplay(process.platform, process.env)).toBe(true)
  })
} else {
  journey(electron)
}

function journey(executablePath: string) {
  describe('the Electron window', () => {
    let app: ElectronApplication
    let page: Page
    let args: string[]

    beforeAll(async () => {
      await ensureBuilt()
      const asRoot = process.platform === 'linux' && process.getuid?.() === 0
      args = [...(asRoot ? ['--no-sandbox'] : []), projectRoot, `--data-dir=${await makeDataDir()}`]
      app = await _electron.launch({ executablePath, args })
      page = await app.firstWindow()
    })
    afterAll(() => app?.close())

    const addDomain = () => page.getByRole('button', { name: /add (a )?domain/i }).first()

    it('shows the page of its own scheme, with a working engine behind it', async () => {
      expect(page.url()).toMatch(/^rookery:\/\/app\//)
      await addDomain().waitFor()
    })

    it('gives the page nothing of Node or Electron, and no network', async () => {
      const found = await page.evaluate(async () => ({
        names: ['require', 'process', 'module', 'Buffer', 'electron'].filter(name => name in globalThis),
        fetched: await fetch('https://example.com/').then(
          () => true,
          () => false,
        ),
        opened: window.open('https://example.com/') !== null,
      }))
      expect(found).toEqual({ names: [], fetched: false, opened: false })
    })

    it('gets a new wire after a reload', async () => {
      await page.reload()
      await addDomain().waitFor()
    })

    it('stays the only one: a second start ends by itself', async () => {
      const second = spawn(executablePath, args, { stdio: 'ignore' })
      const code = await new Promise(resolve => second.once('exit', resolve))
      expect(code).toBe(0)
      expect(app.windows()).toHaveLength(1)
    })
  })
}
