import { z } from 'zod'
import { keychainTroubleIds } from './vault-values.ts'

/** Where the data key is kept: in the keychain of the operating system, or sealed under a passphrase. */
export const keyPlaceSchema = z.enum(['keychain', 'passphrase'])
export type KeyPlace = z.infer<typeof keyPlaceSchema>

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
