import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MoreCheckId } from '#shared/model/finding.ts'
import { threadsFor } from '../../src-main/cli/audit-threads.ts'
import { runs as runCommand } from '../helpers/command.ts'
import { type Nsd, startNsd } from '../helpers/nsd.ts'
import { findOrInstallDnsperf } from '../helpers/system-packages.ts'
import { auditedName, auditedZones } from './audited-domains.ts'
import type { ManyAudited, ManyAudits, SingleAudited, SingleAudits } from './audits-process.ts'
import { startDelay } from './delay.ts'
import { dnsperf, dnsperfInFlight } from './dnsperf.ts'
import { type Figure, median, type Missing, percentile } from './figure.ts'

const domains = 1_000
const rounds = 5
const dnsperfSeconds = 2
const delayMs = 30
const delayedDomains = 150
const delayedAtOnce = 4
/** Ten times what checkdmarc 5.17 does on a local zone: 200 domains in 2.0 s with its TLS tests off. */
const checkdmarcTarget = 1_000
/** What `rookery audit` has under way at once unless told otherwise. */
const auditsAtOnce = 16
/**
 * What checkdmarc 5.17 looks at too, beside SPF, DMARC, MX and the nameservers: SOA, DNSSEC, the way back of addresses,
 * TLSA, MTA-STS, TLS-RPT and BIMI. It guesses no DKIM selectors.
 */
const comparedChecks: readonly MoreCheckId[] = ['zone', 'dnssec', 'ptr', 'dane', 'mta-sts', 'tls-rpt', 'bimi']
const comparedOff = 'DKIM search, blacklists, views, tls, subdomain, tracking, web and caa off'

/** Whole audits of generated domains against a real NSD on this machine, beside dnsperf with the questions they ask. */
export async function benchAudits(say: (line: string) => void): Promise<(Figure | Missing)[]> {
  const nsd = await startNsd({ zones: auditedZones(domains) })
  if (nsd === null) return [{ name: 'audits a second', why: 'NSD is not installed' }]
  const opened: ChildProcess[] = []
  const openAuditor = () => {
    const auditor = fork(join(import.meta.dirname, 'audits-process.ts'))
    opened.push(auditor)
    return auditor
  }
  try {
    const whyNoDnsperf = await findOrInstallDnsperf(say)
    return [
      ...(await benchMany(nsd, openAuditor, whyNoDnsperf)),
      ...(await benchCommandLine(nsd)),
      ...(await benchDelayed(nsd, openAuditor())),
    ]
  } finally {
    for (const auditor of opened) auditor.kill()
    await nsd.stop()
  }
}

const names = Array.from({ length: domains }, (_, index) => auditedName(index))

function told<T>(auditor: ChildProcess, task: ManyAudits | SingleAudits): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`The process that audits ended with ${code}.`))
    auditor.once('exit', gone)
    auditor.once('message', (answer: unknown) => {
      auditor.off('exit', gone)
      resolve(answer as T)
    })
    auditor.send(task)
  })
}

async function benchMany(
  nsd: Nsd,
  openAuditor: () => ChildProcess,
  whyNoDnsperf: string | null,
): Promise<(Figure | Missing)[]> {
  const resolver = { host: nsd.host, port: nsd.port }
  const threads = threadsFor(domains)
  // A process each, so that each has its own memory.
  const many = (ownThreads: number, more: readonly MoreCheckId[] | null, guessSelectors = true) => {
    const auditor = openAuditor()
    return () =>
      told<ManyAudited>(auditor, {
        kind: 'many',
        resolver,
        names,
        atOnce: auditsAtOnce,
        more,
        guessSelectors,
        threads: ownThreads,
      })
  }
  const runs = {
    whole: many(threads, null),
    compared: many(threads, comparedChecks, false),
    single: many(0, null),
  }
  // Once without counting: then the code has been compiled and what the domains share is known.
  const { questions } = await runs.single()
  await runs.whole()
  await runs.compared()
  const whole: ManyAudited[] = []
  const compared: ManyAudited[] = []
  const single: ManyAudited[] = []
  const byDnsperf: number[] = []
  // In turn, so that what else the machine does falls on all of them alike.
  for (let round = 0; round < rounds; round++) {
    whole.push(await runs.whole())
    const perSecond = whyNoDnsperf === null ? await dnsperf(nsd, questions, dnsperfSeconds) : null
    if (perSecond !== null) byDnsperf.push(perSecond)
    compared.push(await runs.compared())
    single.push(await runs.single())
  }
  return [
    {
      name: `whole audits a second, ${domains.toLocaleString('en')} domains`,
      measured: median(whole.map(auditsPerSecond)),
      unit: '/s',
      target: null,
      better: 'more',
      note: `median of ${rounds}; ${threads} threads, as rookery audit --file; ${eachOf(whole)}`,
    },
    {
      name: 'against checkdmarc: its checks and more',
      measured: median(compared.map(auditsPerSecond)),
      unit: '/s',
      target: checkdmarcTarget,
      better: 'more',
      note: `ten times its 100/s; ${comparedOff}; ${eachOf(compared)}`,
    },
    {
      name: 'whole audits a second by the engine, one thread',
      measured: median(single.map(auditsPerSecond)),
      unit: '/s',
      target: null,
      better: 'more',
      note: `through the contract, told check by check; ${eachOf(single)}`,
    },
    ...questionFigures(median(whole.map(questionsPerSecond)), byDnsperf, whyNoDnsperf),
    memoryFigure(`${threads} threads`, whole),
    memoryFigure('one engine', single),
  ]
}

function memoryFigure(whose: string, audited: readonly ManyAudited[]): Figure {
  return {
    name: `memory of the process that audits, ${whose}`,
    measured: Math.max(...audited.map(({ memoryBytes }) => memoryBytes)) / 2 ** 20,
    unit: 'MB',
    target: null,
    better: 'less',
    note: `the most after any of ${rounds + 1} rounds of ${domains.toLocaleString('en')} audits`,
  }
}

const auditsPerSecond = ({ tookMs }: ManyAudited) => domains / (tookMs / 1_000)
const questionsPerSecond = ({ queries, tookMs }: ManyAudited) => queries / (tookMs / 1_000)

function eachOf(audited: readonly ManyAudited[]): string {
  const questions = median(audited.map(({ queries }) => queries / domains))
  const processorMs = median(audited.map(one => one.processorMs / domains))
  return `${questions.toFixed(1)} questions and ${processorMs.toFixed(2)} ms of processor each`
}

function questionFigures(
  ours: number,
  byDnsperf: readonly number[],
  whyNoDnsperf: string | null,
): (Figure | Missing)[] {
  const name = 'questions a second of whole audits'
  if (byDnsperf.length === 0)
    return [
      { name, measured: ours, unit: '/s', target: null, better: 'more' },
      { name: 'the same by dnsperf', why: whyNoDnsperf ?? 'dnsperf told nothing' },
    ]
  const theirs = median(byDnsperf)
  return [
    {
      name,
      measured: ours,
      unit: '/s',
      target: 0.4 * theirs,
      better: 'more',
      note: `${Math.round((100 * ours) / theirs)} % of dnsperf's; wanted are 40 %`,
    },
    {
      name: 'the same questions by dnsperf',
      measured: theirs,
      unit: '/s',
      target: null,
      better: 'more',
      note: `median of ${byDnsperf.length} in turn with the audits, ${dnsperfSeconds} s each; one thread, one socket, ${dnsperfInFlight} in flight`,
    },
  ]
}

/** What a person has of it: the whole command, from the start of Node to its end. */
async function benchCommandLine(nsd: Nsd): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rookery-audits-'))
  const file = join(folder, 'names')
  await writeFile(file, names.join('\n'))
  const main = join(import.meta.dirname, '../../src-main/cli/main.ts')
  const nothingElse = ['--no-direct', '--no-https', '--no-smtp']
  const from = ['--resolver', `${nsd.host}:${nsd.port}`, '--json', ...nothingElse]
  const took: number[] = []
  for (let round = 0; round < 3; round++) {
    const { output, tookMs } = await runCommand(
      [process.execPath, main, 'audit', '--file', file, ...from],
      5 * 60_000,
    )
    const lines = output.split('\n').filter(line => line.startsWith('{')).length
    if (lines !== names.length) throw new Error(`The command line told ${lines} of ${names.length} domains.`)
    took.push(tookMs)
  }
  await rm(folder, { recursive: true, force: true })
  return [
    {
      name: 'rookery audit --file --json, domains a second',
      measured: names.length / (median(took) / 1_000),
      unit: '/s',
      target: null,
      better: 'more',
      note: `median of ${took.length}; the whole command, its start included: ${Math.round(median(took))} ms`,
    },
  ]
}

async function benchDelayed(nsd: Nsd, auditor: ChildProcess): Promise<Figure[]> {
  const delay = await startDelay(nsd, delayMs)
  try {
    const step = Math.floor(names.length / delayedDomains)
    const { tookMs, firstRowMs } = await told<SingleAudited>(auditor, {
      kind: 'single',
      resolver: `${delay.host}:${delay.port}`,
      // Every kind of domain comes up equally often: the step must share no factor with their number.
      names: Array.from({ length: delayedDomains }, (_, index) =>
        auditedName((index * (step + 1)) % domains),
      ),
      atOnce: delayedAtOnce,
    })
    const note = `${delayedDomains} audits, each with an empty cache, ${delayedAtOnce} at once; every answer ${delayMs} ms late`
    const figure = (name: string, measured: number, target: number, told = note): Figure => ({
      name,
      measured,
      unit: 'ms',
      target,
      better: 'less',
      note: told,
    })
    return [
      figure(`whole audit with ${delayMs} ms delay, p50`, percentile(tookMs, 50), 2_000),
      figure(
        `whole audit with ${delayMs} ms delay, p95`,
        percentile(tookMs, 95),
        5_000,
        `slowest ${Math.round(Math.max(...tookMs))} ms`,
      ),
      figure(
        `first row of an audit with ${delayMs} ms delay, p95`,
        percentile(firstRowMs, 95),
        150,
        `median ${Math.round(median(firstRowMs))} ms`,
      ),
    ]
  } finally {
    await delay.close()
  }
}
