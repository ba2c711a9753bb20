import type { HealthState, MailboxHealth, PauseReason, SlowReason } from '#shared/model/mailbox-health.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** What is known about a mailbox; counts and the score from `evidenceFromAt` on. */
export type HealthFacts = {
  readonly isOnline: boolean
  readonly isPausedByPerson: boolean
  /** The ramp is over and the mailbox counts as ready. */
  readonly isReady: boolean
  readonly placements: { readonly seen: number; readonly inInbox: number }
  readonly deliveries: { readonly sent: number; readonly bounced: number }
  /** Last refusal of class 4.7, and of class 5.7. */
  readonly softBlockedAt: number | null
  readonly policyBlockedAt: number | null
  /** A list of weight 3 names the domain or its address, and did not before. */
  readonly isNewlyListed: boolean
  /** SPF, DKIM or DMARC fails in the last complete audit and did not before. */
  readonly isAuthenticationBroken: boolean
  readonly loginFailuresInRow: number
  /** The last reply that asked to wait, and until when it does. */
  readonly limited: {
    readonly at: number
    readonly reason: 'rate-limited' | 'daily-quota'
    readonly untilAt: number
  } | null
  /** Messages that went out well since the last such reply. */
  readonly sentSinceLimit: number
  /** Health score, 0 to 100; null while too little is known. */
  readonly score: number | null
  /** The same without bounces and placements: what a pause cannot mend. */
  readonly restScore: number | null
}

/** Every number of the machine (field notes C3), each with the one at which it is left again. */
export const thresholds = {
  slowInboxShare: { enter: 0.9, leave: 0.93, leastSeen: 20 },
  pauseInboxShare: { enter: 0.75, leastSeen: 15 },
  slowBounceShare: { enter: 0.02, leave: 0.015, leastSent: 20 },
  pauseBounceShare: { enter: 0.05, leastSent: 20 },
  /** So many say enough, however few were sent: a mailbox of a small pool sends twenty in a week. */
  bouncesEnough: 3,
  pauseScore: { enter: 80, leave: 85 },
  loginFailures: 3,
  /** Without new trouble for this long a slowed mailbox is clean. */
  cleanMs: 3 * dayMs,
  /** The first, the second and every further pause within 30 days. */
  coolDownMs: [dayMs, 2 * dayMs, 3 * dayMs],
  pausesRememberedMs: 30 * dayMs,
  /** When the cause is still there after the cool-down. */
  lookAgainMs: dayMs,
  /** A pause by a person that lasted longer is ended at half the volume. */
  longPauseMs: 3 * dayMs,
  /** What lets the backoff begin afresh. */
  backoffForgottenMs: hourMs,
  backoffForgottenSends: 30,
} as const

export type HealthEffect = {
  /** What of the planned volume is sent. */
  readonly factor: number
  /** Whether the day counts towards the ramp. */
  readonly advances: boolean
  /** Whether others begin threads with it. */
  readonly takesThreads: boolean
  /** Whether it is still watched: messages found, rescued, marked read. */
  readonly isWatched: boolean
}

export const healthEffects: Readonly<Record<HealthState, HealthEffect>> = {
  ramping: { factor: 1, advances: true, takesThreads: true, isWatched: true },
  maintenance: { factor: 1, advances: true, takesThreads: true, isWatched: true },
  slowed: { factor: 0.5, advances: false, takesThreads: true, isWatched: true },
  'rate-limited': { factor: 0, advances: false, takesThreads: true, isWatched: true },
  paused: { factor: 0, advances: false, takesThreads: false, isWatched: true },
  offline: { factor: 0, advances: false, takesThreads: false, isWatched: false },
}

/**
 * Which states may follow which. A pause never ends in a rate limit, because it outlasts every one, and maintenance
 * never becomes the ramp again by itself.
 */
export const healthTransitions: Readonly<Record<HealthState, readonly HealthState[]>> = {
  ramping: ['maintenance', 'slowed', 'rate-limited', 'paused', 'offline'],
  maintenance: ['slowed', 'rate-limited', 'paused', 'offline'],
  slowed: ['ramping', 'maintenance', 'rate-limited', 'paused', 'offline'],
  'rate-limited': ['ramping', 'maintenance', 'slowed', 'paused', 'offline'],
  paused: ['ramping', 'maintenance', 'slowed', 'offline'],
  offline: ['ramping', 'maintenance', 'slowed', 'rate-limited', 'paused'],
}

type Pause = NonNullable<MailboxHealth['pause']>

export type PauseCause = {
  readonly reason: PauseReason
  readonly when: (facts: HealthFacts, health: MailboxHealth) => boolean
  /** Whether the cause is gone; asked after the cool-down. */
  readonly isOver: (facts: HealthFacts, pause: Pause) => boolean
}

/** What stops a mailbox, the reason a person should hear first at the top. */
export const pauseCauses: readonly PauseCause[] = [
  {
    reason: 'paused-by-person',
    when: facts => facts.isPausedByPerson,
    isOver: facts => !facts.isPausedByPerson,
  },
  {
    reason: 'authentication-broken',
    when: facts => facts.isAuthenticationBroken,
    isOver: facts => !facts.isAuthenticationBroken,
  },
  {
    reason: 'login-failing',
    when: facts => facts.loginFailuresInRow >= thresholds.loginFailures,
    isOver: facts => facts.loginFailuresInRow === 0,
  },
  {
    reason: 'policy-blocked',
    when: (facts, health) => isSince(facts.policyBlockedAt, health.evidenceFromAt),
    isOver: (facts, pause) => !isSince(facts.policyBlockedAt, pause.sinceAt + 1),
  },
  { reason: 'newly-listed', when: facts => facts.isNewlyListed, isOver: facts => !facts.isNewlyListed },
  {
    reason: 'bounces-high',
    when: facts =>
      bounceShare(facts, thresholds.pauseBounceShare.leastSent) >= thresholds.pauseBounceShare.enter,
    isOver: tryAgain,
  },
  {
    reason: 'inbox-share-very-low',
    when: facts => inboxShare(facts, thresholds.pauseInboxShare.leastSeen) < thresholds.pauseInboxShare.enter,
    isOver: tryAgain,
  },
  {
    reason: 'score-low',
    when: facts => facts.score !== null && facts.score < thresholds.pauseScore.enter,
    isOver: ({ restScore }) => restScore === null || restScore >= thresholds.pauseScore.leave,
  },
]

export type SlowCause = {
  readonly reason: Exclude<SlowReason, 'resuming'>
  readonly when: (facts: HealthFacts, fromAt: number) => boolean
}

/** What halves the volume. `fromAt` is the last trouble already counted, or the beginning of the evidence. */
export const slowCauses: readonly SlowCause[] = [
  {
    reason: 'soft-blocked',
    when: (facts, fromAt) => isSince(facts.softBlockedAt, fromAt + 1),
  },
  {
    reason: 'bounces-rising',
    when: facts =>
      bounceShare(facts, thresholds.slowBounceShare.leastSent) >= thresholds.slowBounceShare.enter,
  },
  {
    reason: 'inbox-share-low',
    when: facts => inboxShare(facts, thresholds.slowInboxShare.leastSeen) < thresholds.slowInboxShare.enter,
  },
]

/** Whether shares are well enough for full volume: better than the mark that halved it, so that it does not flutter. */
export function isWell(facts: HealthFacts): boolean {
  return (
    bounceShare(facts, thresholds.slowBounceShare.leastSent) < thresholds.slowBounceShare.leave &&
    inboxShare(facts, thresholds.slowInboxShare.leastSeen) >= thresholds.slowInboxShare.leave
  )
}

/** 1 while too few were seen: what is not known is no reason to stop. */
function inboxShare({ placements }: HealthFacts, leastSeen: number): number {
  return placements.seen < leastSeen ? 1 : placements.inInbox / placements.seen
}

/** 0 while too few were sent, unless many of them came back. */
function bounceShare({ deliveries: { sent, bounced } }: HealthFacts, leastSent: number): number {
  return sent < leastSent && bounced < thresholds.bouncesEnough ? 0 : bounced / sent
}

/**
 * A paused mailbox sends nothing, so what became of its mail says the same until it is four weeks old. When the cool-down
 * is over it is tried again, at half the volume and counted afresh; each further pause is longer.
 */
function tryAgain(): boolean {
  return true
}

function isSince(at: number | null, fromAt: number): boolean {
  return at !== null && at >= fromAt
}
