import type { VolumeLimit } from './model/warmup.ts'

/** Everything a mailbox sends in a day, campaigns included; above it providers have closed accounts (field notes C0). */
export const combinedPerDay = 50

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

export type RoomLimit = Extract<VolumeLimit, 'daily-limit' | 'combined-limit' | 'mail-provider'>

export type WarmupRoom = {
  /** What the tightest limit allows in a day, campaigns included. */
  readonly perDay: number
  readonly limitedBy: RoomLimit
  /** What is left of it for warmup. */
  readonly left: number
}

/** How much of a day is left for warmup beside a person's own campaign. Pure. */
export function warmupRoom({
  dailyLimit,
  providerPerDay,
  campaign,
}: {
  readonly dailyLimit: number
  /** Null when it is not known. */
  readonly providerPerDay: number | null
  readonly campaign: number
}): WarmupRoom {
  const limits: readonly (readonly [RoomLimit, number])[] = [
    ['daily-limit', dailyLimit],
    ['combined-limit', combinedPerDay],
    ['mail-provider', providerPerDay ?? Number.POSITIVE_INFINITY],
  ]
  const [limitedBy, perDay] = limits.reduce((a, b) => (b[1] < a[1] ? b : a))
  return { perDay, limitedBy, left: Math.max(0, perDay - campaign) }
}
