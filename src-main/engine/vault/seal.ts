import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { fail, ok, type Result } from '#shared/failure.ts'

/** Where the data key comes from: 32 octets, made once and kept outside the data folder. */
export type KeySource = {
  /** Fails with `vault-no-keychain` when there is no safe place; then nothing may be stored. */
  dataKey(): Promise<Result<Uint8Array, 'vault-no-keychain'>>
  /** Whether that place answers, without making a key. */
  answers(): Promise<Result<null, 'vault-no-keychain'>>
}

export const dataKeyBytes = 32
const formatVersion = 1
const nonceBytes = 12
const tagBytes = 16

/**
 * Seals octets with AES-256-GCM (NIST SP 800-38D): format version, fresh nonce, ciphertext, tag. `identity` names the
 * record it belongs to and is bound to it, so that a sealed value moved to another record does not open.
 */
export function seal(dataKey: Uint8Array, plain: Uint8Array, identity: string): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', dataKey, nonce, { authTagLength: tagBytes })
  cipher.setAAD(additionalData(identity))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Buffer.from([formatVersion]), nonce, sealed, cipher.getAuthTag()])
}

/** Opens what `seal` made. Fails with `vault-damaged` when it was changed, belongs to another record or to another key. */
export function unseal(
  dataKey: Uint8Array,
  sealed: Uint8Array,
  identity: string,
): Result<Uint8Array, 'vault-damaged'> {
  if (sealed.length < 1 + nonceBytes + tagBytes || sealed[0] !== formatVersion) return fail('vault-damaged')
  const nonce = sealed.subarray(1, 1 + nonceBytes)
  const tag = sealed.subarray(sealed.length - tagBytes)
  const decipher = createDecipheriv('aes-256-gcm', dataKey, nonce, { authTagLength: tagBytes })
  decipher.setAAD(additionalData(identity))
  decipher.setAuthTag(tag)
  try {
    const body = sealed.subarray(1 + nonceBytes, sealed.length - tagBytes)
    return ok(Buffer.concat([decipher.update(body), decipher.final()]))
  } catch {
    return fail('vault-damaged')
  }
}

function additionalData(identity: string): Buffer {
  return Buffer.from(`rookery\0${formatVersion}\0${identity}`, 'utf8')
}
