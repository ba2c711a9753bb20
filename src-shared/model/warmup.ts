import { z } from 'zod'

/** How fast the volume grows; `custom` brings its own table. */
export const warmupStrategies = ['conservative', 'moderate', 'aggressive', 'custom'] as const
export const warmupStrategySchema = z.enum(warmupStrategies)
export type WarmupStrategy = z.infer<typeof warmupStrategySchema>

/** The way from the first volume to the target: the same step a day, slow at both ends, or a rise every five days. */
export const rampCurves = ['linear', 's-curve', 'steps'] as const
export const rampCurveSchema = z.enum(rampCurves)
export type RampCurve = z.infer<typeof rampCurveSchema>

export const textLanguages = ['en', 'de', 'fr', 'es', 'it'] as const
export const textLanguageSchema = z.enum(textLanguages)
export type TextLanguage = z.infer<typeof textLanguageSchema>

export const minutesOfDay = 24 * 60

/** Minutes after local midnight: `from` belongs to the window, `to` does not. */
export const sendWindowSchema = z
  .object({
    fromMinute: z.number().int().min(0).max(minutesOfDay),
    toMinute: z.number().int().min(0).max(minutesOfDay),
  })
  .refine(({ fromMinute, toMinute }) => fromMinute < toMinute)
export type SendWindow = z.infer<typeof sendWindowSchema>

export const localDateSchema = z.iso.date()

export const warmupSettingsSchema = z.object({
  strategy: warmupStrategySchema,
  curve: rampCurveSchema,
  /** Messages a day at the end of the ramp; warmup and campaigns together stay below 50. */
  targetPerDay: z.number().int().min(5).max(50),
  /** Messages on the first day; null lets the seed choose within the strategy's range. */
  startPerDay: z.number().int().min(2).max(5).nullable(),
  /** Messages a day, the first day first; read with the strategy `custom` alone. */
  customPerDay: z.array(z.number().int().min(0).max(50)).max(120),
  /** Share by which a day may differ from the ramp. */
  variance: z.number().min(0).max(0.2),
  timeZone: z.string(),
  window: sendWindowSchema,
  /** ISO weekdays, Monday 1 to Sunday 7. */
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  /** Local dates on which nothing is sent. */
  holidays: z.array(localDateSchema).max(400),
  /** Share of received messages that are answered. */
  replyRate: z.number().min(0.2).max(0.6),
})
export type WarmupSettings = z.infer<typeof warmupSettingsSchema>

/** What the mailboxes of a domain begin to warm up with, unless one is given settings of its own. */
export const warmupDefaultsSchema = warmupSettingsSchema.pick({ window: true, weekdays: true }).extend({
  strategy: warmupStrategySchema.exclude(['custom']),
  /** Messages a day at the end of the ramp; null takes what the strategy proposes. */
  targetPerDay: warmupSettingsSchema.shape.targetPerDay.nullable(),
})
export type WarmupDefaults = z.infer<typeof warmupDefaultsSchema>

/** What all mailboxes of a domain may send together in a day, campaigns included. */
export const domainPerDaySchema = z.number().int().min(1).max(100_000)

/** `ramp` to the target, `hold` at it until the mailbox is ready, then `maintenance`. */
export const warmupPhases = ['ramp', 'hold', 'maintenance'] as const
export const warmupPhaseSchema = z.enum(warmupPhases)
export type WarmupPhase = z.infer<typeof warmupPhaseSchema>

/** What kept a day below what the ramp asked for. */
export const volumeLimits = [
  'daily-limit',
  'combined-limit',
  'mail-provider',
  'domain',
  'provider-pace',
  'window',
  'pool',
  'health',
] as const
export const volumeLimitSchema = z.enum(volumeLimits)
export type VolumeLimit = z.infer<typeof volumeLimitSchema>

export const milestoneCodes = [
  'start',
  'half-of-target',
  'ready-at-the-earliest',
  'target',
  'maintenance',
] as const
export const milestoneSchema = z.object({
  code: z.enum(milestoneCodes),
  /** Warmup day, the first is 1. */
  day: z.number().int().positive(),
  date: localDateSchema,
  perDay: z.number().int().nonnegative(),
})
export type MilestoneCode = (typeof milestoneCodes)[number]
export type Milestone = z.infer<typeof milestoneSchema>

export const rampPreviewSchema = z.object({
  /** Days of the ramp, for "day 15 of 30". */
  of: z.number().int().positive(),
  days: z.array(
    z.object({
      day: z.number().int().positive(),
      date: localDateSchema,
      phase: warmupPhaseSchema,
      perDay: z.number().int().nonnegative(),
      least: z.number().int().nonnegative(),
      most: z.number().int().nonnegative(),
    }),
  ),
  milestones: z.array(milestoneSchema),
  /** Messages over all days of the preview, variance left out. */
  total: z.number().int().nonnegative(),
  /** The volume grows by more than two messages from one day to the next. */
  steep: z.boolean(),
})
export type RampPreview = z.infer<typeof rampPreviewSchema>

/** What a pool can and cannot do, told before anything is sent. */
export const poolNotes = [
  'alone',
  'one-pair',
  'few-mailboxes',
  'target-out-of-reach',
  'one-domain',
  'one-provider',
] as const
export type PoolNote = (typeof poolNotes)[number]

export const poolReachSchema = z.object({
  mailboxes: z.number().int().nonnegative(),
  pairs: z.number().int().nonnegative(),
  /** In the long run, over the whole pool. */
  threadsPerDay: z.number().nonnegative(),
  messagesPerMailboxPerDay: z.number().nonnegative(),
  /** How many mailboxes it takes for the target. */
  mailboxesForTarget: z.number().int().positive(),
  notes: z.array(z.enum(poolNotes)),
})
export type PoolReach = z.infer<typeof poolReachSchema>

/** What can be wrong with a template of a person's own. */
export const templateProblemCodes = [
  'unclosed',
  'unopened',
  'stray-bar',
  'empty-choice',
  'too-deep',
  'too-long',
  'unknown-placeholder',
  'link',
  'markup',
  'empty',
] as const
export type TemplateProblemCode = (typeof templateProblemCodes)[number]

export const templateProblemSchema = z.object({
  code: z.enum(templateProblemCodes),
  /** Where in the text, counted from 1. */
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  /** The piece that is wrong. */
  piece: z.string(),
})
export type TemplateProblem = z.infer<typeof templateProblemSchema>

/** Why a message is not taken for one of ours. */
export const tokenRefusals = [
  'missing',
  'malformed',
  'forged',
  'expired',
  'other-message',
  'other-mailbox',
  'other-thread',
  'replayed',
] as const
export type TokenRefusal = (typeof tokenRefusals)[number]
