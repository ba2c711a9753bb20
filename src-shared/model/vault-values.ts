/** What can be in the way of a keychain, told apart because the next step differs. The words stand in `words/vault.ts`. */
export const keychainTroubleIds = [
  /** This host has none to offer. */
  'none',
  /** No session bus can be reached (Linux). */
  'no-bus',
  /** The bus has no Secret Service (Linux). */
  'no-service',
  /** The Secret Service has no collection to keep things in (Linux). */
  'no-collection',
  /** It is locked, and nobody unlocked it when it asked. */
  'locked',
  /** It took a key and did not give it back. */
  'not-kept',
  'unknown',
] as const
export type KeychainTrouble = (typeof keychainTroubleIds)[number]

export function isKeychainTrouble(reason: unknown): reason is KeychainTrouble {
  return keychainTroubleIds.some(id => id === reason)
}

/** Shorter ones are refused: whoever has a copy of the data can try passphrases as fast as their machines can. */
export const passphraseLeastCharacters = 12
export const passphraseMostCharacters = 1_000

/** After how long it may lock by itself, as offered. */
export const lockAfterChoicesMs = [15 * 60_000, 60 * 60_000, 8 * 60 * 60_000] as const
