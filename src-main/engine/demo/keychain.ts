import { ok } from '#shared/failure.ts'
import type { Keychain } from '../platform.ts'

/**
 * A keychain that ends with the process, for the demo alone: its passwords are made up, nobody is asked, and what is
 * sealed with its key can never be read again.
 */
export function createMemoryKeychain(kept = new Map<string, Uint8Array>()): Keychain {
  return {
    read: async name => {
      const found = kept.get(name)
      return ok(found === undefined ? null : Uint8Array.from(found))
    },
    write: async (name, secret) => {
      kept.set(name, Uint8Array.from(secret))
      return ok(null)
    },
    remove: async name => {
      kept.delete(name)
      return ok(null)
    },
  }
}
