import type { Failure, FailureDetail } from '#shared/failure.ts'
import type { Trouble } from './connection.ts'

const minuteMs = 60_000

/**
 * What a failed request means. `resolve`: it was not done, because the server has something else than we thought.
 * `refuse`: it was not done, and will not be as it is. `again`: nobody knows whether it was done; the others go on.
 * `stop`: there is no sense in asking for anything now; with `waitMs` when the server said for how long.
 */
export type Meaning =
  | { readonly kind: 'resolve' | 'refuse' | 'again' }
  | { readonly kind: 'stop'; readonly trouble: Trouble; readonly waitMs: number | null }

/** Reads the failure of one request. What is not known is taken as "nobody knows". Pure. */
export function meaningOf({ code, detail }: Failure): Meaning {
  switch (code) {
    case 'tenant-stale':
    case 'tenant-conflict':
    case 'tenant-not-found':
      return { kind: 'resolve' }
    case 'tenant-refused':
    case 'tenant-forbidden':
      return { kind: 'refuse' }
    case 'tenant-rate-limited':
      return { kind: 'stop', trouble: 'paused', waitMs: askedMs(detail) ?? minuteMs }
    case 'tenant-server-error': {
      // One in trouble asks for a pause too (RFC 9110 §10.2.3).
      const waitMs = askedMs(detail)
      return waitMs === null ? { kind: 'again' } : { kind: 'stop', trouble: 'paused', waitMs }
    }
    case 'tenant-unauthorised':
    case 'tenant-not-connected':
      return { kind: 'stop', trouble: 'needs-sign-in', waitMs: null }
    case 'tenant-unreachable':
    case 'tenant-timed-out':
      return { kind: 'stop', trouble: 'offline', waitMs: null }
    case 'tenant-certificate':
    case 'tenant-redirected':
    case 'tenant-address-not-allowed':
      return { kind: 'stop', trouble: 'refused', waitMs: null }
    case 'cancelled':
      return { kind: 'stop', trouble: 'offline', waitMs: 0 }
    default:
      return code.startsWith('vault-')
        ? { kind: 'stop', trouble: 'vault-locked', waitMs: null }
        : { kind: 'again' }
  }
}

function askedMs({ retryAfterMs }: FailureDetail): number | null {
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : null
}

/** What a failed listing means for the whole: without the list nothing can be taken in. Pure. */
export function listingTrouble(failure: Failure): { trouble: Trouble; waitMs: number | null } {
  const meaning = meaningOf(failure)
  if (meaning.kind === 'stop') return meaning
  const isServers = failure.code === 'tenant-server-error'
  return { trouble: isServers ? 'offline' : 'refused', waitMs: null }
}

const longestWaitMs = 30 * minuteMs
const firstWaitMs = 5_000

/**
 * The wait after so many rounds, or tries of one change, in a row that failed: 5 s, doubled, at most half an hour, of
 * which up to half is left to chance (`random` in [0, 1)), so that many do not come back at the same moment. Pure.
 */
export function waitAfter(failures: number, random: number): number {
  const wholeMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(20, Math.max(0, failures - 1)))
  return Math.round(wholeMs * (0.5 + random / 2))
}
