import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { Result } from '#shared/failure.ts'

/**
 * Where a private key stays that is not handed to its owner: the vault. Nothing else may hold one: no row, no log, no
 * change, no answer of the contract. `name` is `dkim/` and the full name of its record. `read` gives null when there is none.
 */
export type PrivateKeyKeeper = {
  /** Whether a key could be kept now, or why not. */
  canKeep(): Promise<Result<null>>
  keep(name: string, pem: string): Promise<Result<null>>
  read(name: string): Promise<Result<string | null>>
  forget(name: string): Result<null> | Promise<Result<null>>
}

export type KeyPair = {
  /** The TXT record for the selector. */
  readonly record: string
  /** PKCS#8 in PEM. */
  readonly privateKey: string
}

/** What every receiver can check and no longer record than needed (RFC 8301 §3.2). */
const keyBits = 2048

/** A new RSA key pair: the record to publish (RFC 6376 §3.6.1) and the private key that signs. Takes 50–500 ms. */
export async function makeKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: keyBits,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return { record: `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`, privateKey }
}

/** A selector for a key made in this month, `rk202611`, or with a number behind it when it is `taken`. */
export function proposeSelector(now: number, taken: readonly string[]): string {
  const month = new Date(now).toISOString().slice(0, 7).replace('-', '')
  const used = new Set(taken.map(selector => selector.toLowerCase()))
  for (let count = 1; ; count += 1) {
    const selector = count === 1 ? `rk${month}` : `rk${month}-${count}`
    if (!used.has(selector)) return selector
  }
}
