import type { Clock } from '#engine/platform.ts'

export type FakeClock = Clock & {
  /** Moves time on, calling back everything that falls due on the way, in order. */
  advance(byMs: number): void
  /** The machine sleeps: time passes and nothing is called back until it wakes, then what is overdue at once. */
  sleep(forMs: number): void
  /** Callbacks that are still to come. */
  pending(): number
}

export function fakeClock(startAt = Date.UTC(2026, 10, 22, 12)): FakeClock {
  let now = startAt
  let made = 0
  const timers = new Map<number, { at: number; callback: () => void }>()
  const runDue = (until: number) => {
    while (true) {
      // The first of those that fall due together is the one made first.
      let next: { id: number; at: number; callback: () => void } | null = null
      for (const [id, { at, callback }] of timers) {
        if (at <= until && (next === null || at < next.at)) next = { id, at, callback }
      }
      if (next === null) break
      timers.delete(next.id)
      now = Math.max(now, next.at)
      next.callback()
    }
    now = Math.max(now, until)
  }
  return {
    now: () => now,
    after: (delayMs, callback) => {
      made += 1
      const id = made
      timers.set(id, { at: now + Math.max(0, delayMs), callback })
      return () => timers.delete(id)
    },
    advance: byMs => runDue(now + byMs),
    sleep: forMs => {
      now += forMs
      runDue(now)
    },
    pending: () => timers.size,
  }
}
