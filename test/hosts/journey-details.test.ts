import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectRoot } from '../../src-main/build.ts'
import type { AuditReport } from '../../src-shared/model/audit.ts'
import { moreCheckIds } from '../../src-shared/model/check-ids.ts'
import type { Verdict } from '../../src-shared/model/finding.ts'
import { checkWords, stateWords, verdictWords } from '../../src-shared/words/checks.ts'
import { describeFinding } from '../../src-shared/words/findings.ts'
import { journey } from '../helpers/journey-world.ts'
import { type OpenedWindow, openWindow } from '../helpers/window.ts'
import { cliZones } from '../integration/cli-zone.ts'

type Told = Pick<AuditReport, 'domain' | 'spf' | 'dmarc' | 'dkim' | 'mx' | 'ns' | 'findings' | 'checks'> & {
  score: number | null
}

const zones = cliZones()
const domains = [
  ...Object.keys(zones).filter(name => name.endsWith('.example') && name !== 'hostile.example'),
  'mail.clean.example',
  // Its policy cannot be looked up: the server never answers.
  'quiet.clean.example',
  'missing.example',
]

await journey('The window and the command line say the same', zones, world => {
  const told = new Map<string, Told>()
  let window: OpenedWindow
  let page: Page
  beforeAll(async () => {
    world().dns.decide(({ name }) => (name === '_dmarc.quiet.clean.example' ? 'drop' : 'pass'))
    // One after the other, for each of them has to get its answers in time.
    for (const line of await auditByCli(world().dns.address)) told.set(line.domain, line)
    await checkInWindow()
  })
  afterAll(() => window?.close())

  async function checkInWindow(): Promise<void> {
    const added = await world()
      .client()
      .domains.import({ text: domains.join('\n'), tags: [] })
    if (!added.ok || added.value.refused.length > 0) throw new Error(JSON.stringify(added))
    window = await openWindow(world().browser, world().host().url)
    page = window.page
    await page.getByRole('row', { name: /^clean\.example/ }).waitFor()
    const grid = page.getByRole('grid')
    await grid.focus()
    await page.keyboard.press('Control+a')
    await page.getByText(`${domains.length} selected`).waitFor()
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByText(`Checking ${domains.length} domains`).first().waitFor()
    await page.waitForFunction(
      () => !/Not yet|Checking/.test(document.querySelector('main')?.textContent ?? ''),
    )
  }

  it.each(domains)('of %s', async domain => {
    const expected = told.get(domain)
    if (!expected) throw new Error(`the command line said nothing of ${domain}`)
    await page.goto(`${origin()}/#/domains`)
    const row = page.getByRole('row', { name: new RegExp(`^${displayed(domain)}, `) })
    await row.waitFor()
    await expect.poll(() => marksOf(row)).toEqual(expectedMarks(expected))

    await row.getByRole('link').click()
    await page.getByRole('heading', { name: 'Findings', exact: true }).waitFor()
    const ring = page.getByRole('main').getByRole('img', { name: /^Health/ })
    await expect
      .poll(() => ring.getAttribute('aria-label'))
      .toBe(expected.score === null ? 'Health: not enough data yet' : `Health ${expected.score} of 100`)
    const shown = page.getByRole('table', { name: 'DNS records and their state', exact: true })
    const rowsShown = () =>
      shown.evaluate(table =>
        [...table.querySelectorAll<HTMLTableRowElement>('tbody > tr:first-child:has([role=img])')].map(
          row => [
            row.cells[1]?.querySelector('div')?.textContent,
            row.querySelector('[role=img]')?.getAttribute('aria-label'),
          ],
        ),
      )
    await expect.poll(rowsShown).toEqual(expectedRows(expected))
    const headings = page.locator('section[aria-labelledby=findings] h3')
    const titles = expected.findings.map(finding => describeFinding(finding).title)
    const isToldOf = async () => {
      const shown = await headings.allTextContents()
      return shown.length === titles.length && titles.every((title, index) => shown[index]?.includes(title))
    }
    await expect.poll(isToldOf).toBe(true)
  })

  it('says that it could not look, and blames nobody, where a server did not answer', async () => {
    await page.goto(`${origin()}/#/domains`)
    await page.getByRole('link', { name: 'quiet.clean.example', exact: true }).click()
    await page
      .getByText(/Could not look: no answer in time from .*Nothing is known to be wrong\./)
      .first()
      .waitFor()
    expect(told.get('quiet.clean.example')?.dmarc).toMatchObject({
      state: 'unavailable',
      verdict: 'unavailable',
    })
  })

  it('shows the evidence: costs, differences, questions and answers', async () => {
    await page.goto(`${origin()}/#/domains`)
    await page.getByRole('link', { name: 'faulty.example', exact: true }).click()
    await page.getByRole('button', { name: 'Open SPF', exact: true }).click()
    await page.getByText(/^1\d of 10 look-ups$/).waitFor()
    await page.getByText('include:a.faulty.example', { exact: true }).first().waitFor()
    await page.getByText('Questions and answers').click()
    const answers = page.getByRole('region', { name: 'Questions and answers', exact: true })
    await answers.getByText('_dmarc.faulty.example').first().waitFor()
  })

  it('met no error on the way', () => {
    expect(window.troubles).toEqual([])
  })

  const origin = () => new URL(world().host().url).origin
})

async function marksOf(row: ReturnType<Page['getByRole']>): Promise<string[]> {
  const labels = await row
    .locator('[aria-label]')
    .evaluateAll(elements => elements.map(element => element.getAttribute('aria-label') ?? ''))
  return [...new Set(labels.filter(label => /^(SPF|DKIM|DMARC|MX):/.test(label)))]
}

/** The command itself, so that what is compared is what each of them shows. */
function auditByCli(resolver: string): Promise<Told[]> {
  const main = join(projectRoot, 'src-main/cli/main.ts')
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [main, 'audit', '--json', '--dns-only', '--resolver', resolver, ...domains],
      { maxBuffer: 20_000_000 },
      (error, stdout) => {
        const lines = stdout.split('\n').filter(line => line !== '')
        if (lines.length === 0) reject(error ?? new Error('no output'))
        else resolve(lines.map(line => JSON.parse(line)))
      },
    )
  })
}

function displayed(domain: string): string {
  return domain.replaceAll('.', '\\.')
}

function expectedMarks(told: Told): string[] {
  return (['spf', 'dkim', 'dmarc', 'mx'] as const).map(check => {
    const { state, verdict } = told[check]
    const words = state === 'found' ? verdictWords[verdict] : stateWords[state]
    return `${checkWords[check].name}: ${words.name}`
  })
}

function expectedRows({ spf, dmarc, dkim, mx, ns, checks }: Told): (string | undefined)[][] {
  return [
    rowOf('SPF', spf.verdict),
    ...(dkim.selectors.length === 0
      ? [rowOf('DKIM', dkim.verdict)]
      : dkim.selectors.map(({ selector, verdict }) => rowOf(`DKIM ${selector}`, verdict))),
    rowOf('DMARC', dmarc.verdict),
    rowOf('MX', mx.verdict),
    rowOf(checkWords.ns.name, ns.verdict),
    ...moreCheckIds.flatMap(check => {
      const told = checks[check]
      return told === undefined ? [] : [rowOf(checkWords[check].name, told.verdict)]
    }),
  ]
}

function rowOf(name: string, verdict: Verdict): string[] {
  return [name, verdictWords[verdict].name]
}
