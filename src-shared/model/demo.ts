import { z } from 'zod'

/** The time of the demo workspace, which may be ahead of the real one. */
export const demoTimeSchema = z.object({
  now: z.number().int(),
  isPlaying: z.boolean(),
  /** Real milliseconds for a day, when it is played. */
  msPerDay: z.number().int(),
  /** What is or was played last; null before the first time. */
  played: z.object({ fromAt: z.number().int(), untilAt: z.number().int() }).nullable(),
})
export type DemoTime = z.infer<typeof demoTimeSchema>
