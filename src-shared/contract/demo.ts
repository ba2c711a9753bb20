import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { demoDayMs } from '../model/demo-values.ts'
import { demoTimeSchema } from '../model/demo.ts'
import { nothing, resultOf } from '../model/result.ts'

const msPerDay = z.number().int().min(demoDayMs.least).max(demoDayMs.most)

/** The time of the demo workspace. Everywhere else each of these fails with `not-allowed`: real mail has real time. */
export const demo = {
  /** How its time stands: at once, then while it is played, at most four times a second. */
  watch: oc.output(eventIterator(demoTimeSchema, resultOf(nothing))),

  /**
   * Plays so many days from now on; with null to where the last ones were to end, and nothing when that is past. What is
   * being played goes on at the new speed.
   */
  play: oc
    .input(z.object({ days: z.number().int().min(1).max(90).nullable(), msPerDay }))
    .output(resultOf(nothing)),

  /** Stops where it is; from there on time passes as everywhere. */
  pause: oc.output(resultOf(nothing)),
}
