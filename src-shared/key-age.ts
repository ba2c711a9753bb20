/** After so many days a key made here should give way to a new one. */
export const rotateKeyAfterDays = 90
const dayMs = 24 * 60 * 60_000

/** Whether a key made at this time, in epoch milliseconds, is due for rotation. */
export function isKeyDue(createdAt: number, now: number): boolean {
  return now - createdAt >= rotateKeyAfterDays * dayMs
}
