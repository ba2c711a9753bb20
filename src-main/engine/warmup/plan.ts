import type {
  Milestone,
  RampCurve,
  RampPreview,
  VolumeLimit,
  WarmupPhase,
  WarmupSettings,
} from '#shared/model/warmup.ts'
import { warmupRoom } from '#shared/warmup-room.ts'
import { dateAfter, isSendingDay } from './local-day.ts'
import { randomOf, wholeOf } from './random.ts'
import { maintenance, ramps, readiness, steepStep } from './strategies.ts'

export type RampSettings = Pick<
  WarmupSettings,
  'strategy' | 'curve' | 'targetPerDay' | 'startPerDay' | 'customPerDay' | 'variance'
>

/** Messages of one warmup day before any limit; `least` and `most` are what the variance allows. */
export type Nominal = {
  readonly phase: WarmupPhase
  readonly perDay: number
  readonly least: number
  readonly most: number
}

export type MailboxLimits = {
  /** What the person lets the mailbox send in a day, campaigns included. */
  readonly dailyLimit: number
  /** What the mail provider lets it send in a day; null when that is not known. */
  readonly providerPerDay: number | null
  /** Campaign messages sent or planned for this day. */
  readonly campaignToday: number
}

export type DayVolume = {
  readonly phase: WarmupPhase
  /** The most that may be sent, whatever the variance. */
  readonly cap: number
  /** What the ramp wants today, variance, health and limits included; never above `cap`. */
  readonly wanted: number
  readonly limitedBy: VolumeLimit | null
}

/** Days of the ramp: the second number of "day 15 of 30". */
export function rampDays({ strategy, customPerDay }: RampSettings): number {
  return strategy === 'custom' ? Math.max(1, customPerDay.length) : ramps[strategy].days
}

/**
 * Messages of a warmup day, counted from 1; only days on which the mailbox sends count. After the ramp the volume holds
 * at the target until `ready`, then falls to maintenance. Pure; `seed` and `mailboxId` choose first day and maintenance.
 */
export function nominalOf(
  settings: RampSettings,
  warmupDay: number,
  chosenBy: { readonly seed: string; readonly mailboxId: string; readonly ready: boolean },
): Nominal {
  const { strategy, variance } = settings
  const length = rampDays(settings)
  const random = randomOf(chosenBy.seed, 'level', chosenBy.mailboxId)
  if (warmupDay > length && chosenBy.ready) {
    const perDay = wholeOf(random, ...maintenance.usual)
    const { least, most } = maintenance
    const around = spreadOf(perDay, variance)
    return {
      phase: 'maintenance',
      perDay,
      least: Math.max(least, around.least),
      most: Math.min(most, around.most),
    }
  }
  const phase = warmupDay > length ? 'hold' : 'ramp'
  const day = Math.min(Math.max(1, warmupDay), length)
  if (strategy === 'custom') {
    const perDay = settings.customPerDay[day - 1] ?? 0
    return { phase, perDay, ...spreadOf(perDay, variance) }
  }
  const start = settings.startPerDay ?? wholeOf(random, ...ramps[strategy].start)
  const target = Math.max(start, settings.targetPerDay)
  if (day === 1) return { phase, perDay: start, least: start, most: start }
  const perDay = start + (target - start) * shareOf(settings.curve, day, length)
  return { phase, perDay, ...spreadOf(perDay, variance) }
}

/**
 * What one mailbox may and should send on one warmup day. `factor` is the effect of its health: 1, 0.5 or 0. Pure: the
 * same seed, mailbox and date give the same volume.
 */
export function volumeOf(input: {
  readonly settings: RampSettings
  readonly warmupDay: number
  readonly date: string
  readonly mailboxId: string
  readonly seed: string
  readonly ready: boolean
  readonly factor: number
  readonly limits: MailboxLimits
}): DayVolume {
  const { settings, warmupDay, mailboxId, seed, ready, factor, limits } = input
  const nominal = nominalOf(settings, warmupDay, { seed, mailboxId, ready })
  const random = randomOf(seed, 'volume', mailboxId, input.date)
  const drawn = Math.round(nominal.perDay * (1 + (random() * 2 - 1) * settings.variance))
  const asked = Math.min(nominal.most, Math.max(nominal.least, drawn))
  const most = Math.floor(nominal.most * factor)
  const room = warmupRoom({ ...limits, campaign: limits.campaignToday })
  const bounds: readonly (readonly [VolumeLimit, number])[] = [
    ['health', factor < 1 ? most : Number.POSITIVE_INFINITY],
    [room.limitedBy, room.left],
  ]
  const tightest = bounds.reduce((a, b) => (b[1] < a[1] ? b : a))
  const cap = Math.max(0, Math.min(most, tightest[1]))
  const wanted = Math.min(cap, factor < 1 ? Math.round(asked * factor) : asked)
  return { phase: nominal.phase, cap, wanted, limitedBy: wanted < asked ? tightest[0] : null }
}

/**
 * The whole way ahead for a chart: `days` warmup days from `startDate` (local, `YYYY-MM-DD`), rest days skipped, with its
 * milestones in order. Pure.
 */
export function previewRamp(
  settings: WarmupSettings,
  input: {
    readonly startDate: string
    readonly days: number
    readonly seed: string
    readonly mailboxId: string
  },
): RampPreview {
  const of = rampDays(settings)
  let date = input.startDate
  let total = 0
  const days = Array.from({ length: input.days }, (_, index) => {
    if (index > 0) date = dateAfter(date, 1)
    // A list of holidays is finite and a weekday is always open, so this ends.
    while (!isSendingDay(date, settings)) date = dateAfter(date, 1)
    const { phase, perDay, least, most } = nominalOf(settings, index + 1, { ...input, ready: true })
    total += Math.round(perDay)
    return { day: index + 1, date, phase, perDay: Math.round(perDay), least, most, sentBefore: total }
  })
  const target = Math.max(...days.filter(({ phase }) => phase === 'ramp').map(({ perDay }) => perDay), 0)
  const milestones: Milestone[] = (
    [
      ['start', days[0]],
      ['half-of-target', days.find(({ perDay }) => perDay * 2 >= target)],
      [
        'ready-at-the-earliest',
        days.find(({ day, sentBefore }) => day >= readiness.days && sentBefore >= readiness.sends),
      ],
      ['target', days.find(({ perDay }) => perDay >= target)],
      ['maintenance', days.find(({ phase }) => phase === 'maintenance')],
    ] as const
  )
    .flatMap(([code, day]) =>
      day === undefined ? [] : [{ code, day: day.day, date: day.date, perDay: day.perDay }],
    )
    .toSorted((a, b) => a.day - b.day)
  const steps = days
    .slice(1)
    .map(({ phase, perDay }, index) => (phase === 'ramp' ? perDay - (days[index]?.perDay ?? 0) : 0))
  return {
    of,
    days: days.map(({ day, date, phase, perDay, least, most }) => ({
      day,
      date,
      phase,
      perDay,
      least,
      most,
    })),
    milestones,
    total,
    steep: settings.curve !== 'steps' && steps.some(step => step > steepStep),
  }
}

/** The whole numbers within the variance; at least the rounded value itself. */
function spreadOf(perDay: number, variance: number): { least: number; most: number } {
  const rounded = Math.round(perDay)
  return {
    least: Math.min(rounded, Math.ceil(perDay * (1 - variance))),
    most: Math.max(rounded, Math.floor(perDay * (1 + variance))),
  }
}

const daysPerStep = 5

/** How much of the way is behind on a day of the ramp: 0 on the first, 1 on the last. */
function shareOf(curve: RampCurve, day: number, length: number): number {
  const way = length <= 1 ? 1 : (day - 1) / (length - 1)
  switch (curve) {
    case 'linear':
      return way
    case 's-curve':
      return way * way * (3 - 2 * way)
    case 'steps': {
      const steps = Math.max(1, Math.ceil(length / daysPerStep) - 1)
      return Math.min(1, Math.floor((day - 1) / daysPerStep) / steps)
    }
  }
}
