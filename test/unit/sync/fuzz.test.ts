import { expect, it } from 'vitest'
import { temporaryFolder } from '../../helpers/platform.ts'
import { playSync } from '../../helpers/sync-fuzz.ts'

/** A bounded number of runs; `npm run fuzz:sync` plays as many as one likes. */
const runs = 60
const steps = 250

it('two devices and the server come to the same, and nothing is lost on the way', async () => {
  const whole = { faults: 0, crashes: 0, conflicts: 0 }
  for (let seed = 1; seed <= runs; seed += 1) {
    const story = await playSync(seed, steps)
    whole.faults += story.faults
    whole.crashes += story.crashes
    whole.conflicts += story.conflicts
  }
  // Otherwise it would have shown nothing.
  expect(whole.faults).toBeGreaterThan(runs * 5)
  expect(whole.crashes).toBeGreaterThan(runs)
  expect(whole.conflicts).toBeGreaterThan(runs / 2)
}, 120_000)

it('so do two on files, closed and opened again at each crash', async () => {
  let crashes = 0
  for (let seed = 501; seed <= 502; seed += 1) {
    const folders = [temporaryFolder(), temporaryFolder()] as const
    try {
      crashes += (await playSync(seed, 200, [folders[0].path, folders[1].path])).crashes
    } finally {
      for (const folder of folders) folder.remove()
    }
  }
  expect(crashes).toBeGreaterThan(5)
}, 120_000)
