import { timingSafeEqual } from 'node:crypto'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { Keychain } from '../platform.ts'
import { writeOrFail } from '../storage/failures.ts'
import type { Store } from '../storage/open.ts'
import { dropKey, isKeyOf, type KeyRow, keysToForget } from './rows.ts'
import { dataKeyBytes } from './seal.ts'

/** The entries of one data folder in the keychain: one for each version of its data key. */
export type KeychainEntries = {
  /** `vault-key-gone` when the keychain works and does not hold the key of this row. */
  load(row: KeyRow): Promise<Result<Uint8Array, 'vault-no-keychain' | 'vault-key-gone'>>
  /** Puts a key there, and makes sure that it comes back: what cannot be read again would be lost with this process. */
  put(id: string, key: Uint8Array): Promise<Result<null, 'vault-no-keychain'>>
  /** Takes away what no record needs any more: the half-made key of a crash, the one that was replaced. */
  tidy(store: Store): Promise<void>
  /** Asks it something harmless. */
  probe(): Promise<Result<unknown, 'vault-no-keychain'>>
}

export function keychainEntries(keychain: Keychain, dataId: string): KeychainEntries {
  // The key of before there were versions has no id.
  const nameOf = (id: string) => (id === '' ? `data-key ${dataId}` : `data-key ${dataId} ${id}`)
  return {
    load: async row => {
      const found = await keychain.read(nameOf(row.id))
      if (!found.ok) return found
      const key = found.value
      if (key?.length === dataKeyBytes && isKeyOf(key, row)) return ok(key)
      key?.fill(0)
      return fail('vault-key-gone', {}, 'later')
    },
    put: async (id, key) => {
      const written = await keychain.write(nameOf(id), key)
      if (!written.ok) return written
      const back = await keychain.read(nameOf(id))
      const isKept = back.ok && back.value?.length === key.length && timingSafeEqual(back.value, key)
      if (back.ok) back.value?.fill(0)
      if (isKept) return ok(null)
      await keychain.remove(nameOf(id))
      return back.ok ? fail('vault-no-keychain', { reason: 'not-kept' }, 'later') : back
    },
    tidy: async store => {
      for (const row of keysToForget(store)) {
        if (row.place === 'keychain' && !(await keychain.remove(nameOf(row.id))).ok) return
        if (!writeOrFail(store, writes => dropKey(writes, row.id)).ok) return
      }
    },
    probe: () => keychain.read(nameOf('probe')),
  }
}
