import type { HealthReason, HealthState, MailboxHealth } from '#shared/model/mailbox-health.ts'
import { replyBackoffMs } from '../net/classify-reply.ts'
import {
  type HealthEffect,
  type HealthFacts,
  healthEffects,
  isWell,
  pauseCauses,
  slowCauses,
  thresholds,
} from './health-rules.ts'

/** A mailbox nobody has looked at yet. */
export function newHealth(now: number): MailboxHealth {
  return {
    base: 'ramping',
    slow: null,
    limit: null,
    pause: null,
    offlineSinceAt: null,
    evidenceFromAt: now,
    limitedAt: null,
    limitStep: 0,
    pausedAts: [],
  }
}

export type HealthView = {
  readonly state: HealthState
  readonly reason: HealthReason
  readonly sinceAt: number | null
  /** When it is looked at again or ends by itself; null where a person or the network decides. */
  readonly reviewAt: number | null
  readonly effect: HealthEffect
}

/** What a person sees, and what it means for today. Pure. */
export function viewHealth(health: MailboxHealth): HealthView {
  const { offlineSinceAt, pause, limit, slow, base } = health
  if (offlineSinceAt !== null) {
    return {
      state: 'offline',
      reason: 'offline',
      sinceAt: offlineSinceAt,
      reviewAt: null,
      effect: healthEffects.offline,
    }
  }
  if (pause !== null) return { state: 'paused', ...pause, effect: healthEffects.paused }
  if (limit !== null) {
    const { reason, sinceAt, untilAt } = limit
    return {
      state: 'rate-limited',
      reason,
      sinceAt,
      reviewAt: untilAt,
      effect: healthEffects['rate-limited'],
    }
  }
  if (slow !== null) {
    const { reason, sinceAt, troubleAt } = slow
    return {
      state: 'slowed',
      reason,
      sinceAt,
      reviewAt: troubleAt + thresholds.cleanMs,
      effect: healthEffects.slowed,
    }
  }
  return { state: base, reason: 'healthy', sinceAt: null, reviewAt: null, effect: healthEffects[base] }
}

/**
 * One look at a mailbox: what is known now, and what the machine remembered, give what it remembers next (field notes
 * C3). Counts and the score in `facts` must begin at `evidenceFromAt` of what is passed in. Pure; looking twice with the
 * same facts changes nothing more.
 */
export function stepHealth(health: MailboxHealth, facts: HealthFacts, now: number): MailboxHealth {
  // While offline nothing is known, so nothing else is judged.
  if (!facts.isOnline) return { ...health, offlineSinceAt: health.offlineSinceAt ?? now }
  const online = { ...health, offlineSinceAt: null }
  const judged = online.pause === null ? online : endPause(online, facts, now)
  if (judged.pause !== null) return judged
  // What was counted up to here belongs to the pause that has just ended.
  const rest = judged.evidenceFromAt === health.evidenceFromAt ? facts : { ...facts, ...nothingCounted }
  const paused = beginPause(judged, rest, now)
  if (paused !== null) return paused
  return stepBase(stepSlow(stepLimit(judged, rest, now), rest, now), rest)
}

const nothingCounted: Pick<HealthFacts, 'placements' | 'deliveries' | 'score' | 'restScore'> = {
  placements: { seen: 0, inInbox: 0 },
  deliveries: { sent: 0, bounced: 0 },
  score: null,
  restScore: null,
}

/** A pause over its cool-down whose cause is gone ends, at half the volume and with the evidence counted afresh. */
function endPause(health: MailboxHealth, facts: HealthFacts, now: number): MailboxHealth {
  const { pause } = health
  if (pause === null) return health
  const isByPerson = pause.reason === 'paused-by-person'
  // A person's pause goes on top of one that the mailbox brought on itself.
  if (!isByPerson && facts.isPausedByPerson) {
    return { ...health, pause: { reason: 'paused-by-person', sinceAt: now, reviewAt: null } }
  }
  if (pause.reviewAt !== null && now < pause.reviewAt) return health
  const cause = pauseCauses.find(({ reason }) => reason === pause.reason)
  if (cause !== undefined && !cause.isOver(facts, pause)) {
    return isByPerson ? health : { ...health, pause: { ...pause, reviewAt: now + thresholds.lookAgainMs } }
  }
  const free = { ...health, pause: null, limit: null, limitedAt: facts.limited?.at ?? health.limitedAt }
  if (isByPerson && now - pause.sinceAt < thresholds.longPauseMs) return free
  return { ...free, slow: { reason: 'resuming', sinceAt: now, troubleAt: now }, evidenceFromAt: now }
}

function beginPause(health: MailboxHealth, facts: HealthFacts, now: number): MailboxHealth | null {
  const cause = pauseCauses.find(({ when }) => when(facts, health))
  if (cause === undefined) return null
  const { reason } = cause
  if (reason === 'paused-by-person') return { ...health, pause: { reason, sinceAt: now, reviewAt: null } }
  const earlier = health.pausedAts.filter(at => now - at < thresholds.pausesRememberedMs)
  const coolDowns = thresholds.coolDownMs
  const coolDownMs = coolDowns[Math.min(earlier.length, coolDowns.length - 1)] ?? coolDowns[0]
  return {
    ...health,
    limit: null,
    pause: { reason, sinceAt: now, reviewAt: now + coolDownMs },
    pausedAts: [...earlier, now],
  }
}

function stepLimit(
  health: MailboxHealth,
  { limited, sentSinceLimit }: HealthFacts,
  now: number,
): MailboxHealth {
  const isNew = limited !== null && (health.limitedAt === null || limited.at > health.limitedAt)
  if (isNew) {
    const { reason, untilAt, at } = limited
    const limit = untilAt > now ? { reason, sinceAt: now, untilAt } : null
    return { ...health, limit, limitedAt: at, limitStep: limitStepAt(health, sentSinceLimit, at) }
  }
  return health.limit !== null && now >= health.limit.untilAt ? { ...health, limit: null } : health
}

/**
 * The step of the backoff for a reply that comes now: one further than the last, or the first again after an hour or 30
 * messages without another. `replyBackoffMs` turns it into a time. Pure.
 */
export function limitStepAt(
  { limitedAt, limitStep }: Pick<MailboxHealth, 'limitedAt' | 'limitStep'>,
  sentSinceLimit: number,
  now: number,
): number {
  if (limitedAt === null || sentSinceLimit >= thresholds.backoffForgottenSends) return 0
  const isForgotten = now - limitedAt >= replyBackoffMs(limitStep) + thresholds.backoffForgottenMs
  return isForgotten ? 0 : limitStep + 1
}

function stepSlow(health: MailboxHealth, facts: HealthFacts, now: number): MailboxHealth {
  const { slow } = health
  const cause = slowCauses.find(({ when }) => when(facts, slow?.troubleAt ?? health.evidenceFromAt - 1))
  if (cause !== undefined) {
    if (slow === null) return { ...health, slow: { reason: cause.reason, sinceAt: now, troubleAt: now } }
    // Trouble that lasts puts the end off, but is no new state.
    return slow.troubleAt >= now
      ? health
      : { ...health, slow: { ...slow, reason: cause.reason, troubleAt: now } }
  }
  const isClean = slow !== null && now - slow.troubleAt >= thresholds.cleanMs && isWell(facts)
  // What slowed it is behind; counted again, it would slow it for ever.
  return isClean ? { ...health, slow: null, evidenceFromAt: now } : health
}

function stepBase(health: MailboxHealth, { isReady }: HealthFacts): MailboxHealth {
  return isReady && health.base === 'ramping' ? { ...health, base: 'maintenance' } : health
}
