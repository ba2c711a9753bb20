import type { WarmupSettings, WarmupStrategy } from '#shared/model/warmup.ts'

type Ramp = {
  /** Days on which mail is sent. */
  readonly days: number
  /** Messages on the first day; the seed chooses. */
  readonly start: readonly [least: number, most: number]
  /** What is proposed as target, so that the volume grows by one or two messages a day. */
  readonly targetPerDay: number
}

/** The ramps on offer: field notes C0, where vendors agree on 2 to 5 at the start and 1 to 2 more each day. */
export const ramps: Readonly<Record<Exclude<WarmupStrategy, 'custom'>, Ramp>> = {
  conservative: { days: 30, start: [2, 3], targetPerDay: 40 },
  moderate: { days: 20, start: [3, 4], targetPerDay: 30 },
  aggressive: { days: 10, start: [4, 5], targetPerDay: 20 },
}

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
  yahoo: 500,
  zoho: 50,
  icloud: 1_000,
  godaddy: 250,
  titan: 500,
  hostinger: 1_000,
}

/** The settings of a mailbox nobody has changed. */
export function defaultSettings(strategy: WarmupStrategy, timeZone: string): WarmupSettings {
  return {
    strategy,
    curve: 'linear',
    targetPerDay: strategy === 'custom' ? ramps.moderate.targetPerDay : ramps[strategy].targetPerDay,
    startPerDay: null,
    customPerDay: [],
    variance: 0.2,
    timeZone,
    window: { fromMinute: 9 * 60, toMinute: 18 * 60 },
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    holidays: [],
    replyRate: 0.4,
  }
}
