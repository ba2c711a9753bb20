/**
 * One time budget for a whole operation, across DNS, connect, TLS and login. Everything an operation waits for
 * takes its `signal`; whoever is cancelled or late stops at once. `end` must be called, to clear the timer.
 */
export type Deadline = {
  readonly signal: AbortSignal
  /** Milliseconds left, never below 0. */
  remainingMs(): number
  /** Why it ended: `late`, `cancelled` by the caller, or null while it runs. */
  ended(): 'late' | 'cancelled' | null
  end(): void
}

export function startDeadline(budgetMs: number, ...cancels: readonly (AbortSignal | undefined)[]): Deadline {
  const controller = new AbortController()
  const endsAt = performance.now() + budgetMs
  let reason: 'late' | 'cancelled' | null = null
  const stop = (why: 'late' | 'cancelled') => {
    reason ??= why
    controller.abort()
  }
  const onCancel = () => stop('cancelled')
  const timer = setTimeout(() => stop('late'), budgetMs)
  for (const cancel of cancels) {
    if (cancel?.aborted) onCancel()
    else cancel?.addEventListener('abort', onCancel, { once: true })
  }
  return {
    signal: controller.signal,
    remainingMs: () => Math.max(0, endsAt - performance.now()),
    ended: () => reason,
    end: () => {
      clearTimeout(timer)
      for (const cancel of cancels) cancel?.removeEventListener('abort', onCancel)
    },
  }
}

/** A part of a deadline with a budget of its own: it ends with the whole, for the same reason, or before it. */
export function partOf(whole: Deadline, budgetMs: number): Deadline {
  const part = startDeadline(Math.min(budgetMs, whole.remainingMs()), whole.signal)
  return {
    signal: part.signal,
    remainingMs: part.remainingMs,
    ended: () => (part.ended() === 'cancelled' ? (whole.ended() ?? 'cancelled') : part.ended()),
    end: part.end,
  }
}
