import { randomBytes } from 'node:crypto'
import { fail, ok } from '#shared/failure.ts'
import type { Keychain } from '../platform.ts'
import { dataKeyBytes, type KeySource } from './seal.ts'

/** The data key of one data folder, from the keychain of the operating system; made at its first use. */
export function keychainKey(keychain: Keychain, dataId: string): KeySource {
  const name = `data-key ${dataId}`
  let known: Uint8Array | null = null
  const read = async () => {
    if (known !== null) return ok(known)
    const found = await keychain.read(name)
    if (!found.ok) return found
    if (found.value?.length === dataKeyBytes) return ok((known = found.value))
    if (found.value !== null) return fail('vault-no-keychain', { reason: 'damaged' })
    const made = randomBytes(dataKeyBytes)
    const written = await keychain.write(name, made)
    if (!written.ok) return written
    // What cannot be read back would be lost with this process, and all it sealed.
    const back = await keychain.read(name)
    if (!back.ok) return back
    if (back.value === null || !made.equals(back.value))
      return fail('vault-no-keychain', { reason: 'not-kept' })
    return ok((known = made))
  }
  let reading: ReturnType<typeof read> | null = null
  return {
    // One at a time, or two first uses would make two keys.
    dataKey: () => (reading ??= read().finally(() => (reading = null))),
    answers: async () => {
      if (known !== null) return ok(null)
      const found = await keychain.read(name)
      return found.ok ? ok(null) : found
    },
  }
}
