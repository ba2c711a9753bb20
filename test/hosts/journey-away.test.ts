import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ensureBuilt } from '../../src-main/build.ts'
import { makeDataDir } from '../helpers/headless-host.ts'
import { journey } from '../helpers/journey-world.ts'
import { type OpenedWindow, openWindow, sectionLink } from '../helpers/window.ts'

/** What the browser itself says of a host that is gone or does not know the window. */
const expected = [/ERR_CONNECTION_REFUSED/, /WebSocket connection to .* failed/, /status of 401/]

await journey('When the engine is away', null, world => {
  let window: OpenedWindow
  let page: Page
  beforeAll(async () => {
    const added = await world().client().domains.import({ text: 'one.example\ntwo.example', tags: [] })
    if (!added.ok) throw new Error(added.failure.code)
    window = await openWindow(world().browser, world().host().url, { expected })
    page = window.page
    await page.getByRole('link', { name: 'two.example', exact: true }).waitFor()
  })
  afterAll(() => window?.close())
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })

  it('lets nobody in with another key, and says what to do', async () => {
    const other = await openWindow(world().browser, `${origin()}/#token=wrong`, { expected })
    try {
      await other.page.getByRole('heading', { name: 'This window has no key', exact: true }).waitFor()
      await other.page.getByText('Open that address again').waitFor()
      expect(other.page.url()).not.toContain('wrong')
      expect(other.troubles).toEqual([])
    } finally {
      await other.close()
    }
  })

  it('asks for a reload when Rookery was updated under an open window', async () => {
    const build = await ensureBuilt()
    const old = await openWindow(world().browser, 'about:blank')
    try {
      await old.context.route('**/assets/*.js', async route => {
        const answer = await route.fetch()
        await route.fulfill({
          status: 200,
          contentType: 'text/javascript',
          headers: { 'cache-control': 'no-store' },
          body: (await answer.text()).replaceAll(build, 'older'),
        })
      })
      await old.page.goto(world().host().url)
      await old.page.getByRole('heading', { name: 'Rookery was updated', exact: true }).waitFor()
      await old.context.unroute('**/assets/*.js')
      await old.page.getByRole('button', { name: 'Reload the window', exact: true }).click()
      await old.page.getByRole('link', { name: 'one.example', exact: true }).waitFor()
      expect(old.troubles).toEqual([])
    } finally {
      await old.close()
    }
  })

  it('says so, and goes on showing what it knows', async () => {
    await world().stopHost('SIGKILL')
    await page.getByText('The engine cannot be reached').waitFor()
    await page
      .getByRole('contentinfo')
      .getByText(/^Engine away, next try/)
      .waitFor()
    await page.getByRole('link', { name: 'one.example', exact: true }).click()
    await page.getByRole('heading', { name: 'one.example', exact: true }).waitFor()
    await expect.poll(() => button('Check again').isDisabled()).toBe(true)
    await sectionLink(page, 'Settings').click()
    await page.getByText('Shown when the engine can be reached.').first().waitFor()
    await expect.poll(() => button('Save').isDisabled()).toBe(true)
    await sectionLink(page, 'Domains').click()
  })

  it('refuses in words what cannot be done now, and loses nothing', async () => {
    await page.getByRole('checkbox', { name: 'Select two.example', exact: true }).click()
    await button('Delete').click()
    await page.getByText('The connection to Rookery was lost.').first().waitFor()
    await page.getByRole('link', { name: 'two.example', exact: true }).waitFor()
    await button('Add domain').click()
    await page.getByLabel('Domain you send from').fill('three.example')
    await expect.poll(() => button('Continue').isDisabled()).toBe(true)
  })

  it('asks for the new address when the host was started anew, and goes on with it in the same tab', async () => {
    await world().startHost()
    await page.getByRole('heading', { name: 'This window has no key', exact: true }).waitFor()
    await page.getByText('a key that is made anew at each start').waitFor()
    await page.goto(world().host().url)
    await page.getByRole('link', { name: 'two.example', exact: true }).waitFor()
    await page.getByRole('contentinfo').getByText('Ready').waitFor()
    await expect.poll(() => page.url()).not.toContain('token')
    const added = await world().client().domains.add({ input: 'three.example', tags: [] })
    expect(added.ok).toBe(true)
    await page.getByRole('link', { name: 'three.example', exact: true }).waitFor()
  })

  it('comes back by itself when the host does, as long as its key holds', async () => {
    const patient = await openWindow(world().browser, 'about:blank', { expected })
    try {
      await patient.page.clock.install()
      await patient.page.goto(world().host().url)
      await patient.page.getByRole('link', { name: 'three.example', exact: true }).waitFor()
      // A host that stands still answers no heartbeat: the window must notice, and find back.
      const { child } = world().host()
      child.kill('SIGSTOP')
      try {
        for (let beats = 0; beats < 4; beats++) await patient.page.clock.fastForward(10_000)
        await patient.page.getByText('The engine cannot be reached').waitFor()
      } finally {
        child.kill('SIGCONT')
      }
      const added = await world().client().domains.add({ input: 'four.example', tags: [] })
      expect(added.ok).toBe(true)
      for (let tries = 0; tries < 3; tries++) await patient.page.clock.fastForward(10_000)
      await patient.page.getByText('The engine cannot be reached').waitFor({ state: 'detached' })
      await patient.page.getByRole('link', { name: 'four.example', exact: true }).waitFor()
      expect(patient.troubles).toEqual([])
    } finally {
      await patient.close()
    }
  })

  it('throws away what it knows of another data folder', async () => {
    await world().stopHost()
    await world().startHost({ dataDir: await makeDataDir() })
    await page.goto('about:blank')
    await page.goto(world().host().url)
    await page.getByText('No domains yet').waitFor()
    await expect.poll(() => page.getByRole('link', { name: 'one.example', exact: true }).count()).toBe(0)
  })

  it('met no other error on the way', () => {
    expect(window.troubles).toEqual([])
  })

  const origin = () => new URL(world().host().url).origin
})
