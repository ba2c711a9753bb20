import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

/** Property tests try the same values each time, so that none fails by chance; `ROOKERY_SEED=7` for others. */
const seed = Number(process.env['ROOKERY_SEED'] ?? 20_261_122)

const { testPath } = expect.getState()
// Most tests have no use for it, and loading it takes time.
if (testPath !== undefined && readFileSync(testPath, 'utf8').includes("from 'fast-check'")) {
  const { configureGlobal } = await import('fast-check')
  configureGlobal({ seed })
}
