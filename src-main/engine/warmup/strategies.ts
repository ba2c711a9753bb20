export { defaultSettings, ramps } from '#shared/warmup-ramps.ts'
export { combinedPerDay, providerPerDay } from '#shared/warmup-room.ts'

/** What stays after the ramp, so that the habit of the mailbox does not break off. */
export const maintenance = { least: 5, most: 15, usual: [7, 12] } as const

/** More than this from one day to the next is called steep. */
export const steepStep = 2

/** When a mailbox counts as ready for outbound mail (field notes C1). */
export const readiness = { sends: 150, days: 14, inboxShare: 0.95, bounceShare: 0.01 } as const

/** Between two messages of one mailbox. */
export const leastGapMs = 10 * 60_000
