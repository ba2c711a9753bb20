import type { Step } from './interpret-answer.ts'
import { limits } from './limits.ts'

/** A step together with who said it, and the size of the message it was read from. */
export type Answer = Exclude<Step, { state: 'unavailable' }> & {
  readonly server: string
  readonly messageBytes: number
}

export type AnswerCache = {
  /** The answer while it is good, with the TTL that is left. */
  get(key: string): Answer | null
  /** Takes the place of what was kept, even when it is not to be kept itself. */
  put(key: string, answer: Answer): void
  clear(): void
}

/** Keeps answers for their TTL, at most `limits.dnsCacheTtlS`; the oldest make room. `now` in epoch milliseconds. */
export function createAnswerCache(now: () => number): AnswerCache {
  const entries = new Map<string, { answer: Answer; storedAt: number; keptS: number }>()
  return {
    get: key => {
      const entry = entries.get(key)
      if (entry === undefined) return null
      const ageS = (now() - entry.storedAt) / 1000
      // A clock that was set back would keep an answer for ever.
      if (ageS < 0 || ageS >= entry.keptS) {
        entries.delete(key)
        return null
      }
      return ageS < 1 ? entry.answer : { ...entry.answer, ttlS: entry.answer.ttlS - Math.floor(ageS) }
    },
    put: (key, answer) => {
      entries.delete(key)
      if (answer.ttlS <= 0 || answer.messageBytes > limits.dnsCacheMessageBytes) return
      if (entries.size >= limits.dnsCacheEntries) {
        // Many at once: finding the oldest of a map steps over everything deleted before it.
        let room = limits.dnsCacheEntries / 10
        for (const oldest of entries.keys()) {
          if (room-- <= 0) break
          entries.delete(oldest)
        }
      }
      entries.set(key, { answer, storedAt: now(), keptS: Math.min(answer.ttlS, limits.dnsCacheTtlS) })
    },
    clear: () => entries.clear(),
  }
}
