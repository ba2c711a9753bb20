import type { WarmupDefaults, WarmupSettings, WarmupStrategy } from './model/warmup.ts'

type Ramp = {
  /** Days on which mail is sent. */
  readonly days: number
  /** Messages on the first day; the seed chooses. */
  readonly start: readonly [least: number, most: number]
  /** What is proposed as target, so that the volume grows by one or two messages a day. */
  readonly targetPerDay: number
}

/** The strategies that are a ramp of ours, the slowest first. */
export const rampStrategies = ['conservative', 'moderate', 'aggressive'] as const
export type RampStrategy = (typeof rampStrategies)[number]

/** The ramps on offer: field notes C0, where vendors agree on 2 to 5 at the start and 1 to 2 more each day. */
export const ramps: Readonly<Record<RampStrategy, Ramp>> = {
  conservative: { days: 30, start: [2, 3], targetPerDay: 40 },
  moderate: { days: 20, start: [3, 4], targetPerDay: 30 },
  aggressive: { days: 10, start: [4, 5], targetPerDay: 20 },
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

/** The strategy of a mailbox whose domain has no defaults. */
export const usualStrategy = 'conservative'

/** What a domain for which nobody chose anything stands for. */
export function usualDefaults(): WarmupDefaults {
  const { window, weekdays } = defaultSettings(usualStrategy, 'UTC')
  return { strategy: usualStrategy, targetPerDay: null, window, weekdays }
}

/** The settings a mailbox begins with: those of its domain, in the mailbox's own time zone. */
export function settingsFrom(defaults: WarmupDefaults | null, timeZone: string): WarmupSettings {
  const { strategy, targetPerDay, window, weekdays } = defaults ?? usualDefaults()
  const usual = defaultSettings(strategy, timeZone)
  return { ...usual, window, weekdays, targetPerDay: targetPerDay ?? usual.targetPerDay }
}
