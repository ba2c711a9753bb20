import { playSync } from '../helpers/sync-fuzz.ts'

/** `npm run fuzz:sync [runs] [first seed] [steps]`: as many runs as one likes; stops at the first that fails. */
const [runs = 2_000, first = 1_000, steps = 400] = process.argv.slice(2).map(Number)

const whole = { steps: 0, calls: 0, faults: 0, crashes: 0, conflicts: 0 }
for (let seed = first; seed < first + runs; seed += 1) {
  const story = await playSync(seed, steps)
  for (const key of Object.keys(whole) as (keyof typeof whole)[]) whole[key] += story[key]
}
console.log(`${runs} runs from seed ${first}: ${JSON.stringify(whole)}`)
