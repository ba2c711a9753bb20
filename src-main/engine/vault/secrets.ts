import { ok, type Result } from '#shared/failure.ts'
import { writeOrFail } from '../storage/failures.ts'
import type { Store } from '../storage/open.ts'
import { type KeySource, seal, unseal } from './seal.ts'

export type SecretFailure = 'vault-no-keychain' | 'vault-damaged' | 'disk-full'

/** Small texts that must not stand in the data file as they are: keys of services. Each has a name that is no secret. */
export type Secrets = {
  has(name: string): boolean
  /** Whether something could be kept now; nothing is written. */
  canKeep(): Promise<Result<null, SecretFailure>>
  /** Null when there is none. */
  read(name: string): Promise<Result<string | null, SecretFailure>>
  keep(name: string, text: string): Promise<Result<null, SecretFailure>>
  forget(name: string): Result<null, SecretFailure>
}

const identityOf = (name: string) => `secrets/${name}`

export function createSecrets(store: Store, keys: KeySource, now: () => number): Secrets {
  return {
    has: name => store.get('SELECT 1 FROM secrets WHERE name = ?', name) !== undefined,
    canKeep: () => keys.answers(),
    read: async name => {
      const row = store.get<{ sealed: Uint8Array }>('SELECT sealed FROM secrets WHERE name = ?', name)
      if (row === undefined) return ok(null)
      const key = await keys.dataKey()
      if (!key.ok) return key
      const opened = unseal(key.value, row.sealed, identityOf(name))
      return opened.ok ? ok(Buffer.from(opened.value).toString('utf8')) : opened
    },
    keep: async (name, text) => {
      const key = await keys.dataKey()
      if (!key.ok) return key
      const sealed = seal(key.value, Buffer.from(text, 'utf8'), identityOf(name))
      return writeOrFail(store, writes => {
        writes.run(
          'INSERT OR REPLACE INTO secrets (name, sealed, sealed_at) VALUES (?, ?, ?)',
          name,
          sealed,
          now(),
        )
        return null
      })
    },
    forget: name =>
      writeOrFail(store, writes => {
        writes.run('DELETE FROM secrets WHERE name = ?', name)
        return null
      }),
  }
}
