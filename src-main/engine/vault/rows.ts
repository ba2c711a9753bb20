import type { KeyPlace } from '#shared/model/vault.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import { seal, unseal } from './seal.ts'

/** One version of the data key. At most one is `current`; the octets are never here. */
export type KeyRow = Row & {
  id: string
  place: KeyPlace
  /**
   * `making` until everything is sealed with it, `leaving` until its keychain entry is gone, `lost` when somebody
   * started anew without it: then what it sealed is still here and nothing opens it.
   */
  state: 'making' | 'current' | 'leaving' | 'lost'
  /** The data key under the passphrase; null for one in the keychain. */
  sealed_key: string | null
  /** Nothing, sealed: opens with the right key alone. Null for a key of before there was one. */
  proof: Uint8Array | null
  made_at: number
}

type SecretRow = Row & { name: string; sealed: Uint8Array; key_id: string }

export const identityOf = (name: string) => `secrets/${name}`
export const keyIdentityOf = (id: string) => `vault-keys/${id}`

export function currentKey(reads: Reads): KeyRow | null {
  return reads.get<KeyRow>("SELECT * FROM vault_keys WHERE state = 'current'") ?? null
}

/** Keys that a crash left half made, or whose place has not yet let them go. */
export function keysToForget(reads: Reads): KeyRow[] {
  return reads.all<KeyRow>("SELECT * FROM vault_keys WHERE state IN ('making', 'leaving')")
}

export function noteKey(writes: Writes, id: string, place: KeyPlace, now: number): void {
  const sql = "INSERT INTO vault_keys (id, place, state, made_at) VALUES (?, ?, 'making', ?)"
  writes.run(sql, id, place, now)
}

export function dropKey(writes: Writes, id: string): void {
  writes.run('DELETE FROM vault_keys WHERE id = ?', id)
}

export function proofOf(key: Uint8Array, id: string): Uint8Array {
  return seal(key, new Uint8Array(), keyIdentityOf(id))
}

/** Whether this is the key that the row speaks of. */
export function isKeyOf(key: Uint8Array, { id, proof }: KeyRow): boolean {
  return proof === null || unseal(key, proof, keyIdentityOf(id)).ok
}

export function secretOf(reads: Reads, name: string): SecretRow | null {
  return reads.get<SecretRow>('SELECT name, sealed, key_id FROM secrets WHERE name = ?', name) ?? null
}

export function putSecret(
  writes: Writes,
  held: { id: string; key: Uint8Array },
  name: string,
  text: string,
  now: number,
): void {
  const plain = Buffer.from(text, 'utf8')
  const sealed = seal(held.key, plain, identityOf(name))
  plain.fill(0)
  writes.run(
    'INSERT OR REPLACE INTO secrets (name, sealed, sealed_at, key_id) VALUES (?, ?, ?, ?)',
    name,
    sealed,
    now,
    held.id,
  )
}

export function countSecrets(reads: Reads): { secrets: number; lost: number } {
  const sql = `SELECT count(*) AS secrets,
    count(*) FILTER (WHERE key_id NOT IN (SELECT id FROM vault_keys WHERE state = 'current')) AS lost FROM secrets`
  return reads.get<{ secrets: number; lost: number }>(sql) ?? { secrets: 0, lost: 0 }
}

/**
 * Makes `next` the current key and seals every secret of `before` with it, all in the caller's transaction. What does
 * not open is left as it is: no key opens it any more. Without `before` the old key counts as lost, with all it sealed.
 */
export function replaceKey(
  writes: Writes,
  before: { id: string; key: Uint8Array } | null,
  next: { id: string; key: Uint8Array; sealedKey: string | null },
): void {
  if (before !== null) {
    for (const row of writes.all<SecretRow>(
      'SELECT name, sealed, key_id FROM secrets WHERE key_id = ?',
      before.id,
    )) {
      const opened = unseal(before.key, row.sealed, identityOf(row.name))
      if (!opened.ok) continue
      const sealed = seal(next.key, opened.value, identityOf(row.name))
      opened.value.fill(0)
      writes.run('UPDATE secrets SET sealed = ?, key_id = ? WHERE name = ?', sealed, next.id, row.name)
    }
  }
  writes.run("UPDATE vault_keys SET state = ? WHERE state = 'current'", before === null ? 'lost' : 'leaving')
  writes.run(
    "UPDATE vault_keys SET state = 'current', sealed_key = ?, proof = ? WHERE id = ?",
    next.sealedKey,
    proofOf(next.key, next.id),
    next.id,
  )
}

const lockAfterKey = 'vault-lock-after-ms'

export function readLockAfter(reads: Reads): number | null {
  const value = reads.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', lockAfterKey)?.value
  const ms = value === undefined ? Number.NaN : Number(value)
  return Number.isSafeInteger(ms) && ms > 0 ? ms : null
}

export function writeLockAfter(writes: Writes, afterMs: number | null): void {
  writes.run('DELETE FROM meta WHERE key = ?', lockAfterKey)
  if (afterMs !== null)
    writes.run('INSERT INTO meta (key, value) VALUES (?, ?)', lockAfterKey, String(afterMs))
}
