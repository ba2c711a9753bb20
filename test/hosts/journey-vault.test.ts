import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connection } from '../../src-renderer/client/connection.ts'
import { canary, removeSwept, sweepFolder, sweepProcesses } from '../helpers/canary.ts'
import { chromiumStart, findChromium, startChromium } from '../helpers/chromium.ts'
import { valueOf } from '../helpers/engine.ts'
import { makeDataDir, type RunningHost, startHeadlessHost } from '../helpers/headless-host.ts'
import { connectToHost } from '../helpers/host-client.ts'
import { look } from '../helpers/look.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import { type SecretService, startSecretService, whyNoSecretService } from '../helpers/secret-service.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { type OpenedWindow, openWindow, patienceMs, sectionLink, slowDown } from '../helpers/window.ts'

const program = await findChromium()
if (program === null) noteSkipped('The vault in the window', 'no Chromium was found')

const passphrase = canary('passphrase')
const second = canary('second-passphrase')
const serviceKey = canary('key').replaceAll('-', '')
/** No session bus: the machine has no keychain. */
const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus', XDG_RUNTIME_DIR: '/nowhere' }

describe.skipIf(program === null)('The vault in the window, where there is no keychain', () => {
  // A profile on disk, so that what the window keeps can be swept.
  const profile = temporaryFolder('passwords')
  let dataDir: string
  let host: RunningHost
  let connection: Connection
  let context: BrowserContext
  let page: Page
  const troubles: string[] = []

  beforeAll(async () => {
    dataDir = await makeDataDir()
    host = await startHeadlessHost({ dataDir, env })
    connection = await connectToHost(host)
    await connection.client.settings.set({ resolvers: ['127.0.0.1:9'] })
    context = await chromium.launchPersistentContext(profile.path, {
      ...chromiumStart(program ?? ''),
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      locale: 'en-GB',
    })
    context.on('weberror', event => troubles.push(String(event.error())))
    page = context.pages()[0] ?? (await context.newPage())
    await slowDown(page)
    page.setDefaultTimeout(patienceMs)
    await page.goto(host.url)
    await sectionLink(page, 'Settings').click()
  })
  afterAll(async () => {
    await context?.close()
    connection?.close()
    await host?.stop()
    profile.remove()
  })

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const vault = () => page.getByRole('region', { name: 'Vault', exact: true })
  const field = (name: string) => page.getByLabel(name, { exact: true })
  const waits = async () => valueOf(await connection.client.vault.state()).waitUntilAt
  const restart = async () => {
    connection.close()
    await host.stop()
    host = await startHeadlessHost({ dataDir, env })
    connection = await connectToHost(host)
    await page.goto('about:blank')
    await page.goto(host.url)
  }
  const inSight = async (text: string | RegExp) => {
    await vault().getByText(text).first().waitFor()
    await vault().scrollIntoViewIfNeeded()
  }

  it('says that there is no safe place, why, and what to do', async () => {
    await inSight('There is no safe place for passwords yet')
    await inSight(/no session bus/)
    await vault().getByRole('button').first().focus()
    await look(page, 'vault-no-keychain', button('Set a passphrase'), 'further-down')
  })

  it('stores nothing then, and says so where it was asked to', async () => {
    await field('Spamhaus key (DQS)').fill(serviceKey)
    await button('Seal the key').click()
    await page.getByText(/Nothing was stored/).waitFor()
    await button('Use the keychain').click()
    await page
      .getByRole('region', { name: 'Notices', exact: true })
      .getByText(/no session bus/)
      .waitFor()
  })

  it('takes a passphrase that is long enough and typed twice, by keyboard alone', async () => {
    await button('Set a passphrase').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('short')
    await page.keyboard.press('Enter')
    await page.getByText('It needs 12 characters.').waitFor()
    await field('New passphrase').fill(passphrase)
    await page.keyboard.press('Tab')
    await page.keyboard.type(`${passphrase}x`)
    await page.keyboard.press('Enter')
    await page.getByText('The two are not the same.').waitFor()
    await look(page, 'vault-set-passphrase', button('Set the passphrase'), 'further-down')
    await field('New passphrase again').fill(passphrase)
    await page.keyboard.press('Enter')
    await inSight('Open. The key is sealed under your passphrase.')
    await page.getByRole('contentinfo').getByText('Vault open').waitFor()
  })

  it('seals what could not be sealed before', async () => {
    await field('Spamhaus key (DQS)').fill(serviceKey)
    await button('Seal the key').click()
    await page.getByText('A key is kept', { exact: true }).waitFor()
    await inSight(/1 secret sealed/)
    await button('Change the passphrase').focus()
    await look(page, 'vault-open', button('Lock now'), 'further-down')
  })

  it('locks by hand and is unlocked from the frame; the rest of the window goes on', async () => {
    await button('Lock now').click()
    await inSight('Locked. Nothing that needs a password runs.')
    await sectionLink(page, 'Domains').click()
    await page.getByText('No domains yet').waitFor()
    await button('Vault locked').click()
    await page.getByRole('heading', { name: 'Unlock the vault', exact: true }).waitFor()
    await page.keyboard.type(passphrase)
    await page.keyboard.press('Enter')
    await page.getByText('No domains yet').waitFor()
    await page.getByRole('contentinfo').getByText('Vault open').waitFor()
  })

  it('changes the passphrase and makes new keys, and keeps what is sealed', async () => {
    await sectionLink(page, 'Settings').click()
    await button('Change the passphrase').click()
    await field('Passphrase in use').fill(canary('not-it'))
    await field('New passphrase').fill(second)
    await field('New passphrase again').fill(second)
    await button('Change it').click()
    await page.getByText('That is not the passphrase.').waitFor()
    await look(page, 'vault-wrong-passphrase', button('Change it'), 'further-down')
    await field('Passphrase in use').fill(passphrase)
    // After a wrong one it is not looked at at once; then the same words are sent again.
    await expect.poll(waits).toBe(null)
    await button('Change it').click()
    await page.getByText('Passphrase changed').waitFor()
    await button('Make a new key').click()
    await field('Passphrase in use').fill(second)
    await button('Make the new key').click()
    await page.getByText('Everything is sealed with a new key').waitFor()
    await inSight(/1 secret sealed/)
  })

  it('locks by itself when told to, at a time it says', async () => {
    await vault()
      .getByRole('button', { name: /Lock by itself/ })
      .click()
    await page.getByRole('option', { name: 'After 15 minutes', exact: true }).click()
    await inSight(/locks in 1[45] minutes/)
    await vault()
      .getByRole('button', { name: /Lock by itself/ })
      .click()
    await page.getByRole('option', { name: 'Never', exact: true }).click()
  })

  it('asks for the passphrase at the start, in the whole window', async () => {
    await restart()
    await page.getByRole('heading', { name: 'Unlock the vault', exact: true }).waitFor()
    await expect.poll(() => sectionLink(page, 'Settings').count()).toBe(0)
    await look(page, 'vault-unlock', button('Unlock'))
    await page.getByText('The passphrase is lost').click()
    await page.keyboard.press('Shift+Tab')
    await field('Passphrase').fill(canary('not-it'))
    await page.keyboard.press('Enter')
    await page.getByText('That is not the passphrase.').waitFor()
    const nextTry = page.getByText(/^Next try in \d+ seconds?\.$/)
    // Each wrong one has a wait twice as long, so that a busy window comes to show it, too.
    const showsTheWait = async (timeout: number) => {
      await field('Passphrase').fill(canary('nor-this'))
      await expect.poll(() => button('Unlock').isEnabled()).toBe(true)
      await page.keyboard.press('Enter')
      // It is emptied when the answer is there.
      await expect.poll(() => field('Passphrase').inputValue()).toBe('')
      return nextTry.waitFor({ timeout }).then(
        () => true,
        () => false,
      )
    }
    let shows = false
    for (let waitMs = 2_000; !shows && waitMs <= 16_000; waitMs *= 2) shows = await showsTheWait(waitMs)
    expect(shows).toBe(true)
    await look(page, 'vault-unlock-wrong', field('Passphrase'))
  })

  it('can go on without: everything that needs no secret, and the way back in the frame', async () => {
    await button('Continue without').click()
    await page.getByRole('contentinfo').getByText('Vault locked').waitFor()
    await sectionLink(page, 'Settings').click()
    await inSight('Locked. Nothing that needs a password runs.')
    await look(
      page,
      'vault-locked',
      page.getByRole('button', { name: 'Vault locked', exact: true }),
      'further-down',
    )
    await page.getByText('A key is kept', { exact: true }).waitFor()
    await field('Spamhaus key (DQS)').fill(serviceKey)
    await button('Seal the key').click()
    await page.getByText('The vault is locked.').first().waitFor()
  })

  it('starts with a new key when the passphrase is lost, and says what was lost with it', async () => {
    await vault().getByText('The passphrase is lost').click()
    await button('Start with a new passphrase').click()
    await field('New passphrase').fill(passphrase)
    await field('New passphrase again').fill(passphrase)
    await look(page, 'vault-start-anew', button('Start with this passphrase'), 'further-down')
    await button('Start with this passphrase').click()
    await inSight('1 secret must be entered again')
    await look(page, 'vault-lost', page.getByText('1 secret must be entered again'), 'further-down')
  })

  it('left no secret in the data folder, the profile of the browser, or the sight of other processes', async () => {
    await context.close()
    // The key that was typed and refused, and every passphrase: none may stand in what the browser keeps.
    expect(sweepFolder(profile.path)).toEqual([])
    expect(sweepFolder(dataDir)).toEqual([])
    expect(sweepProcesses() ?? []).toEqual([])
    removeSwept(profile.path)
  })

  it('met no error on the way', () => {
    expect(troubles).toEqual([])
  })
})

const seen = async (page: Page, text: string, name: string) => {
  await page.getByText(text).first().waitFor()
  await page.getByText(text).first().scrollIntoViewIfNeeded()
  await look(page, name, page.getByText(text).first(), 'further-down')
}

const whyNot = program === null ? 'no Chromium was found' : whyNoSecretService()
if (program !== null && whyNot !== null) noteSkipped('The vault in the window, with a keychain', whyNot)

describe.skipIf(whyNot !== null)('The vault in the window, with a keychain', () => {
  const home = temporaryFolder()
  const emptyHome = temporaryFolder()
  let dataDir: string
  let service: SecretService | null = null
  let host: RunningHost | null = null
  let browser: Browser
  let window: OpenedWindow | null = null
  beforeAll(async () => {
    dataDir = await makeDataDir()
    browser = await startChromium(program ?? '')
  })
  afterAll(async () => {
    await end()
    await browser?.close()
    home.remove()
    emptyHome.remove()
  })
  const end = async () => {
    await window?.close()
    await host?.stop()
    await service?.stop()
    window = host = service = null
  }
  /** The host on the keychain of this home, and its settings in a new window. */
  const settingsWith = async (given: SecretService | null) => {
    await end()
    service = given
    host = await startHeadlessHost({ dataDir, env: given?.env ?? env })
    window = await openWindow(browser, host.url)
    await sectionLink(window.page, 'Settings').click()
    const { page } = window
    return { page, vault: page.getByRole('region', { name: 'Vault', exact: true }) }
  }
  it('puts the key there when it is asked to, and makes a new one', async () => {
    const { page, vault } = await settingsWith(await startSecretService(home.path, 'unlocked'))
    await vault.getByText('Nothing has been sealed yet.').waitFor()
    await vault.getByRole('button', { name: 'Use the keychain', exact: true }).click()
    await vault.getByText('Open. The key is in the keychain of this system.').waitFor()
    await page.getByLabel('Spamhaus key (DQS)', { exact: true }).fill(serviceKey)
    await page.getByRole('button', { name: 'Seal the key', exact: true }).click()
    await vault.getByText(/1 secret sealed/).waitFor()
    await vault.getByRole('button', { name: 'Make a new key', exact: true }).click()
    await page.getByText('Everything is sealed with a new key').waitFor()
    await seen(page, 'Open. The key is in the keychain of this system.', 'vault-keychain')
  })

  it('opens by itself after a restart, and is locked and unlocked by hand', async () => {
    const { page, vault } = await settingsWith(await startSecretService(home.path, 'unlocked'))
    await page.getByRole('contentinfo').getByText('Vault open').waitFor()
    await vault.getByRole('button', { name: 'Lock now', exact: true }).click()
    await page.getByRole('button', { name: 'Vault locked', exact: true }).click()
    await page.getByRole('heading', { name: 'Unlock the vault', exact: true }).waitFor()
    await look(page, 'vault-unlock-keychain', page.getByRole('button', { name: 'Unlock', exact: true }))
    await page.keyboard.press('Enter')
    await page.getByRole('contentinfo').getByText('Vault open').waitFor()
  })

  it('says so when the keychain is locked', async () => {
    const { page } = await settingsWith(await startSecretService(home.path, 'as-it-is'))
    await seen(page, 'The keychain is locked.', 'vault-keychain-locked')
    await page.getByRole('button', { name: 'Keychain away', exact: true }).waitFor()
  })

  it('says so when it cannot be reached', async () => {
    const { page } = await settingsWith(null)
    await seen(page, 'The keychain cannot be reached: there is no session bus.', 'vault-unavailable')
  })

  it('says so when the key is gone, overwrites nothing, and starts anew when asked to', async () => {
    const { page, vault } = await settingsWith(await startSecretService(emptyHome.path, 'unlocked'))
    await seen(page, 'The key of the vault is gone; the passwords must be entered again.', 'vault-key-gone')
    await page.getByLabel('Spamhaus key (DQS)', { exact: true }).fill(serviceKey)
    await page.getByRole('button', { name: 'Seal the key', exact: true }).click()
    await page
      .getByText(/Bring the keychain back/)
      .first()
      .waitFor()
    await vault.getByText('The key will not come back').click()
    await vault.getByRole('button', { name: 'Start with a new key in the keychain', exact: true }).click()
    await vault.getByRole('button', { name: 'Start with a new key', exact: true }).click()
    await vault.getByText('1 secret must be entered again').waitFor()
    await page.getByRole('button', { name: 'Seal the key', exact: true }).click()
    await expect.poll(() => vault.getByText('1 secret must be entered again').count()).toBe(0)
    expect(window?.troubles).toEqual([])
  })
})
