/** Wrong passphrases in a row, and when the next one is looked at. */
export type Attempts = { readonly wrong: number; readonly waitUntilAt: number | null }

export const noAttempts: Attempts = { wrong: 0, waitUntilAt: null }

const firstWaitMs = 1_000
const longestWaitMs = 5 * 60_000

/** After one more wrong passphrase: a second, doubled each time, at most five minutes. */
export function afterWrong({ wrong }: Attempts, now: number): Attempts {
  return { wrong: wrong + 1, waitUntilAt: now + Math.min(longestWaitMs, firstWaitMs * 2 ** wrong) }
}

/** How long the next one has to wait. A clock that was set back does not make it longer than it was. */
export function remainingMs({ wrong, waitUntilAt }: Attempts, now: number): number {
  if (waitUntilAt === null) return 0
  return Math.min(longestWaitMs, firstWaitMs * 2 ** (wrong - 1), Math.max(0, waitUntilAt - now))
}
