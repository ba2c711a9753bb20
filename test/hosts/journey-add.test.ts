import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeRsaKey } from '../helpers/dkim-keys.ts'
import { answerFrom, type LiteralZone } from '../helpers/dns-filter.ts'
import { journey } from '../helpers/journey-world.ts'
import { type OpenedWindow, openWindow } from '../helpers/window.ts'

/** Just registered: nameservers and nothing else. */
const bare: LiteralZone = {
  'fresh.example': { NS: ['ns1.domaincontrol.com', 'ns2.domaincontrol.com'] },
  'xn--bcher-kva.example': { NS: ['ns1.fresh.example'] },
}
/** The same with everything published. */
const published: LiteralZone = {
  ...bare,
  'fresh.example': {
    NS: ['ns1.domaincontrol.com', 'ns2.domaincontrol.com'],
    MX: [{ preference: 10, exchange: 'mx.fresh.example' }],
    TXT: ['v=spf1 mx -all'],
  },
  'mx.fresh.example': { A: ['198.51.100.4'] },
  '_dmarc.fresh.example': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@fresh.example'] },
  '_domainkey.fresh.example': {},
  's1._domainkey.fresh.example': { TXT: [inStrings(`v=DKIM1; k=rsa; p=${fakeRsaKey(2048)}`)] },
}

await journey('Adding a domain in the window', null, world => {
  let window: OpenedWindow
  let page: Page
  beforeAll(async () => {
    serve(bare)
    window = await openWindow(world().browser, world().host().url)
    page = window.page
  })
  afterAll(() => window?.close())
  const serve = (zone: LiteralZone) =>
    world().dns.decide(question => answerFrom(zone, question) ?? { answers: [], rcode: 3 })
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())

  it('begins on an empty home that says what to do', async () => {
    await page.getByRole('heading', { name: 'No domains yet', exact: true }).waitFor()
    expect(page.url()).not.toContain('token')
    await button('Add domain').click()
    await page.getByRole('heading', { name: 'Add a domain', exact: true }).waitFor()
    await expect
      .poll(() => page.getByLabel('Domain you send from').evaluate(box => box === document.activeElement))
      .toBe(true)
  })

  it('tells what is wrong with a name, and mends it', async () => {
    const box = page.getByLabel('Domain you send from')
    await box.fill('https://fresh.example/shop')
    await page.getByText('it begins with https://').waitFor()
    await button('Use fresh.example').click()
    await page.getByText('This name can be used.').waitFor()
    await expect.poll(() => box.inputValue()).toBe('fresh.example')

    await box.fill('192.0.2.1')
    await page.getByText('This is an IP address, not a domain name.').waitFor()
    await button('Continue').click()
    await page.getByText('This is an IP address, not a domain name.').waitFor()

    await box.fill('fresh.example')
    await button('Use mail.fresh.example').click()
    await expect.poll(() => box.inputValue()).toBe('mail.fresh.example')
    await page.getByText('Send from a subdomain instead?').waitFor({ state: 'detached' })
  })

  it('accepts an international name and shows it as it was typed', async () => {
    await page.getByLabel('Domain you send from').fill('Bücher.example')
    await page.getByText('In DNS this is xn--bcher-kva.example.').waitFor()
    await button('Continue').click()
    await page.getByRole('heading', { name: 'Set up Bücher.example', exact: true }).waitFor()
    await page.goBack()
    await page.getByLabel('Domain you send from').fill('bücher.example')
    await page.getByText('bücher.example is on your list already.').waitFor()
    await button('Continue').click()
    await page.getByText('xn--bcher-kva.example is on the list already.').waitFor()
  })

  it('lists the records to publish, each to be copied', async () => {
    await page.getByLabel('Domain you send from').fill('fresh.example')
    await page.getByLabel('Tags').fill('Shop, Own')
    await button('Continue').click()
    await page.getByText('Your DNS is at GoDaddy.').waitFor()
    await button('Copy the value of DMARC').click()
    await expect.poll(clipboard).toMatch(/^v=DMARC1; p=/)
    await button('Copy the name of DMARC').click()
    await expect.poll(clipboard).toBe('_dmarc')
    await page.getByRole('radio', { name: 'Standard form', exact: true }).click()
    await button('Copy the name of DMARC').click()
    await expect.poll(clipboard).toBe('_dmarc.fresh.example')
    await page.getByRole('button', { name: /Mail is sent through/ }).click()
    await page.getByRole('option', { name: /^Google Workspace/ }).click()
    await page.getByText('include:_spf.google.com').first().waitFor()
    await button('Copy all records to publish').click()
    await expect.poll(clipboard).toMatch(/^fresh\.example\tTXT\tv=spf1 include:_spf\.google\.com/m)
  })

  it('plans what is chosen, and says which name cannot be used', async () => {
    await page.getByRole('radio', { name: 'Quarantine', exact: true }).click()
    await page.getByText('Begin with Watch').waitFor()
    await page.getByText('v=DMARC1; p=quarantine').first().waitFor()
    await page.getByText('TLS-RPT', { exact: true }).click()
    await page.getByText('v=TLSRPTv1').waitFor()
    await page.getByText('MTA-STS', { exact: true }).click()
    await page.getByRole('heading', { name: 'The policy file of MTA-STS', exact: true }).waitFor()
    await button('Copy the policy file').click()
    await expect.poll(clipboard).toMatch(/^version: STSv1\nmode: testing\nmx: /)
    const include = page.getByLabel('Also allow in SPF')
    await include.fill('192.0.2.1')
    await page.getByText('This is an IP address, not a domain name.').waitFor()
    await include.fill('include:_spf.nowhere.example')
    await page.getByText('No SPF record stands at this name.').waitFor()
    await include.fill('')
    await page.getByText('_spf.nowhere.example').waitFor({ state: 'detached' })
    await button('Copy zone file of these records').click()
    await expect
      .poll(clipboard)
      .toMatch(/^_smtp\._tls +IN TXT +"v=TLSRPTv1; rua=mailto:tls-reports@fresh\.example"$/m)
  })

  it('makes a DKIM key, and tells where its private half is', async () => {
    await button('Make a DKIM key').click()
    await page.getByText('The private key leaves Rookery as a file.').waitFor()
    await button('Make the key').click()
    await page.getByText('The key is made').waitFor()
    await button('Copy the path').last().click()
    await expect.poll(clipboard).toMatch(/rk\d{6}\._domainkey\.fresh\.example\.pem$/)
    expect(readFileSync(await clipboard(), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/)
    expect(await page.content()).not.toContain('PRIVATE KEY')
    await button('Done').click()
    await page
      .getByText(/^rk\d{6}\._domainkey\.fresh\.example$/)
      .first()
      .waitFor()
  })

  it('rotates it: a second key beside the first, and what to do in which order', async () => {
    await button('Rotate now').click()
    await page.getByRole('heading', { name: 'Rotate the DKIM key', exact: true }).waitFor()
    await button('Make the key').click()
    await page.getByText('Publish the new record first.').waitFor()
    await button('Done').click()
    const keys = page.getByRole('region', { name: 'Do you run your own mail server?', exact: true })
    await expect.poll(() => keys.getByRole('listitem').count()).toBe(2)
    await keys.getByRole('listitem').last().getByRole('button', { name: 'Rotate now', exact: true }).waitFor()
    await expect.poll(() => button('Rotate now').count()).toBe(1)
  })

  it.each([
    ['GoDaddy', 'Press Add New Record.', '_dmarc'],
    ['Namecheap', 'tab Advanced DNS', '_dmarc'],
    ['Cloudflare', 'Open DNS, then Records.', '_dmarc'],
    ['Another one', 'Sign in where the DNS of fresh.example is looked after', '_dmarc'],
  ])('has the steps for %s', async (provider, step, name) => {
    const entry = page.getByRole('listitem').filter({ hasText: '_dmarc' }).filter({ hasText: 'v=DMARC1' })
    await entry.getByRole('button', { name: 'Show me how', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /Your DNS provider/ }).click()
    await page.getByRole('option', { name: provider, exact: true }).click()
    await dialog.getByText(step).waitFor()
    await dialog.getByRole('button', { name: 'Copy the name', exact: true }).click()
    await expect.poll(clipboard).toBe(name)
    await dialog.getByRole('button', { name: 'Copy the value', exact: true }).click()
    await expect.poll(clipboard).toMatch(/^v=DMARC1; p=/)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('streams the records as they are checked, and stays Pending when left', async () => {
    await button('I have published them').click()
    await page.getByText('can take 24–48 hours').waitFor()
    await page.getByRole('heading', { name: 'What is seen now', exact: true }).waitFor()
    const rows = page.getByRole('table').getByRole('row')
    for (const name of ['SPF', 'DKIM', 'DMARC', 'MX', 'Nameservers'])
      await rows.filter({ hasText: name }).first().waitFor()
    const spf = rows.filter({ hasText: 'SPF' }).first().getByRole('img').first()
    await expect.poll(() => spf.getAttribute('aria-label')).toBe('Wrong')
    await page.getByText(/Next look:\s+in \d+ (seconds|minute)/).waitFor()
    await button('Verify later').click()
    const row = page.getByRole('row', { name: /^fresh\.example, Pending/ })
    await row.waitFor()
    await expect.poll(() => row.textContent()).toContain('Shop')
    await page.getByRole('row', { name: /^Bücher\.example, Pending/ }).waitFor()
  })

  it('goes on looking after a restart, and turns Verified by itself', async () => {
    const looks = page.getByText(/Next look:\s+in/)
    await page.getByRole('link', { name: 'fresh.example', exact: true }).click()
    await looks.waitFor()
    // Neither look may be due at the very moment the host is stopped.
    await world().restful(10_000)
    await world().stopHost()
    await page.getByText('The engine cannot be reached').waitFor()
    const planned = polls()
    expect(planned.map(({ name }) => name).toSorted()).toEqual(['fresh.example', 'xn--bcher-kva.example'])
    for (const { runAt } of planned) expect(runAt).toBeGreaterThan(Date.now())
    serve(published)
    makeDue('fresh.example')
    await world().startHost()
    const fresh = await openWindow(world().browser, world().host().url)
    try {
      await fresh.page.getByRole('row', { name: /^fresh\.example, Verified/ }).waitFor()
      await fresh.page.getByRole('row', { name: /^Bücher\.example, Pending/ }).waitFor()
      await expect.poll(() => polls().map(({ name }) => name)).toEqual(['xn--bcher-kva.example'])
      expect(fresh.troubles).toEqual([])
    } finally {
      await fresh.close()
    }
  })

  it('met no error on the way', () => {
    const expected = /ERR_CONNECTION_REFUSED|WebSocket connection|status of 401/
    expect(window.troubles.filter(trouble => !expected.test(trouble))).toEqual([])
  })

  function store<T>(use: (database: DatabaseSync) => T): T {
    const database = new DatabaseSync(join(world().dataDir, 'rookery.db'))
    try {
      return use(database)
    } finally {
      database.close()
    }
  }

  function polls(): { name: string; runAt: number }[] {
    const sql = `SELECT name, run_at AS runAt FROM jobs JOIN domains ON domains.id = jobs.key
      WHERE kind = 'domains.verify' ORDER BY name`
    return store(database => database.prepare(sql).all()) as { name: string; runAt: number }[]
  }

  /** Time passes: the host is stopped meanwhile, as over a night. */
  function makeDue(name: string): void {
    const sql = 'UPDATE jobs SET run_at = ? WHERE key = (SELECT id FROM domains WHERE name = ?)'
    store(database => database.prepare(sql).run(Date.now() - 1_000, name))
  }
})

/** A TXT record's text in character-strings of at most 255 octets. */
function inStrings(text: string): string[] {
  return text.match(/.{1,255}/g) ?? []
}
