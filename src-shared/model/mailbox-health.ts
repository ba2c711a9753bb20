import { z } from 'zod'

/** Where a mailbox stands. Of several that apply the first counts: offline, paused, rate-limited, slowed, then the rest. */
export const healthStates = ['ramping', 'maintenance', 'slowed', 'rate-limited', 'paused', 'offline'] as const
export const healthStateSchema = z.enum(healthStates)
export type HealthState = z.infer<typeof healthStateSchema>

export const slowReasons = ['inbox-share-low', 'soft-blocked', 'bounces-rising', 'resuming'] as const
export const pauseReasons = [
  'paused-by-person',
  'authentication-broken',
  'login-failing',
  'policy-blocked',
  'newly-listed',
  'bounces-high',
  'inbox-share-very-low',
  'score-low',
] as const
export const limitReasons = ['rate-limited', 'daily-quota'] as const
export const healthReasons = ['healthy', ...slowReasons, ...pauseReasons, ...limitReasons, 'offline'] as const
export const healthReasonSchema = z.enum(healthReasons)
export type SlowReason = (typeof slowReasons)[number]
export type PauseReason = (typeof pauseReasons)[number]
export type HealthReason = z.infer<typeof healthReasonSchema>

const at = z.number().int()

/** What the machine remembers; the state a person sees follows from it. Times are epoch milliseconds. */
export const mailboxHealthSchema = z.object({
  base: z.enum(['ramping', 'maintenance']),
  slow: z.object({ reason: z.enum(slowReasons), sinceAt: at, troubleAt: at }).nullable(),
  limit: z.object({ reason: z.enum(limitReasons), sinceAt: at, untilAt: at }).nullable(),
  pause: z.object({ reason: z.enum(pauseReasons), sinceAt: at, reviewAt: at.nullable() }).nullable(),
  offlineSinceAt: at.nullable(),
  /** Placements, bounces and the score are counted from here on. */
  evidenceFromAt: at,
  /** The last reply that limited the rate, so that it counts once. */
  limitedAt: at.nullable(),
  /** How often in a row the mailbox was made to wait; the index of the backoff. */
  limitStep: z.number().int().nonnegative(),
  /** When it was paused by itself over the last 30 days, oldest first. */
  pausedAts: z.array(at),
})
export type MailboxHealth = z.infer<typeof mailboxHealthSchema>
