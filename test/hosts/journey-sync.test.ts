import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { canary } from '../helpers/canary.ts'
import { valueOf } from '../helpers/engine.ts'
import { heldBack } from '../helpers/held-back.ts'
import { journey } from '../helpers/journey-world.ts'
import { look as lookBoth } from '../helpers/look.ts'
import { freePort } from '../helpers/ports.ts'
import { type OpenedWindow, openWindow, sectionLink } from '../helpers/window.ts'
import { createTenantServer, type TenantServer } from '../lab/tenant-api/server.ts'

const until = async (done: () => boolean) => {
  await expect.poll(done).toBe(true)
}

const look = async (...[on, name, primary]: Parameters<typeof lookBoth>) => {
  await lookBoth(on, name, primary)
  await on.setViewportSize({ width: 1280, height: 800 })
}

await journey('With a tenant API', null, world => {
  let window: OpenedWindow
  let page: Page
  let server: TenantServer
  beforeAll(async () => {
    server = await createTenantServer({ port: await freePort() })
    server.state().put('cloud.example', { tags: ['From the server'] })
    const client = world().client()
    const vault = await client.vault.usePassphrase({ passphrase: canary('passphrase') })
    if (!vault.ok) throw new Error(vault.failure.code)
    const added = await client.domains.import({ text: 'here.example\nkept.example', tags: [] })
    if (!added.ok) throw new Error(added.failure.code)
    window = await openWindow(world().browser, world().host().url)
    page = window.page
    await page.getByRole('link', { name: 'kept.example', exact: true }).waitFor()
  })
  afterAll(async () => {
    await window?.close()
    await server?.stop()
  })
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const light = (words: string | RegExp) =>
    page.getByRole('contentinfo').getByRole('button', { name: words, exact: true }).waitFor()
  /** Synchronises by the button, and waits for the end of what that began. */
  const syncNow = async () => {
    const { sync } = world().client()
    const stateNow = async () => valueOf(await sync.state())
    const before = (await stateNow()).syncedAt ?? 0
    await button('Sync now').click()
    await expect
      .poll(async () => {
        const { state, syncedAt } = await stateNow()
        return state === 'up-to-date' && (syncedAt ?? 0) > before
      })
      .toBe(true)
    await light('Up to date')
  }
  const go = (name: string) => sectionLink(page, name).click()
  const names = () =>
    server
      .state()
      .domains()
      .map(({ name }) => name)
      .toSorted()
  const panel = () => page.evaluate(() => location.assign('#/sync'))
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name.replace('.', '\\.')) })
  const remove = async (name: string) => {
    await row(name).getByRole('checkbox').click()
    await button('Delete').click()
  }

  it('shares nothing until it is connected, and says how to', async () => {
    await panel()
    await page.getByRole('heading', { name: 'Not connected to a tenant API', exact: true }).waitFor()
    await look(page, 'sync-not-connected', button('Connect in Settings'))
    expect(server.requests).toEqual([])
  })

  it('says what is wrong with a token before it keeps it', async () => {
    await button('Connect in Settings').click()
    const form = page.getByRole('form', { name: 'Tenant API', exact: true })
    await form.getByLabel('Address').fill(server.url)
    await form.getByLabel('Tenant ID').fill(server.tenantId)
    await form.getByLabel('Token').fill('wrong')
    await button('Test').last().click()
    await form.getByText(/does not accept the token/).waitFor()
    await form.getByLabel('Token').fill(server.token)
    await form.getByRole('button', { name: 'Test', exact: true }).click()
    await form.getByText('It answers, and has 1 domain').waitFor()
    expect(names()).toEqual(['cloud.example'])
  })

  it('brings both lists together when it connects', async () => {
    await page
      .getByRole('form', { name: 'Tenant API', exact: true })
      .getByRole('button', { name: 'Connect', exact: true })
      .click()
    await light('Up to date')
    await until(() => names().length === 3)
    await go('Domains')
    await row('cloud.example').getByText('From the server').waitFor()
    expect(names()).toEqual(['cloud.example', 'here.example', 'kept.example'])
  })

  it('takes a domain off at once, and brings it back with the reason when the server refuses', async () => {
    server.state().put('kept.example', { protectedBy: 'A campaign still uses this domain.' })
    // The server answers only when the row has gone.
    const answer = heldBack()
    server.hold(answer.promise)
    await remove('kept.example')
    await row('kept.example').waitFor({ state: 'detached' })
    answer.release()
    await row('kept.example').waitFor()
    await row('kept.example').getByRole('link').first().click()
    await page.getByText('The tenant API refused to delete kept.example').waitFor()
    await page
      .getByText(/A campaign still uses this domain/)
      .first()
      .waitFor()
    await look(page, 'sync-refused', page.getByRole('heading', { name: 'kept.example', exact: true }))
    expect(names()).toContain('kept.example')
    await page.getByRole('link', { name: 'Look at it', exact: true }).click()
    await button('Give up: Delete kept.example').click()
    await page.getByText('Every change made here has arrived.').waitFor()
  })

  it('goes on offline, says what waits, and sends it when the server is back', async () => {
    const { port, token, tenantId } = server
    const domains = server.state().domains()
    await server.stop()
    const client = world().client()
    const added = await client.domains.import({ text: 'one.example\ntwo.example', tags: [] })
    expect(added.ok).toBe(true)
    await panel()
    await button('Sync now').click()
    await light(/^Offline, 2 changes/)
    await page.getByText('Add one.example').waitFor()
    await look(page, 'sync-offline', button('Sync now'))
    server = await createTenantServer({ port, tenants: { [tenantId]: token } })
    for (const { name, tags, dailyLimit } of domains) server.state().put(name, { tags, dailyLimit })
    await syncNow()
    await until(() => names().includes('one.example') && names().includes('two.example'))
    await page.getByText('Every change made here has arrived.').waitFor()
  })

  it('keeps both values of what was changed on both sides, and takes the other one back', async () => {
    await syncNow()
    await go('Domains')
    await row('here.example').getByRole('checkbox').click()
    await button('Tag').click()
    await page.getByLabel('Tags').fill('Ours')
    // The server changes it while the change from here is on its way.
    server.state().put('here.example', { tags: ['Theirs'] })
    await button('Add these tags').click()
    await light(/1 conflict/)
    await panel()
    const conflict = page.getByRole('article', { name: /^here\.example: The tags changed/ })
    await conflict.getByText('Ours', { exact: true }).waitFor()
    await conflict.getByText('Theirs', { exact: true }).waitFor()
    await look(page, 'sync-conflict', page.getByRole('heading', { name: 'Conflicts', exact: true }))
    await conflict.getByRole('button', { name: 'Use Theirs instead', exact: true }).click()
    await conflict.waitFor({ state: 'detached' })
    await until(() => server.state().find('here.example')?.tags.join() === 'Theirs')
    await go('Domains')
    await row('here.example').getByText('Theirs').waitFor()
  })

  it('asks for a new token when the old one is not taken any more, and loses nothing', async () => {
    const token = server.renewToken()
    const added = await world().client().domains.add({ input: 'later.example' })
    expect(added.ok).toBe(true)
    await light(/^Token not accepted, 1 change/)
    await panel()
    await button('Enter a new token').click()
    const form = page.getByRole('form', { name: 'Tenant API', exact: true })
    await form.getByLabel('Token').fill(token)
    await look(page, 'sync-needs-token', page.getByRole('heading', { name: 'Settings', exact: true }))
    await form.getByRole('button', { name: 'Connect', exact: true }).click()
    await light('Up to date')
    await until(() => names().includes('later.example'))
  })

  it('shows what the server says beside what was found here', async () => {
    server.state().setReputation('here.example', {
      score: 87,
      bounce_rate: 0.012,
      complaint_rate: null,
      listed_on: [],
      measured_at: null,
    })
    await go('Domains')
    await row('here.example').getByRole('link').first().click()
    await button('Ask the server').click()
    const section = page.getByRole('region', { name: 'Here and on the server', exact: true })
    await section.getByText('1.2%').waitFor()
    await section.getByRole('img', { name: 'Health 87 of 100', exact: true }).waitFor()
    await look(page, 'sync-side-by-side', page.getByRole('heading', { name: 'here.example', exact: true }))
  })

  it('leaves no password or token in the window, and had no trouble on the way', async () => {
    expect(await page.content()).not.toContain(server.token)
    expect(window.troubles).toEqual([])
  })
})
