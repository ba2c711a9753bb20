import type { MailboxStatus } from '#shared/model/mailbox-values.ts'
import type { ConnectionFailure, ConnectionFailureCode, ConnectionResult } from '#shared/model/connection.ts'
import type { MailboxReason } from '#shared/model/mailbox.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** What is stored of a mailbox's status; a person's pause stands over it, and so does a limit while it lasts. */
export type Standing = {
  readonly standing: 'active' | 'not-fully-tested' | 'auth-failed'
  readonly reason: MailboxReason | null
  /** The whole loop was seen with these servers: sent, arrived, read. */
  readonly proven: boolean
  readonly limitedUntilAt: number | null
  readonly limitReason: MailboxReason | null
  /** Refused logins in a row. */
  readonly refusals: number
  /** Re-checks in a row that could not tell: the network, the server or the vault was away. */
  readonly troubles: number
}

export type Hold = 'paused' | 'disabled' | null

/** Of a mailbox nobody has tested yet. */
export const freshStanding: Standing = {
  standing: 'not-fully-tested',
  reason: { code: 'not-tested-yet', evidence: null, facts: {} },
  proven: false,
  limitedUntilAt: null,
  limitReason: null,
  refusals: 0,
  troubles: 0,
}

/** So many refusals in a row ask for a person. */
export const refusalsBeforeAlert = 3

/** The status a person reads, and why. Pure. */
export function statusOf(
  { standing, reason, limitedUntilAt, limitReason }: Standing,
  hold: Hold,
): { status: MailboxStatus; reason: MailboxReason | null } {
  if (hold !== null) return { status: hold, reason: { code: 'by-person', evidence: null, facts: {} } }
  if (standing === 'auth-failed') return { status: 'auth-failed', reason }
  if (limitedUntilAt !== null) return { status: 'rate-limited', reason: limitReason }
  return { status: standing, reason }
}

/** What kind of news the end of a test or re-check is. */
export type Outcome =
  | { readonly kind: 'works'; readonly fully: boolean; readonly reason: MailboxReason | null }
  | { readonly kind: 'refused'; readonly reason: MailboxReason }
  | { readonly kind: 'limited'; readonly forMs: number; readonly reason: MailboxReason }
  | { readonly kind: 'unreachable'; readonly reason: MailboxReason }
  /** It logs in, and something else of the test did not work. */
  | { readonly kind: 'faulty'; readonly reason: MailboxReason }
  | { readonly kind: 'nothing' }

/** How long a provider's limit is waited for: field practice, D4. Codes that are no limit are not here. */
const limitMs: Partial<Record<ConnectionFailureCode, number>> = {
  'auth.too-many-attempts': hourMs,
  'limit.connections': 15 * minuteMs,
  'limit.bandwidth': 24 * hourMs,
  'send.quota': 24 * hourMs,
}

/** Of the login alone: what may come back without anyone doing something is no refusal. */
const passingTroubles: ReadonlySet<ConnectionFailureCode> = new Set(['auth.unavailable'])

/** What the end of a test says about the mailbox, by the first failure that decides. Pure. */
export function outcomeOf(result: ConnectionResult, asked: { testEmail: boolean; imap: boolean }): Outcome {
  const { failures } = result
  const limit = failures.find(({ code }) => limitMs[code] !== undefined)
  const refusal = failures.find(isRefusal)
  if (refusal !== undefined) return { kind: 'refused', reason: reasonOf(refusal) }
  if (limit !== undefined)
    return { kind: 'limited', forMs: limitMs[limit.code] ?? hourMs, reason: reasonOf(limit) }
  const [first] = failures
  if (first === undefined && result.result !== 'failed') {
    const fully = result.result === 'passed'
    return { kind: 'works', fully, reason: fully ? null : partlyBecause(asked) }
  }
  if (first === undefined || first.code === 'test.cancelled') return { kind: 'nothing' }
  return isAfterLogin(first)
    ? { kind: 'faulty', reason: reasonOf(first) }
    : { kind: 'unreachable', reason: reasonOf(first) }
}

function isRefusal({ code }: ConnectionFailure): boolean {
  return code.startsWith('auth.') && limitMs[code] === undefined && !passingTroubles.has(code)
}

const afterLogin: ReadonlySet<string> = new Set([
  'smtp-envelope',
  'imap-folders',
  'send',
  'arrival',
  'results',
])

function isAfterLogin({ phase }: ConnectionFailure): boolean {
  return afterLogin.has(phase)
}

function reasonOf({ code, evidence, facts }: ConnectionFailure): MailboxReason {
  return { code, evidence, facts }
}

function partlyBecause({ testEmail, imap }: { testEmail: boolean; imap: boolean }): MailboxReason {
  if (!imap) return { code: 'no-imap', evidence: null, facts: {} }
  return { code: testEmail ? 'partly-tested' : 'test-email-not-sent', evidence: null, facts: {} }
}

export type NextStanding = Standing & {
  /** What to do with the alert about refused logins. */
  readonly alert: 'raise' | 'end' | 'leave'
}

/**
 * The standing after a test a person asked for, or after a re-check (`recheck`), which looks at the login alone and so
 * neither lifts a mailbox to Active nor takes that away. Pure.
 */
export function standingAfter(
  before: Standing,
  outcome: Outcome,
  { recheck, now }: { recheck: boolean; now: number },
): NextStanding {
  // A login says nothing about how much may be sent.
  const isStillLimited =
    before.limitReason?.code === 'send.quota' && recheck && before.limitedUntilAt !== null
  const cleared = isStillLimited ? {} : { limitedUntilAt: null, limitReason: null }
  switch (outcome.kind) {
    case 'works': {
      const proven = outcome.fully || (recheck && before.proven)
      const seen: Pick<Standing, 'standing' | 'reason'> = proven
        ? { standing: 'active', reason: null }
        : { standing: 'not-fully-tested', reason: keptReason(before, recheck) ?? outcome.reason }
      return { ...before, ...seen, proven, ...cleared, refusals: 0, troubles: 0, alert: 'end' }
    }
    case 'refused': {
      const refusals = before.refusals + 1
      return {
        ...before,
        standing: 'auth-failed',
        reason: outcome.reason,
        ...cleared,
        refusals,
        troubles: 0,
        alert: refusals >= refusalsBeforeAlert ? 'raise' : 'leave',
      }
    }
    case 'limited':
      return {
        ...before,
        ...(isStillLimited && (before.limitedUntilAt ?? 0) > now + outcome.forMs
          ? {}
          : { limitedUntilAt: now + outcome.forMs, limitReason: outcome.reason }),
        troubles: 0,
        alert: 'leave',
      }
    case 'faulty':
      return {
        ...before,
        standing: 'not-fully-tested',
        reason: outcome.reason,
        proven: false,
        ...cleared,
        refusals: 0,
        troubles: 0,
        alert: 'end',
      }
    case 'unreachable':
      return {
        ...before,
        // Nothing new is known of a login that worked, or was refused, before.
        ...(before.proven || before.standing === 'auth-failed' ? {} : { reason: outcome.reason }),
        troubles: before.troubles + 1,
        alert: 'leave',
      }
    case 'nothing':
      return { ...before, alert: 'leave' }
  }
}

/** What a full test found missing still holds when a re-check logs in; that it could not be reached does not. */
function keptReason({ standing, reason }: Standing, recheck: boolean): MailboxReason | null {
  if (!recheck || standing !== 'not-fully-tested' || reason === null) return null
  return /^(?:dns|net|tls|server)\.|^not-tested-yet$|^credential-missing$/.test(reason.code) ? null : reason
}

/** Waits after the first, second, third … refusal in a row: providers lock who tries again and again. */
const refusedAgainMs = [30 * minuteMs, 2 * hourMs, 12 * hourMs, 24 * hourMs]
const troubledAgainMs = [5, 15, 60, 3 * 60, 6 * 60].map(minutes => minutes * minuteMs)
const usualMs = 24 * hourMs

/**
 * When the login is looked at again. `fraction` in [0, 1) sets mailboxes apart that were added together: up to a tenth
 * of the wait, earlier or later. Pure.
 */
export function nextRecheckAt(standing: Standing, now: number, fraction: number): number {
  const { limitedUntilAt, refusals, troubles } = standing
  if (limitedUntilAt !== null && limitedUntilAt > now && refusals === 0) return limitedUntilAt
  const waitMs =
    troubles > 0
      ? (troubledAgainMs[troubles - 1] ?? troubledAgainMs.at(-1))
      : refusals > 0
        ? (refusedAgainMs[refusals - 1] ?? refusedAgainMs.at(-1))
        : usualMs
  return Math.round(now + (waitMs ?? usualMs) * (0.9 + 0.2 * fraction))
}
