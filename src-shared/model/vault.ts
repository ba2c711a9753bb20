import { z } from 'zod'

/** Where the data key is kept: in the keychain of the operating system, or sealed under a passphrase. */
export const keyPlaceSchema = z.enum(['keychain', 'passphrase'])
export type KeyPlace = z.infer<typeof keyPlaceSchema>

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
export const keychainTroubleSchema = z.enum(keychainTroubleIds)
export type KeychainTrouble = z.infer<typeof keychainTroubleSchema>

export function isKeychainTrouble(reason: unknown): reason is KeychainTrouble {
  return keychainTroubleIds.some(id => id === reason)
}

export const vaultSchema = z.object({
  /**
   * `empty` before the first key is made; `open` when secrets can be read and kept; `locked` until `unlock`;
   * `unavailable` while the keychain with the key cannot be reached; `key-gone` when it is there and the key is not.
   */
  state: z.enum(['empty', 'open', 'locked', 'unavailable', 'key-gone']),
  /** Null before the first key is made. */
  place: keyPlaceSchema.nullable(),
  /** How the keychain was last found: `unknown` before it was first asked. */
  keychain: z.enum(['unknown', 'works', ...keychainTroubleIds]),
  /** How many secrets are kept. */
  secrets: z.number().int(),
  /** How many of them were sealed with a key that is gone, and must be entered again. */
  lost: z.number().int(),
  /** When the key in use was made. */
  keyMadeAt: z.number().int().nullable(),
  /** Locks by itself so long after it was unlocked; null never. */
  lockAfterMs: z.number().int().nullable(),
  /** When it will lock by itself. */
  locksAt: z.number().int().nullable(),
  /** After wrong passphrases the next one is not looked at before this time. */
  waitUntilAt: z.number().int().nullable(),
  /** Jobs that are due and wait until it is unlocked. */
  waitingJobs: z.number().int(),
})
export type VaultState = z.infer<typeof vaultSchema>

/** Shorter ones are refused: whoever has a copy of the data can try passphrases as fast as their machines can. */
export const passphraseLeastCharacters = 12
export const passphraseMostCharacters = 1_000

/** After how long it may lock by itself, as offered. */
export const lockAfterChoicesMs = [15 * 60_000, 60 * 60_000, 8 * 60 * 60_000] as const
