import { z } from 'zod'

/** How long a day may take while the time of the demo is played. */
export const demoDayMs = { least: 500, usual: 2_000, most: 60_000 } as const
/** A month, as it is played from the banner. */
export const demoMonthDays = 30

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
