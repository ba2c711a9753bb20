const mostCrashes = 5
const windowMs = 60_000
const longestDelayMs = 8_000

/**
 * When to start the engine again after a crash: the delay, longer each time, or null when it crashed too often in a
 * minute for another try to make sense. `crashedAt` are the instants of all crashes, this one last.
 */
export function restartDelayMs(crashedAt: readonly number[], now: number): number | null {
  const recent = crashedAt.filter(at => now - at < windowMs).length
  if (recent > mostCrashes) return null
  return Math.min(longestDelayMs, 250 * 2 ** (recent - 1))
}
