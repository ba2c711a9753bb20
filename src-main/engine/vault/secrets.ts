import { fail, type FailureCode, ok, type Result } from '#shared/failure.ts'
import { writeOrFail } from '../storage/failures.ts'
import type { Store, Writes } from '../storage/open.ts'
import type { DataKey } from './data-key.ts'
import { identityOf, putSecret, secretOf } from './rows.ts'
import { unseal } from './seal.ts'

export type SecretFailure = Extract<
  FailureCode,
  'vault-no-keychain' | 'vault-damaged' | 'vault-locked' | 'vault-key-gone' | 'disk-full'
>

/** Small texts that must not stand in the data file as they are. Each has a name that is no secret. */
export type Secrets = {
  has(name: string): boolean
  /** Whether something could be kept now; nothing is written. Fails as `read` does. */
  canKeep(): Promise<Result<null, SecretFailure>>
  /**
   * Null when there is none. `vault-locked` or `vault-no-keychain` {reason} when it cannot be read now, `vault-key-gone`
   * or `vault-damaged` when it cannot be read any more and must be entered again.
   */
  read(name: string): Promise<Result<string | null, SecretFailure>>
  /** Fails as `read` does; then nothing is stored. */
  keep(name: string, text: string): Promise<Result<null, SecretFailure>>
  /** Needs no key. */
  forget(name: string): Result<null, SecretFailure>
  /** Makes sure that the key is at hand, so that `keepWithin` can be used. Fails as `read` does. */
  open(): Promise<Result<null, SecretFailure>>
  /** `keep` as part of the caller's transaction. `vault-locked` when the key is not at hand: call `open` before. */
  keepWithin(writes: Writes, name: string, text: string): Result<null, 'vault-locked'>
  forgetWithin(writes: Writes, name: string): void
}

/** The one place that sees secrets in clear: sealed in the store with the data key, each bound to its name. */
export function createSecrets(
  store: Store,
  { open, answers, atHand }: Pick<DataKey, 'open' | 'answers' | 'atHand'>,
  now: () => number,
): Secrets {
  const readHeld = (name: string): Result<string | null, SecretFailure> => {
    const row = secretOf(store, name)
    if (row === null) return ok(null)
    const current = atHand()
    if (current === null) return fail('vault-locked', {}, 'later')
    if (row.key_id !== current.id) return fail('vault-key-gone')
    const opened = unseal(current.key, row.sealed, identityOf(name))
    if (!opened.ok) return opened
    const text = Buffer.from(opened.value.buffer, opened.value.byteOffset, opened.value.length).toString(
      'utf8',
    )
    opened.value.fill(0)
    return ok(text)
  }

  const keepWithin: Secrets['keepWithin'] = (writes, name, text) => {
    const current = atHand()
    if (current === null) return fail('vault-locked', {}, 'later')
    putSecret(writes, current, name, text, now())
    return ok(null)
  }

  return {
    has: name => secretOf(store, name) !== null,
    canKeep: answers,
    read: async name => {
      if (secretOf(store, name) === null) return ok(null)
      const opened = await open()
      return opened.ok ? readHeld(name) : opened
    },
    keep: async (name, text) => {
      const opened = await open()
      if (!opened.ok) return opened
      const written = writeOrFail(store, writes => keepWithin(writes, name, text))
      return written.ok ? written.value : written
    },
    forget: name => {
      const written = writeOrFail(store, writes => forgetWithin(writes, name))
      return written.ok ? ok(null) : written
    },
    open,
    keepWithin,
    forgetWithin,
  }
}

function forgetWithin(writes: Writes, name: string): void {
  writes.run('DELETE FROM secrets WHERE name = ?', name)
}
