import type { Clock } from '../platform.ts'

/** Waits for its turn at a zone; false when the signal aborted first. */
export type Pacing = (zone: string, signal: AbortSignal) => Promise<boolean>

/** Lets one question to each zone go every `everyMs`, in the order they came, however many ask at once. */
export function createPacing(clock: Clock, everyMs: number): Pacing {
  const freeAt = new Map<string, number>()
  return (zone, signal) => {
    if (signal.aborted) return Promise.resolve(false)
    const now = clock.now()
    const at = Math.max(now, freeAt.get(zone) ?? 0)
    // A clock that was set back would otherwise hold everyone up for that long.
    const turnAt = at - now > longestQueueMs ? now : at
    freeAt.set(zone, turnAt + everyMs)
    if (turnAt === now) return Promise.resolve(true)
    return new Promise(resolve => {
      const settle = (isTurn: boolean) => {
        callOff()
        signal.removeEventListener('abort', onAbort)
        resolve(isTurn)
      }
      const onAbort = () => settle(false)
      const callOff = clock.after(turnAt - now, () => settle(true))
      signal.addEventListener('abort', onAbort, { once: true })
    })
  }
}

const longestQueueMs = 60 * 60_000
