import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt, projectRoot } from '../src-main/build.ts'
import { hasDisplay } from '../src-main/hosts/display.ts'
import { findElectron } from '../src-main/hosts/electron-binary.ts'
import { type CanaryHit, hitLine, sweepFolder, sweepProcesses, sweepText } from './helpers/canary.ts'
import { findOrInstallChromium } from './helpers/chromium-install.ts'
import { runs, toolFile } from './helpers/command.ts'
import {
  failedOf,
  failuresOf,
  filesToTryAgain,
  outcomeOf,
  projectWithinMs,
  runVitest,
  type Surroundings,
} from './helpers/project-run.ts'
import { findOrInstallNsd, installPackages, tryToInstallRest } from './helpers/system-packages.ts'

const usage = `Usage: npm test [-- [project…] [options]]

  project           unit, contract, integration or hosts: only these, after a build; default: everything
  --update-golden   write the golden contract and the snapshots anew; look at the diff before you commit it
  --verbose         show what the test runner prints as it goes
  --help            print this
`

/** Every folder of test/ that holds tests is a project, so a new one cannot be forgotten here. */
const projects = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && holdsTests(join(import.meta.dirname, entry.name)))
  .map(entry => entry.name)
  .toSorted((a, b) => rank(a) - rank(b))

/** Projects with files of expected output, made by the tests themselves. */
const keepsGolden = ['contract', 'integration']
const xvfbRun = '/usr/bin/xvfb-run'
const gateWithinMs = 5 * 60_000
const sweepEveryMs = 2_000
const totals = { passed: 0, failed: 0 }
const notRun: string[] = []
const mendedAlone: string[] = []
const failedAlone: string[] = []
const scratch = mkdtempSync(join(tmpdir(), 'rookery-run-'))
const skippedFile = join(scratch, 'skipped')
/** Where the tests of this run keep what they keep, so that what they leave behind can be swept. */
const left = join(scratch, 'tmp')
const canaryHits = new Map<string, CanaryHit>()
const say = (line: string) => console.log(line)

process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error))
const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

const flags = readFlags()
process.exitCode = flags === null ? 2 : await main(flags)

/** Runs everything and prints the counts last, also when something here is broken. */
async function main(flags: Flags): Promise<number> {
  const startedAt = performance.now()
  try {
    await runAll(flags)
  } catch (error) {
    totals.failed += 1
    told('run', false, performance.now() - startedAt, textOf(error))
  }
  if (existsSync(skippedFile)) notRun.push(...readFileSync(skippedFile, 'utf8').trim().split('\n'))
  say(`\nTook ${inSeconds(performance.now() - startedAt)}.`)
  say(notRun.length === 0 ? 'Nothing was skipped.' : 'Not run here:')
  for (const line of notRun) say(`  ${line}`)
  if (mendedAlone.length > 0) say('Failed first and passed when run alone:')
  for (const line of mendedAlone) say(`  ${line}`)
  if (failedAlone.length > 0) say('Failed, and failed again when run alone:')
  for (const line of failedAlone) say(`  ${line}`)
  say(`${totals.passed} passed, ${totals.failed} failed`)
  return totals.failed > 0 || totals.passed === 0 ? 1 : 0
}

async function runAll({ only, updateGolden, verbose }: Flags): Promise<void> {
  if (updateGolden) await updateGoldenFiles(only)
  if (only.length === 0) {
    await gate('types', [process.execPath, toolFile('typescript/bin/tsc'), '-b'])
    await gate('lint', [process.execPath, toolFile('oxlint/bin/oxlint'), '--deny-warnings'])
    await gate('format', [process.execPath, toolFile('@biomejs/biome/bin/biome'), 'format', '.'])
  }
  await buildGate()
  const chosen = only.length === 0 ? projects : only
  const env = await prepare(chosen)
  const screen = chosen.includes('hosts') ? await borrowedScreen() : []
  mkdirSync(left)
  // Servers that give up being root must reach their folders below it.
  for (const folder of [scratch, left]) chmodSync(folder, 0o755)
  // Where something throws, the run ends all the same.
  const sweeping = setInterval(() => noteCanaries(sweepProcesses() ?? []), sweepEveryMs).unref()
  for (const project of chosen)
    await runProject(project, { screen: project === 'hosts' ? screen : [], env, verbose, scratch })
  clearInterval(sweeping)
  canaryGate()
}

/** A check that passes or fails as a whole, and counts as one. */
async function gate(name: string, command: readonly string[]): Promise<void> {
  const { code, output, tookMs } = await runs(command, gateWithinMs)
  totals[code === 0 ? 'passed' : 'failed'] += 1
  told(name, code === 0, tookMs, code === 0 ? '' : output)
}

async function buildGate(): Promise<void> {
  const startedAt = performance.now()
  try {
    await ensureBuilt()
    totals.passed += 1
    told('build', true, performance.now() - startedAt)
  } catch (error) {
    totals.failed += 1
    told('build', false, performance.now() - startedAt, textOf(error))
  }
}

/**
 * Passwords of tests are canaries. Folders are swept as a test takes them away; here what the run has left behind, what it
 * printed, and what other processes could see while it ran. One gate more that passes or fails.
 */
function canaryGate(): void {
  const startedAt = performance.now()
  noteCanaries(sweepFolder(left))
  if (sweepProcesses() === null)
    notRun.push('Sweeping the arguments and environments of processes: this system has no /proc')
  const hits = [...canaryHits.values()]
  totals[hits.length === 0 ? 'passed' : 'failed'] += 1
  const account = hits.length === 0 ? '' : `Secrets in clear:\n${hits.map(hitLine).join('\n')}`
  told('canaries', hits.length === 0, performance.now() - startedAt, account)
}

function noteCanaries(hits: readonly CanaryHit[]): void {
  for (const hit of hits) canaryHits.set(hitLine(hit), hit)
}

/** Finds what the tests of these projects need beside Node; what cannot be had is said. */
async function prepare(chosen: readonly string[]): Promise<Record<string, string>> {
  const env: Record<string, string> = { ROOKERY_SKIPPED_FILE: skippedFile, TMPDIR: left }
  if (chosen.includes('hosts')) {
    const chromium = await findOrInstallChromium(say)
    if (chromium.path === null) notRun.push(`Journeys in the browser: ${chromium.why}`)
    else env.ROOKERY_CHROMIUM = chromium.path
  }
  if (chosen.includes('integration') || chosen.includes('hosts')) {
    const why = await findOrInstallNsd(say)
    if (why !== null) notRun.push(`Tests against NSD: ${why}`)
    if (chosen.includes('integration')) await tryToInstallRest(say)
  }
  return env
}

/** What the command of the host tests is put behind, so that Electron, where it is, has a display. */
async function borrowedScreen(): Promise<string[]> {
  if (findElectron(projectRoot) === null || hasDisplay(process.platform, process.env)) return []
  if (!existsSync(xvfbRun)) await installPackages(['xvfb', 'xauth'], say)
  return existsSync(xvfbRun) ? [xvfbRun, '-a'] : []
}

/** One look at everything and, where it is fair, a second one at the files that failed, alone. */
async function runProject(project: string, surroundings: Surroundings): Promise<void> {
  const look = async (files: readonly string[]) => {
    const run = await runVitest(project, files, surroundings)
    noteCanaries(sweepText(run.output, `what the tests of ${project} printed`))
    return run
  }
  const first = await look([])
  const again = filesToTryAgain(project, first.counts)
  const second = again.length === 0 ? null : await look(again)
  const { passed, failed, mended, failedTwice } = outcomeOf(first, again, second)
  totals.passed += passed
  totals.failed += failed
  mendedAlone.push(...mended)
  failedAlone.push(...failedTwice)
  for (const { file, tests } of first.counts?.skipped ?? []) notRun.push(`${file}: ${tests} tests`)
  notRun.push(...(first.counts?.reasons ?? []))
  // What failed is shown even where it passed later: it is the only trace of a rare fault.
  const shown = failedOf(first) > 0 && !surroundings.verbose ? failuresOf(first.output) : ''
  const tookMs = first.tookMs + (second?.tookMs ?? 0)
  told(project, failed === 0, tookMs, shown, `${passed} passed${failed > 0 ? `, ${failed} failed` : ''}`)
}

async function updateGoldenFiles(only: readonly string[]): Promise<void> {
  const vitest = [process.execPath, toolFile('vitest/vitest.mjs'), 'run', '--update', 'all', '--no-color']
  const projectFlags = (only.length > 0 ? only : keepsGolden).flatMap(project => ['--project', project])
  await runs([...vitest, ...projectFlags], projectWithinMs, { UPDATE_GOLDEN: '1' })
  await runs(
    [process.execPath, toolFile('@biomejs/biome/bin/biome'), 'format', '--write', 'test/contract/golden'],
    gateWithinMs,
  )
  say('The golden files and snapshots were written anew. What follows compares with them.')
}

function told(name: string, isGood: boolean, tookMs: number, output = '', detail = ''): void {
  if (output !== '') say(`\n${output.trimEnd()}\n`)
  say(
    `${isGood ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${inSeconds(tookMs).padStart(8)}  ${detail}`.trimEnd(),
  )
}

type Flags = { only: string[]; updateGolden: boolean; verbose: boolean }

function readFlags(): Flags | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'update-golden': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const unknown = positionals.filter(name => !projects.includes(name))
    if (!values.help && unknown.length === 0) {
      return { only: positionals, updateGolden: values['update-golden'], verbose: values.verbose }
    }
    if (unknown.length > 0)
      say(`There is no project ${unknown.join(', ')}; there are ${projects.join(', ')}.\n`)
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n`)
  }
  say(usage)
  return null
}

function holdsTests(folder: string): boolean {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(file => /\.test\.tsx?$/.test(file))
}

/** The quick ones first. */
function rank(project: string): number {
  const order = ['unit', 'contract', 'integration', 'hosts']
  return order.includes(project) ? order.indexOf(project) : order.length
}
