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
      const next = [...timers]
        .filter(([, timer]) => timer.at <= until)
        .toSorted(([a, x], [b, y]) => x.at - y.at || a - b)[0]
      if (next === undefined) break
      timers.delete(next[0])
      now = Math.max(now, next[1].at)
      next[1].callback()
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
