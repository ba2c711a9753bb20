import { type Fail, fail, type FailureCode, type Result } from '#shared/failure.ts'
import type { Deadline } from '../net/deadline.ts'
import { limits } from '../net/limits.ts'

/** Resolves after that long, or as soon as it is called off. */
export type Pause = (pauseMs: number, signal: AbortSignal) => Promise<void>

export type Tries = {
  /** Tries until it works, it is of no use, `limits.tenantTries` are over or the deadline leaves no time for the pause. */
  run<T>(deadline: Deadline, attempt: () => Promise<Result<T>>): Promise<Result<T>>
}

/**
 * Repeats what may work at the next try: a server that was not reached, has trouble or asks for time. Pauses grow, each drawn
 * from its whole span (full jitter), and are never shorter than the server's Retry-After, which holds for every request until
 * it is over: what is asked before that fails as the request did that was told so, with the time that is left, and contacts
 * nobody. Give `key` of the server that is asked; another one starts with a clean sheet.
 */
export function createTries(options: {
  now(): number
  random(): number
  readonly pause: Pause
  key(): string
}): Tries {
  const { now, random, pause, key } = options
  let closed: { readonly key: string; readonly untilAt: number; readonly failed: Fail<FailureCode> } | null =
    null

  /** How long the server still wants to be left alone; a clock that was set back must not make it for ever. */
  const closedMs = () => {
    if (closed === null || closed.key !== key()) return 0
    return Math.min(limits.tenantRetryAfterMs, Math.max(0, closed.untilAt - now()))
  }
  const waitUntilOpen = async (deadline: Deadline): Promise<Fail<FailureCode> | null> => {
    const leftMs = closedMs()
    if (leftMs === 0 || closed === null) return null
    if (leftMs > limits.tenantLongestPauseMs || leftMs >= deadline.remainingMs()) {
      const { code, retry, detail } = closed.failed.failure
      return fail(code, { ...detail, retryAfterMs: leftMs }, retry)
    }
    await pause(leftMs + random() * limits.tenantPauseMs, deadline.signal)
    return deadline.ended() === 'cancelled' ? fail('cancelled', {}, 'now') : null
  }

  return {
    run: async (deadline, attempt) => {
      for (let tries = 1; ; tries++) {
        const left = await waitUntilOpen(deadline)
        if (left !== null) return left
        const result = await attempt()
        if (result.ok || !mayWork.has(result.failure.code)) return result
        const retryAfterMs = result.failure.detail['retryAfterMs']
        if (typeof retryAfterMs === 'number')
          closed = { key: key(), untilAt: now() + retryAfterMs, failed: result }
        if (tries >= limits.tenantTries) return result
        const spanMs = Math.min(limits.tenantLongestPauseMs, limits.tenantPauseMs * 2 ** (tries - 1))
        const pauseMs = typeof retryAfterMs === 'number' ? 0 : random() * spanMs
        if (pauseMs >= deadline.remainingMs()) return result
        await pause(pauseMs, deadline.signal)
        if (deadline.ended() !== null)
          return deadline.ended() === 'cancelled' ? fail('cancelled', {}, 'now') : result
      }
    },
  }
}

const mayWork: ReadonlySet<FailureCode> = new Set([
  'tenant-unreachable',
  'tenant-timed-out',
  'tenant-rate-limited',
  'tenant-server-error',
])
