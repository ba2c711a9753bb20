import { z } from 'zod'
import { factSchema } from './finding.ts'
import { healthReasonSchema, healthStateSchema } from './mailbox-health.ts'
import { reputationScoreSchema, trendSchema } from './reputation.ts'
import {
  localDateSchema,
  milestoneSchema,
  templateProblemSchema,
  volumeLimitSchema,
  warmupPhaseSchema,
  warmupSettingsSchema,
  warmupStrategySchema,
} from './warmup.ts'

const at = z.number().int()
const count = z.number().int().nonnegative()

/** Where a message of ours was found. `category` is a tab of the inbox, such as Promotions; `missing` was not found in time. */
export const placements = ['inbox', 'category', 'junk', 'missing'] as const
export const placementSchema = z.enum(placements)
export type Placement = z.infer<typeof placementSchema>

/** The state of a mailbox that warms up, as a person sees it, with why and when it is looked at again. */
export const warmupStateSchema = z.object({
  state: healthStateSchema,
  reason: healthReasonSchema,
  sinceAt: at,
  /** The next look, or the end of the wait; null when a person must act. */
  nextAt: at.nullable(),
})
export type WarmupState = z.infer<typeof warmupStateSchema>

/** A mailbox that warms up, as the overview shows it; hundreds of these live in the window's replica. */
export const warmupRowSchema = z.object({
  /** The id of the mailbox. */
  id: z.string(),
  address: z.string(),
  domainId: z.string().nullable(),
  /** Who receives its mail, by id of the provider list; `other` when unknown. */
  provider: z.string(),
  strategy: warmupStrategySchema,
  phase: warmupPhaseSchema,
  state: warmupStateSchema,
  /** "Day 15 of 30"; 0 before the first day on which it sends. */
  day: count,
  of: count,
  today: z.object({
    date: localDateSchema,
    sent: count,
    planned: count,
    cap: count,
    /** What keeps today below the ramp. */
    limitedBy: volumeLimitSchema.nullable(),
    /** The next message, or null when there is none today. */
    nextSendAt: at.nullable(),
  }),
  targetPerDay: count,
  /** Messages of a person's own campaigns, which count against the limits: every day, and today. */
  campaign: z.object({ perDay: count, today: count }),
  /** 0–100, or null while too little is known. */
  score: z.number().int().min(0).max(100).nullable(),
  trend: trendSchema,
  /** Scores of the last 30 days, oldest first, null for a day without one. */
  history: z.array(z.number().int().nullable()).max(30),
  /** Over 28 days. */
  placed: count,
  inInbox: count,
  startedAt: at,
})
export type WarmupRow = z.infer<typeof warmupRowSchema>

/** One day of one mailbox: what the ramp wanted, and what came of it. */
export const warmupDaySchema = z.object({
  date: localDateSchema,
  /** Warmup day, the first is 1; null for a day that does not count (rest day, paused, offline). */
  day: z.number().int().positive().nullable(),
  phase: warmupPhaseSchema,
  cap: count,
  planned: count,
  sent: count,
  received: count,
  bounced: count,
  complaints: count,
  inbox: count,
  category: count,
  junk: count,
  missing: count,
  replied: count,
  rescued: count,
  score: z.number().int().nullable(),
  state: healthStateSchema,
})
export type WarmupDay = z.infer<typeof warmupDaySchema>

/** What the ramp would have been or will be without any limit, for the planned line of the graph. */
export const plannedDaySchema = z.object({
  date: localDateSchema,
  day: z.number().int().positive(),
  phase: warmupPhaseSchema,
  perDay: count,
  least: count,
  most: count,
})

/** What happened to a mailbox in warmup, each with its own facts. */
export const warmupActivityCodes = [
  'started',
  'stopped',
  'settings-changed',
  'campaign-changed',
  'day-planned',
  'sent',
  'refused',
  'settled-sent',
  'settled-not-sent',
  'settled-unknown',
  'dropped-late',
  'found-in-inbox',
  'found-in-category',
  'found-in-junk',
  'not-found',
  'rescued',
  'replied',
  'filed',
  'tidied',
  'bounced',
  'complained',
  'automatic-answer',
  'token-refused',
  'slowed',
  'paused',
  'rate-limited',
  'resumed',
  'phase-changed',
  'offline',
  'online',
  'skipped',
] as const
export const warmupActivityCodeSchema = z.enum(warmupActivityCodes)
export type WarmupActivityCode = z.infer<typeof warmupActivityCodeSchema>

export const warmupActivitySchema = z.object({
  id: z.number().int(),
  at,
  mailboxId: z.string(),
  address: z.string(),
  code: warmupActivityCodeSchema,
  facts: z.record(z.string(), factSchema),
})
export type WarmupActivity = z.infer<typeof warmupActivitySchema>

/** What is behind one mailbox's warmup. */
export const warmupDetailsSchema = z.object({
  row: warmupRowSchema,
  settings: warmupSettingsSchema,
  /** What happened, oldest first, 120 days at most. */
  days: z.array(warmupDaySchema),
  /** The ramp from its start to ten days after its end, for the planned line. */
  planned: z.array(plannedDaySchema),
  milestones: z.array(milestoneSchema.extend({ reachedAt: at.nullable() })),
  score: reputationScoreSchema,
  /** Local times of what is still to be sent today. */
  slots: z.array(at),
  templates: count,
})
export type WarmupDetails = z.infer<typeof warmupDetailsSchema>

/** Placements from one kind of sender to one kind of recipient, over 28 days. */
export const placementCellSchema = z.object({
  from: z.string(),
  to: z.string(),
  inbox: count,
  category: count,
  junk: count,
  missing: count,
})
export type PlacementCell = z.infer<typeof placementCellSchema>

/** One template of a person's own. */
export const templateSchema = z.object({
  subject: z.string().trim().min(1).max(200),
  body: z.string().trim().min(1).max(5_000),
})
export type Template = z.infer<typeof templateSchema>

/** What is wrong with one of a list of templates, counted from 0. */
export const templateProblemAtSchema = z.object({
  template: z.number().int(),
  part: z.enum(['subject', 'body']),
  problem: templateProblemSchema,
})
export type TemplateProblemAt = z.infer<typeof templateProblemAtSchema>

/** What a template would become. */
export const templateTrialSchema = z.object({
  problems: z.array(templateProblemAtSchema.omit({ template: true })),
  /** How many different texts it has, subject and body together; 0 while it has problems. */
  variants: z.number().nonnegative(),
  /** Some of its texts, with a made-up sender and recipient. */
  examples: z.array(z.object({ subject: z.string(), body: z.string() })),
})
export type TemplateTrial = z.infer<typeof templateTrialSchema>

/** The reputation of a domain: that of its mailboxes taken together. */
export const domainReputationSchema = z.object({
  score: reputationScoreSchema,
  trend: trendSchema,
  /** Scores of the last 30 days, oldest first, null for a day without one. */
  history: z.array(z.number().int().nullable()).max(30),
})
export type DomainReputation = z.infer<typeof domainReputationSchema>
