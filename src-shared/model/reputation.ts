import { z } from 'zod'
import { factSchema } from './finding.ts'

/** What can take points from a reputation; each code with its own facts. */
export const reputationCodes = [
  'bounces',
  'complaints',
  'listed',
  'spf-failing',
  'dkim-failing',
  'dmarc-failing',
  'placement',
] as const
export type ReputationCode = (typeof reputationCodes)[number]

/** What was not known when the score was made. */
export const reputationInputs = ['bounces', 'complaints', 'placement', 'listings', 'authentication'] as const
export type ReputationInput = (typeof reputationInputs)[number]

/** A rate with what it rests on: how many were counted, and the Wilson interval of 95 %. */
export const rateSchema = z.object({
  count: z.number().nonnegative(),
  of: z.number().nonnegative(),
  /** 0 to 1, recent days weighing more; null when nothing was counted. */
  share: z.number().min(0).max(1).nullable(),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
})
export type Rate = z.infer<typeof rateSchema>

export const confidences = ['low', 'medium', 'high'] as const
export type Confidence = (typeof confidences)[number]

const rates = z.object({ bounces: rateSchema, complaints: rateSchema, inbox: rateSchema })

export const reputationScoreSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('known'),
    value: z.number().int().min(0).max(100),
    /** Where the points went, most first. They add up to 100 less the value, unless that would be below 0. */
    lost: z.array(
      z.object({
        code: z.enum(reputationCodes),
        points: z.number().int().positive(),
        facts: z.record(z.string(), factSchema),
      }),
    ),
    confidence: z.enum(confidences),
    rates,
    missing: z.array(z.enum(reputationInputs)),
  }),
  z.object({
    state: z.literal('unknown'),
    rates,
    missing: z.array(z.enum(reputationInputs)),
    /** How many more messages it takes until there is a score. */
    messagesMissing: z.number().int().nonnegative(),
  }),
])
export type ReputationScore = z.infer<typeof reputationScoreSchema>

export const trendSchema = z.object({
  direction: z.enum(['rising', 'falling', 'steady', 'unknown']),
  /** Points: the mean of the last seven days less that of the seven before. */
  change: z.number(),
})
export type Trend = z.infer<typeof trendSchema>
