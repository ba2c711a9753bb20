import { expect, it } from 'vitest'
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
})
