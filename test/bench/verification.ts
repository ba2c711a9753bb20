import type { Browser, Page } from 'playwright-core'
import { answerFrom, type Fate, type LiteralZone, startDnsFilter } from '../helpers/dns-filter.ts'
import { makeDataDir, startHeadlessHost } from '../helpers/headless-host.ts'
import { connectToHost } from '../helpers/host-client.ts'
import { openWindow } from '../helpers/window.ts'
import { type Figure, median } from './figure.ts'

const rounds = 9
const roundTripMs = 30
const target = 150

const zone: LiteralZone = {
  'paced.example': {
    NS: ['ns1.paced.example'],
    MX: [{ preference: 10, exchange: 'mx.paced.example' }],
    TXT: ['v=spf1 mx -all'],
  },
  '_dmarc.paced.example': { TXT: ['v=DMARC1; p=reject'] },
  'mx.paced.example': { A: ['198.51.100.4'] },
}

/** Between the moment a server sends the first answer of a verification and the frame that shows its first row. */
export async function benchVerification(browser: Browser): Promise<Figure[]> {
  const dns = await startDnsFilter({ host: '127.0.0.1', port: 9 })
  dns.decide(question => ({
    ...((answerFrom(zone, question) ?? { answers: [], rcode: 3 }) as Exclude<Fate, string>),
    delayMs: roundTripMs,
  }))
  const host = await startHeadlessHost({ dataDir: await makeDataDir() })
  const connection = await connectToHost(host)
  try {
    await connection.client.settings.set({ resolvers: [dns.address] })
    const added = await connection.client.domains.add({ input: 'paced.example', tags: [] })
    if (!added.ok) throw new Error(added.failure.code)
    const { page, close } = await openWindow(browser, host.url)
    await page.getByRole('link', { name: 'paced.example', exact: true }).waitFor()
    const took: number[] = []
    for (let round = 0; round < rounds; round++) {
      const asked = dns.questions.length
      const shownAt = await verify(page, added.value.id)
      const answeredAt = dns.questions.slice(asked).flatMap(question => question.answeredAt ?? [])
      took.push(shownAt - Math.min(...answeredAt))
    }
    await close()
    return [
      {
        name: 'first row of a verification after the first answer',
        measured: median(took),
        unit: 'ms',
        target,
        better: 'less',
        note: `median of ${rounds}; slowest ${Math.max(...took)} ms; answers take ${roundTripMs} ms`,
      },
    ]
  } finally {
    connection.close()
    await host.stop()
    await dns.close()
  }
}

/** Opens the step that verifies, and tells when its first checked row was drawn. Epoch milliseconds. */
async function verify(page: Page, id: string): Promise<number> {
  await page.evaluate(() => location.assign('#/domains'))
  await page.getByRole('grid').waitFor()
  const shownAt = page.evaluate(
    () =>
      new Promise<number>(resolve => {
        let hasBegun = false
        const look = () => {
          hasBegun ||= document.querySelector('[role=progressbar]') !== null
          if (hasBegun && document.querySelector('[aria-controls^="record-"]') !== null) resolve(Date.now())
          else requestAnimationFrame(look)
        }
        look()
      }),
  )
  await page.evaluate(path => location.assign(path), `#/domains/${id}/setup/verify`)
  const at = await shownAt
  await page.getByRole('button', { name: 'Check again', exact: true }).waitFor()
  return at
}
