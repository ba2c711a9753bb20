import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** What `test/run.ts` reads after a project has run. */
export type Counts = {
  readonly passed: number
  /** Tests, files that could not be loaded, suites whose hooks failed, and errors that no test caught. */
  readonly failed: number
  /** Tests that did not run, by file. */
  readonly skipped: readonly { readonly file: string; readonly tests: number }[]
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
      const sum = (of: (one: ModuleCounts) => number) => counted.reduce((total, one) => total + of(one), 0)
      const counts: Counts = {
        passed: sum(one => one.passed),
        failed: sum(one => one.failed) + unhandled.length,
        skipped: counted.filter(one => one.skipped > 0).map(one => ({ file: one.file, tests: one.skipped })),
        reasons: [...reasons],
      }
      writeFileSync(file, JSON.stringify(counts))
    },
  }
}

type ModuleCounts = { file: string; passed: number; failed: number; skipped: number }

function countModule(module: TestModule): ModuleCounts {
  const counts = { file: module.relativeModuleId, passed: 0, failed: module.errors().length, skipped: 0 }
  for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    // A test that is still pending when the run ends was cut off.
    counts[state === 'pending' ? 'failed' : state] += 1
  }
  return counts
}
