import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { runs, toolFile } from './command.ts'
import type { Counts } from './count-reporter.ts'

/** Pages that are slowed down on purpose, to find what holds by haste alone, take several times as long. */
const isSlowed = 'ROOKERY_SLOW_MO' in process.env || 'ROOKERY_CPU_SLOWDOWN' in process.env
export const projectWithinMs = (isSlowed ? 60 : 12) * 60_000
/** Decision 22: which projects talk to servers and browsers that a busy machine can starve. */
const mayTryAgain = ['integration', 'hosts']
/** More than that is no accident. */
const mostFilesTriedAgain = 3
/** What these find is rare by its nature: once is enough. */
const neverTriedAgain = /crash|kill|canary|lock|engine-sync/

/** One run of the test runner over a project or some of its files. */
export type Run = { code: number | null; output: string; tookMs: number; counts: Counts | null }

/** What runs of one `npm test` share. */
export type Surroundings = {
  /** The command it is put behind, if any. */
  readonly screen: readonly string[]
  readonly env: Record<string, string>
  /** Print what the runner prints, as it prints it. */
  readonly verbose: boolean
  readonly scratch: string
}

/** Runs a project, or some of its files, to its end and counts. */
export async function runVitest(
  project: string,
  files: readonly string[],
  { screen, env, verbose, scratch }: Surroundings,
): Promise<Run> {
  const countsFile = join(scratch, `${project}.json`)
  rmSync(countsFile, { force: true })
  const reporters = ['--reporter', 'default', '--reporter', './test/helpers/count-reporter.ts', '--no-color']
  const vitest = [process.execPath, toolFile('vitest/vitest.mjs'), 'run', '--project', project, ...reporters]
  const { code, output, tookMs } = await runs(
    [...screen, ...vitest, ...files],
    projectWithinMs,
    { ...env, ROOKERY_COUNTS_FILE: countsFile },
    verbose ? text => process.stdout.write(text) : undefined,
  )
  return { code, output, tookMs, counts: readCounts(countsFile) }
}

function passedOf({ counts }: Run): number {
  return counts?.passed ?? 0
}

/** A runner that died, found nothing or is unhappy for a reason of its own must not pass. */
export function failedOf({ code, counts }: Run): number {
  const counted =
    counts === null ? 0 : counts.failures.reduce((sum, { names }) => sum + names.length, counts.unhandled)
  const ran = (counts?.passed ?? 0) + counted > 0
  return counted + (!ran || (code !== 0 && counted === 0) ? 1 : 0)
}

/** How many of these files' tests passed although something in the file failed. */
function passedWithin({ counts }: Run, files: readonly string[]): number {
  return (counts?.failures ?? []).reduce(
    (sum, { file, passed }) => sum + (files.includes(file) ? passed : 0),
    0,
  )
}

/** The files that failed, where a second look is fair; else none. */
export function filesToTryAgain(project: string, counts: Counts | null): string[] {
  if (counts === null || counts.unhandled > 0 || !mayTryAgain.includes(project)) return []
  const files = counts.failures.map(({ file }) => file)
  const isFair = files.length <= mostFilesTriedAgain && !files.some(file => neverTriedAgain.test(file))
  return isFair ? files : []
}

export type Outcome = {
  readonly passed: number
  readonly failed: number
  /** What failed first and passed when its file was run alone, as `file: name`. */
  readonly mended: readonly string[]
  /** What failed when it was run alone, too. */
  readonly failedTwice: readonly string[]
}

/** What a project comes to after a look at everything and, where one was taken, a second one at these files alone. */
export function outcomeOf(first: Run, again: readonly string[] = [], second: Run | null = null): Outcome {
  const once = { passed: passedOf(first), failed: failedOf(first), mended: [], failedTwice: [] }
  if (second === null) return once
  const before = passedWithin(first, again)
  if (second.code === 0 && passedOf(second) > before)
    return { ...once, passed: once.passed + passedOf(second) - before, failed: 0, mended: failedIn(first) }
  const failedTwice = failedIn(second)
  // A runner that died tells of no test; that it was tried is told all the same.
  return {
    ...once,
    failedTwice: failedTwice.length > 0 ? failedTwice : again.map(file => `${file}: as a whole`),
  }
}

function failedIn({ counts }: Run): string[] {
  return (counts?.failures ?? []).flatMap(({ file, names }) => names.map(name => `${file}: ${name}`))
}

/** The test runner's account of what failed, without the list of what passed. */
export function failuresOf(output: string): string {
  const plain = stripVTControlCharacters(output)
  const at = plain.search(/^⎯+ (Failed|Unhandled)/m)
  return at < 0 ? plain : plain.slice(at)
}

function readCounts(file: string): Counts | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
