import { describe, expect, it } from 'vitest'
import type { Counts } from '../../helpers/count-reporter.ts'
import { filesToTryAgain, outcomeOf, type Run } from '../../helpers/project-run.ts'

const nothing: Counts = { passed: 0, skipped: [], failures: [], unhandled: 0, reasons: [] }
const run = (counts: Partial<Counts> | null): Run => ({
  code: counts !== null && (counts.failures ?? []).length === 0 ? 0 : 1,
  output: '',
  tookMs: 1,
  counts: counts === null ? null : { ...nothing, ...counts },
})
const file = 'test/hosts/journey-list.test.ts'
const failures = [{ file, passed: 10, names: ['finds it', 'sorts it'] }]
/** A project of 300 tests; two of the twelve in one file failed. */
const first = run({ passed: 298, failures })
const failed = (...files: string[]): Counts => ({
  ...nothing,
  failures: files.map(one => ({ file: one, passed: 0, names: ['a'] })),
})

describe('a second look at a file that failed', () => {
  it('is not needed where nothing failed', () => {
    expect(outcomeOf(run({ passed: 300 }))).toEqual({ passed: 300, failed: 0, mended: [], failedTwice: [] })
  })

  it('counts what passes then, and names what failed first', () => {
    const second = run({ passed: 12 })
    expect(outcomeOf(first, [file], second)).toEqual({
      passed: 300,
      failed: 0,
      mended: [`${file}: finds it`, `${file}: sorts it`],
      failedTwice: [],
    })
  })

  it('leaves what fails again as it was, and names it', () => {
    const second = run({ passed: 11, failures: [{ file, passed: 11, names: ['sorts it'] }] })
    expect(outcomeOf(first, [file], second)).toEqual({
      passed: 298,
      failed: 2,
      mended: [],
      failedTwice: [`${file}: sorts it`],
    })
  })

  it('is named also where it broke off or found no test, and mends nothing then', () => {
    for (const second of [run(null), run({ passed: 10 })]) {
      expect(outcomeOf(first, [file], second)).toEqual({
        passed: 298,
        failed: 2,
        mended: [],
        failedTwice: [`${file}: as a whole`],
      })
    }
  })

  it('is given to hosts and integration alone, to three files, and to none whose finding is rare', () => {
    expect(filesToTryAgain('hosts', failed(file))).toEqual([file])
    expect(filesToTryAgain('unit', failed('a.test.ts'))).toEqual([])
    expect(filesToTryAgain('hosts', failed('a', 'b', 'c', 'd'))).toEqual([])
    expect(filesToTryAgain('integration', failed('vault-crash.test.ts', 'cli.test.ts'))).toEqual([])
    expect(filesToTryAgain('hosts', { ...failed(file), unhandled: 1 })).toEqual([])
    expect(filesToTryAgain('hosts', null)).toEqual([])
  })
})
