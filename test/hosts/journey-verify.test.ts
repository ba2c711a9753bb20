import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkIds, checksWithin } from '#shared/model/check-ids.ts'
import { answerFrom, type Fate, type LiteralZone } from '../helpers/dns-filter.ts'
import { heldBack } from '../helpers/held-back.ts'
import { journey } from '../helpers/journey-world.ts'
import { type OpenedWindow, openWindow, sectionLink } from '../helpers/window.ts'

const zone: LiteralZone = {
  'paced.example': {
    NS: ['ns1.paced.example'],
    MX: [{ preference: 10, exchange: 'mx.paced.example' }],
    TXT: ['v=spf1 mx -all'],
  },
  'mx.paced.example': { A: ['198.51.100.4'] },
  '_domainkey.paced.example': { TXT: ['o=-'] },
}

/** So late that a check is still under way when a busy window comes to stop it, and no answer is given up. */
const answerMs = 2_000

await journey('Watching a verification', null, world => {
  let window: OpenedWindow
  let page: Page
  let id = ''
  beforeAll(async () => {
    pace(0)
    const added = await world().client().domains.add({ input: 'paced.example', tags: [] })
    if (!added.ok) throw new Error(added.failure.code)
    id = added.value.id
    window = await openWindow(world().browser, `${world().host().url}`)
    page = window.page
    await page.getByRole('link', { name: 'paced.example', exact: true }).waitFor()
  })
  afterAll(() => window?.close())

  const pace = (delayMs: number) =>
    world().dns.decide(question => ({
      ...(answerFrom(zone, question) as Exclude<Fate, string>),
      delayMs,
    }))
  /** DMARC is not answered before this; everything else soon. */
  const holdDmarc = (until: Promise<void>) =>
    world().dns.decide(question => ({
      ...(answerFrom(zone, question) as Exclude<Fate, string>),
      ...(question.name.startsWith('_dmarc.') ? { after: until } : { delayMs: 40 }),
    }))
  const goTo = (path: string) => page.evaluate(hash => location.assign(hash), `#${path}`)

  it('shows the first row at once after the first answer, with every row in its place from the start', async () => {
    const dmarc = heldBack()
    holdDmarc(dmarc.promise)
    await goTo('/domains')
    await page.getByRole('grid').waitFor()
    await page.evaluate(() => {
      const seen: number[] = []
      const observer = new MutationObserver(() => {
        const rows = document.querySelectorAll('table > tbody > tr:first-child').length
        if (rows > 0) seen.push(rows)
        if (document.querySelector('[aria-controls^="record-"]') === null) return
        observer.disconnect()
        const isEarly = document.querySelector('[aria-label="Open DMARC"]') === null
        document.documentElement.dataset['firstRow'] = JSON.stringify({ seen, isEarly })
      })
      observer.observe(document.body, { subtree: true, childList: true, attributes: true })
    })
    await goTo(`/domains/${id}/setup/verify`)
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
    await page.waitForFunction(() => document.documentElement.dataset['firstRow'] !== undefined)
    dmarc.release()
    const told = await page.evaluate(() => document.documentElement.dataset['firstRow'])
    const { seen, isEarly } = JSON.parse(told ?? '') as { seen: number[]; isEarly: boolean }
    // It did not wait for an answer that was still out.
    expect(isEarly).toBe(true)
    // The heading of those beside the required ones too; held to DNS servers alone, two checks are not made.
    const every = checksWithin({ direct: false, smtp: false }).length + 1
    expect(new Set(seen)).toEqual(new Set([every]))
    expect(every).toBe(checkIds.length - 1)
    await page.getByRole('button', { name: 'Check again', exact: true }).waitFor()
  })

  it('asks nothing more once it was stopped', async () => {
    pace(answerMs)
    await page.getByRole('button', { name: 'Check again', exact: true }).click()
    await page.getByRole('progressbar', { name: 'Records checked', exact: true }).waitFor()
    const begun = world().dns.questions.length
    await expect.poll(() => world().dns.questions.length, { interval: 10 }).toBeGreaterThan(begun + 1)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByRole('button', { name: 'Check again', exact: true }).waitFor()
    await page.getByRole('contentinfo').getByText('Ready').waitFor()
    await world().restful(5_000)
    const stopped = world().dns.questions.length
    await new Promise(resolve => setTimeout(resolve, 1_500))
    expect(world().dns.questions.slice(stopped)).toEqual([])
  })

  it('stops by itself when it is left', async () => {
    const begun = world().dns.questions.length
    await page.getByRole('button', { name: 'Check again', exact: true }).click()
    await expect.poll(() => world().dns.questions.length, { interval: 10 }).toBeGreaterThan(begun + 1)
    await sectionLink(page, 'Settings').click()
    await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor()
    await page.getByRole('contentinfo').getByText('Ready').waitFor()
    await world().restful(5_000)
    const left = world().dns.questions.length
    await new Promise(resolve => setTimeout(resolve, 1_500))
    expect(world().dns.questions.slice(left)).toEqual([])
  })

  it('says that it could not look while no server answers, and keeps the domain as it was', async () => {
    world().dns.decide(() => 'drop')
    await goTo(`/domains/${id}/setup/verify`)
    await page
      .getByText(/Could not look: no answer in time/)
      .first()
      .waitFor({ timeout: 40_000 })
    await page.getByRole('button', { name: 'Check again', exact: true }).waitFor({ timeout: 40_000 })
    const marks = page.getByRole('table').getByRole('img')
    const verdicts = () => marks.evaluateAll(all => all.map(mark => mark.getAttribute('aria-label')))
    await expect.poll(async () => [...new Set(await verdicts())]).toEqual(['Could not look'])
    await page.getByText('Offline: no DNS server answers').waitFor()
    await goTo('/domains')
    await page.getByRole('row', { name: /^paced\.example, Pending/ }).waitFor()
  })

  it('met no error on the way', () => {
    expect(window.troubles).toEqual([])
  })
})
