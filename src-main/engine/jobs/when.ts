const firstBackoffMs = 5_000
const longestBackoffMs = 60 * 60_000

/** How long to wait after the n-th attempt in a row that threw: 5 s, doubled each time, at most an hour. */
export function backoffMs(attempts: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.max(0, attempts - 1))
}

/**
 * When a job runs again that was under way as its process died. The first times at once: the process was most likely
 * ended from outside; after that as if it had thrown, because it may be the job that kills it.
 */
export function resumedRunAt(runAt: number, attempts: number, now: number): number {
  return attempts <= 2 ? Math.min(runAt, now) : now + backoffMs(attempts)
}

/** Run times for `count` overdue jobs: a second apart, or closer so that all fit into `spreadMs`. */
export function spreadRunAts(count: number, now: number, spreadMs: number): number[] {
  const stepMs = Math.min(1_000, spreadMs / Math.max(1, count))
  return Array.from({ length: count }, (_, index) => now + Math.floor(index * stepMs))
}

/** A number in [0, 1) for a key, the same every time: sets apart what would otherwise run together. */
export function fractionOf(key: string, step = 0): number {
  let hash = 0x811c9dc5 ^ step
  for (const character of key) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
