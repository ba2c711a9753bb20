import { randomBytes } from 'node:crypto'
import { ok, type Result } from '#shared/failure.ts'
import type { Secrets } from '../vault/secrets.ts'

const secretName = 'warmup-token-keys'
const keyBytes = 32

/** Keys that tokens are signed and known by, the one in use first. */
export type TokenKeys = readonly [Uint8Array, ...Uint8Array[]]

/** The keys from the vault, where the first is made when there is none. Fails as the vault does. */
export async function readTokenKeys(vault: Pick<Secrets, 'read' | 'keep'>): Promise<Result<TokenKeys>> {
  const kept = await vault.read(secretName)
  if (!kept.ok) return kept
  const [first, ...others] = kept.value === null ? [] : keysIn(kept.value)
  if (first !== undefined) return ok([first, ...others])
  const made = randomBytes(keyBytes)
  const written = await vault.keep(secretName, JSON.stringify([made.toString('base64')]))
  return written.ok ? ok([made]) : written
}

function keysIn(text: string): Uint8Array[] {
  const values: unknown = JSON.parse(text)
  if (!Array.isArray(values)) return []
  return values
    .map(value => new Uint8Array(Buffer.from(String(value), 'base64')))
    .filter(({ length }) => length >= keyBytes)
}
