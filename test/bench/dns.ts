import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient } from '#engine/in-process.ts'
import { startDeadline } from '#engine/net/deadline.ts'
import { limits } from '#engine/net/limits.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { createResolver } from '#engine/net/resolve.ts'
import { runs } from '../helpers/command.ts'
import { readAudit, valueOf } from '../helpers/engine.ts'
import { type Nsd, startNsd } from '../helpers/nsd.ts'
import { testPlatform } from '../helpers/platform.ts'
import { domainName, zonesOf } from './domains.ts'
import { type Figure, median, type Missing } from './figure.ts'

const rounds = 3
const auditedDomains = 200
/** The addresses of the zones are real ones, and nobody there is to be disturbed. */
const reach = { direct: false, https: false, smtp: false }
const questions = 20_000
const inFlight = 200
/** Ten times what checkdmarc 5.17 does on a local zone, 200 domains in 2.0 s with its TLS tests off. */
const auditsTarget = 1_000
const dnsperfPlaces = ['/usr/bin/dnsperf', '/usr/local/bin/dnsperf', '/opt/homebrew/bin/dnsperf']

/** Against a real NSD on this machine: how many questions a second, and how many audits. */
export async function benchDns(): Promise<(Figure | Missing)[]> {
  const nsd = await startNsd({ zones: zonesOf(auditedDomains) })
  if (nsd === null) return [{ name: 'questions and audits a second', why: 'NSD is not installed' }]
  try {
    const questionsPerSecond = await askMany(nsd)
    const dnsperf = await askByDnsperf(nsd)
    const audits = await auditMany(nsd)
    return [
      {
        name: `questions a second, ${inFlight} in flight`,
        measured: questionsPerSecond,
        unit: '/s',
        target: null,
        better: 'more',
        note: `median of ${rounds} times ${questions.toLocaleString('en')} to a local NSD`,
      },
      'why' in dnsperf
        ? dnsperf
        : {
            name: 'the same by dnsperf',
            measured: dnsperf.perSecond,
            unit: '/s',
            target: null,
            better: 'more',
            note: `${(dnsperf.perSecond / questionsPerSecond).toFixed(1)} times ours`,
          },
      {
        name: `audits a second, ${auditedDomains} domains`,
        measured: audits.perSecond,
        unit: '/s',
        target: auditsTarget,
        better: 'more',
        note: `median of ${rounds}; ${limits.auditsAtOnce} at once, ${audits.questionsEach.toFixed(1)} questions and ${audits.processorMsEach.toFixed(1)} ms of processor each`,
      },
    ]
  } finally {
    await nsd.stop()
  }
}

async function askMany({ host, port }: Nsd): Promise<number> {
  const perSecond: number[] = []
  for (let round = 0; round < rounds; round++) {
    const networkLog = createNetworkLog({ now: Date.now })
    const resolver = createResolver({ networkLog, servers: [{ host, port }] })
    const deadline = startDeadline(60_000)
    let next = 0
    const lane = async () => {
      while (next < questions) {
        const name = questionName(next++)
        const answer = await resolver.lookup(name, 'TXT', { deadline, purpose: 'audit', fresh: true })
        if (answer.state === 'unavailable') throw new Error(`${name}: ${answer.reason}`)
      }
    }
    const startedAt = performance.now()
    await Promise.all(Array.from({ length: inFlight }, lane))
    perSecond.push(questions / ((performance.now() - startedAt) / 1_000))
    deadline.end()
    resolver.close()
  }
  return median(perSecond)
}

/** Names of their own, so that no two questions in flight are one. */
const questionName = (index: number) => `n${index}.${domainName(index % auditedDomains)}`

async function askByDnsperf({ host, port }: Nsd): Promise<{ perSecond: number } | Missing> {
  const name = 'the same by dnsperf'
  const program = dnsperfPlaces.find(place => existsSync(place))
  if (program === undefined) return { name, why: 'dnsperf is not installed' }
  const folder = await mkdtemp(join(tmpdir(), 'rookery-dnsperf-'))
  const file = join(folder, 'questions')
  await writeFile(
    file,
    Array.from({ length: questions }, (_, index) => `${questionName(index)} TXT\n`).join(''),
  )
  const flags = ['-s', host, '-p', String(port), '-d', file, '-q', String(inFlight), '-n', String(rounds)]
  const { output } = await runs([program, ...flags], 60_000)
  await rm(folder, { recursive: true, force: true })
  const perSecond = Number(/Queries per second:\s+([\d.]+)/.exec(output)?.[1])
  return Number.isFinite(perSecond) ? { perSecond } : { name, why: 'dnsperf told nothing' }
}

async function auditMany({
  host,
  port,
}: Nsd): Promise<{ perSecond: number; questionsEach: number; processorMsEach: number }> {
  const perSecond: number[] = []
  let asked = 0
  let processorMs = 0
  for (let round = 0; round < rounds; round++) {
    // A new engine each time: nothing may come from the cache of the last round.
    const engine = valueOf(await createEngine(testPlatform()))
    const client = createInProcessClient(engine.router)
    valueOf(await client.settings.set({ resolvers: [`${host}:${port}`] }))
    const names = Array.from({ length: auditedDomains }, (_, index) => domainName(index)).values()
    const lane = async () => {
      for (const input of names) {
        const report = valueOf((await readAudit(await client.domains.auditName({ input, reach }))).result)
        asked += report.queries
      }
    }
    const startedAt = performance.now()
    const used = process.cpuUsage()
    await Promise.all(Array.from({ length: limits.auditsAtOnce }, lane))
    perSecond.push(auditedDomains / ((performance.now() - startedAt) / 1_000))
    const { user, system } = process.cpuUsage(used)
    processorMs += (user + system) / 1_000
    await engine.stop()
  }
  const audits = rounds * auditedDomains
  return {
    perSecond: median(perSecond),
    questionsEach: asked / audits,
    processorMsEach: processorMs / audits,
  }
}
