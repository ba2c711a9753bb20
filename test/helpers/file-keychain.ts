import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Keychain } from '#engine/platform.ts'
import { ok } from '#shared/failure.ts'

/** A keychain that outlives its process: a file for each entry. For tests that kill one. */
export function fileKeychain(folder: string): Keychain {
  const fileOf = (name: string) => join(folder, Buffer.from(name).toString('hex'))
  mkdirSync(folder, { recursive: true })
  return {
    read: async name => {
      try {
        return ok(new Uint8Array(readFileSync(fileOf(name))))
      } catch {
        return ok(null)
      }
    },
    write: async (name, secret) => {
      writeFileSync(`${fileOf(name)}.new`, secret)
      renameSync(`${fileOf(name)}.new`, fileOf(name))
      return ok(null)
    },
    remove: async name => {
      rmSync(fileOf(name), { force: true })
      return ok(null)
    },
  }
}
