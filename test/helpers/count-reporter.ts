import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** What `test/run.ts` reads after a project has run. */
export type Counts = {
  readonly passed: number
  /** Tests that did not run, by file. */
  readonly skipped: readonly { readonly file: string; readonly tests: number }[]
  /** Files with at least one failure, with the names of what failed in them: tests, hooks of suites, or the file itself. */
  readonly failures: readonly {
    readonly file: string
    readonly passed: number
    readonly names: readonly string[]
  }[]
  /** Errors that belong to no file. */
  readonly unhandled: number
  /** Why, in the words of the files themselves. */
  readonly reasons: readonly string[]
}

/** Writes the counts of one run to the file named by ROOKERY_COUNTS_FILE. */
export default function countReporter(): Reporter {
  const reasons = new Set<string>()
  return {
    onUserConsoleLog: ({ content }) => {
      for (const line of content.split('\n')) if (line.startsWith('skipped: ')) reasons.add(line.slice(9))
    },
    onTestRunEnd: (modules, unhandled) => {
      const file = process.env.ROOKERY_COUNTS_FILE
      if (file === undefined) return
      const counted = modules.map(countModule)
      const counts: Counts = {
        passed: counted.reduce((total, one) => total + one.passed, 0),
        failures: counted.filter(({ names }) => names.length > 0),
        unhandled: unhandled.length,
        skipped: counted.filter(one => one.skipped > 0).map(one => ({ file: one.file, tests: one.skipped })),
        reasons: [...reasons],
      }
      writeFileSync(file, JSON.stringify(counts))
    },
  }
}

type ModuleCounts = { file: string; passed: number; skipped: number; names: string[] }

function countModule(module: TestModule): ModuleCounts {
  const counts: ModuleCounts = { file: module.relativeModuleId, passed: 0, skipped: 0, names: [] }
  counts.names.push(...module.errors().map(() => 'the file itself'))
  for (const suite of module.children.allSuites())
    counts.names.push(...suite.errors().map(() => suite.fullName))
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    // A test that is still pending when the run ends was cut off.
    if (state === 'failed' || state === 'pending') counts.names.push(test.fullName)
    else counts[state] += 1
  }
  return counts
}
