import type { ClientClock } from '../../src-renderer/client/clock.ts'

/** Time that stands still until it is turned. */
export type FakeClock = ClientClock & { advance(byMs: number): void; timers(): number }

export function createFakeClock(random: () => number = () => 1): FakeClock {
  let now = 1_000_000
  let timers: { at: number; callback: () => void }[] = []
  return {
    now: () => now,
    random,
    after: (delayMs, callback) => {
      const timer = { at: now + delayMs, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter(other => other !== timer)
      }
    },
    advance: byMs => {
      const until = now + byMs
      while (true) {
        const next = timers.filter(timer => timer.at <= until).toSorted((a, b) => a.at - b.at)[0]
        if (!next) break
        timers = timers.filter(other => other !== next)
        now = Math.max(now, next.at)
        next.callback()
      }
      now = until
    },
    timers: () => timers.length,
  }
}
