import { type Answer, refusal } from './answers.ts'

export type RateLimit = {
  /** Null when there is room for one more request, which then has it. */
  refuse(): Answer | null
  set(rule: RateRule | null): void
  /** Requests that came although the one before was told to wait for longer. */
  tooSoon(): number
}

export type RateRule = { readonly requests: number; readonly perMs: number; readonly as?: 'seconds' | 'date' }

/** So many requests in a window of time; then 429 until it is over. */
export function createRateLimit(first: RateRule | null, now: () => number): RateLimit {
  let rule = first
  let beganAt = 0
  let taken = 0
  let closedUntilAt = 0
  let tooSoon = 0
  return {
    refuse: () => {
      if (rule === null) return null
      const at = now()
      if (at < closedUntilAt) tooSoon += 1
      if (at >= beganAt + rule.perMs) {
        beganAt = at
        taken = 0
      }
      taken += 1
      if (taken <= rule.requests) return null
      const seconds = Math.max(1, Math.ceil((beganAt + rule.perMs - at) / 1_000))
      closedUntilAt = at + seconds * 1_000
      const retryAfter = rule.as === 'date' ? new Date(closedUntilAt).toUTCString() : String(seconds)
      return refusal(429, 'rate_limited', 'Too many requests.', undefined, { 'retry-after': retryAfter })
    },
    set: next => {
      rule = next
      taken = 0
      closedUntilAt = 0
    },
    tooSoon: () => tooSoon,
  }
}
