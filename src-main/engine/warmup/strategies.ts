export { defaultSettings, ramps } from '#shared/warmup-ramps.ts'

/** What stays after the ramp, so that the habit of the mailbox does not break off. */
export const maintenance = { least: 5, most: 15, usual: [7, 12] } as const

/** More than this from one day to the next is called steep. */
export const steepStep = 2

/** When a mailbox counts as ready for outbound mail (field notes C1). */
export const readiness = { sends: 150, days: 14, inboxShare: 0.95, bounceShare: 0.01 } as const

/** Everything a mailbox sends in a day, campaigns included; above it providers have closed accounts (field notes C0). */
export const combinedPerDay = 50

/** Between two messages of one mailbox. */
export const leastGapMs = 10 * 60_000

/** What providers let one mailbox send in a day; presets of field notes D4, the lowest of a range. */
export const providerPerDay: Readonly<Record<string, number>> = {
  gmail: 500,
  google: 2_000,
  microsoft365: 10_000,
  outlook: 300,
  'outlook-com': 300,
  yahoo: 500,
  zoho: 50,
  icloud: 1_000,
  godaddy: 250,
  titan: 500,
  hostinger: 1_000,
}
