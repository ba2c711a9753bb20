import { rm } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../../src-main/build.ts'
import { findOrInstallChromium } from '../helpers/chromium-install.ts'
import { startChromium } from '../helpers/chromium.ts'
import { startHeadlessHost } from '../helpers/headless-host.ts'
import { freePort } from '../helpers/ports.ts'
import { benchAudits } from './audits.ts'
import { benchDns } from './dns.ts'
import { type Figure, figureLine, isMet, type Missing, ratioOf } from './figure.ts'
import { filledFolder, storedDomains, storedMailboxes } from './fill.ts'
import { benchList } from './list.ts'
import { benchMailboxes } from './mailboxes.ts'
import { benchStart } from './start.ts'
import { benchVerification } from './verification.ts'
import { benchWarmup } from './warmup.ts'
import { benchWarmupDay } from './warmup-day.ts'
import { benchWatch } from './watch.ts'

const usage = `Usage: npm run bench [-- [figures…] [--json]]

  figures   start, list, verification, dns, audits, warmup, mailboxes or watch: only these; default: everything
  --json    one JSON object with the machine and every figure, and nothing else
`
/** With less of a processor than this, times say little. */
const freeShare = 0.9
const groups = ['start', 'list', 'verification', 'dns', 'audits', 'warmup', 'mailboxes', 'watch']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help || positionals.some(name => !groups.includes(name))) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

const wants = (group: string) => positionals.length === 0 || positionals.includes(group)
const figures: (Figure | Missing)[] = []
const say = (line: string) => console.error(line)
const tell = (measured: readonly (Figure | Missing)[]) => {
  figures.push(...measured)
  if (!values.json) for (const figure of measured) console.log(figureLine(figure))
}

const machine = {
  processors: cpus().length,
  model: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  /** Other work on the machine, in processors kept busy over the last minute. */
  load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  /** How much of a processor busy code gets here: well below 1, the machine is not free and times are too long. */
  share: processorShare(),
}
if (!values.json) {
  const { processors, model, memoryGb, node, load, share } = machine
  console.log(
    `${processors} × ${model}, ${memoryGb} GB, Node ${node}, load ${load}, ${Math.round(share * 100)} % of a processor to be had`,
  )
  console.log(
    share < freeShare ? 'The machine is busy: the times below are longer than they would be.\n' : '',
  )
}

await ensureBuilt(say)
if (wants('start') || wants('list')) await benchFilledFolder()
if (wants('verification')) await benchInBrowser('verification', browser => benchVerification(browser))
if (wants('dns')) tell(await benchDns(say))
if (wants('audits')) tell(await benchAudits(say))
if (wants('warmup')) tell([...benchWarmup(), ...(await benchWarmupDay(say))])
if (wants('mailboxes')) tell(await benchMailboxes(say))
if (wants('watch')) tell(await benchWatch(say))

if (values.json) {
  const told = figures.map(one => ('why' in one ? one : { ...one, ratio: ratioOf(one), ok: isMet(one) }))
  console.log(JSON.stringify({ machine, figures: told }, null, 2))
}

function processorShare(): number {
  const startedAt = performance.now()
  const used = process.cpuUsage()
  while (performance.now() - startedAt < 500);
  const { user, system } = process.cpuUsage(used)
  return Math.min(1, (user + system) / 1_000 / (performance.now() - startedAt))
}

async function benchFilledFolder(): Promise<void> {
  // Nobody answers there: domains that are still Pending must not be looked up while others are measured.
  const { dataDir, tookMs } = await filledFolder(storedDomains, `127.0.0.1:${await freePort()}`)
  say(
    `Stored ${storedDomains} domains with their reports and ${storedMailboxes} mailboxes in ${(tookMs / 1_000).toFixed(1)} s.`,
  )
  try {
    if (wants('start')) tell(await benchStart(dataDir, storedDomains))
    if (!wants('list')) return
    await benchInBrowser('list', async browser => {
      const host = await startHeadlessHost({ dataDir })
      try {
        return await benchList(browser, host, storedDomains)
      } finally {
        await host.stop()
      }
    })
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

type Browser = Awaited<ReturnType<typeof startChromium>>

async function benchInBrowser(
  name: string,
  bench: (browser: Browser) => Promise<readonly (Figure | Missing)[]>,
): Promise<void> {
  const chromium = await findOrInstallChromium(say)
  if (chromium.path === null) return tell([{ name, why: chromium.why }])
  const browser = await startChromium(chromium.path)
  try {
    tell(await bench(browser))
  } finally {
    await browser.close()
  }
}
