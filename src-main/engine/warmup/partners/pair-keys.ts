import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
} from 'node:crypto'

/** One side's half of an agreement, both as base64url. The private half is a secret. */
export type KeyPair = { readonly privateKey: string; readonly publicKey: string }

/** What a pair has in common and nobody else: a key for the tokens of mail, one for texts, and the digits to compare. */
export type PairKeys = {
  readonly token: Uint8Array
  readonly texts: Uint8Array
  readonly checkNumber: string
}

const keyBytes = 32
/** 66 bits: whoever sits between the two would have to try as many key pairs to be shown the same digits. */
const checkDigits = 20

/** A fresh X25519 pair (RFC 7748). */
export function makeKeyPair(): KeyPair {
  const { d = '', x = '' } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' })
  return { privateKey: d, publicKey: x }
}

/**
 * The keys of a pair: X25519 (RFC 7748 §6.1) and HKDF-SHA-256 (RFC 5869), bound to the octets of the invitation and to
 * the public key of who was invited, so that another invitation or answer gives other keys. Both sides come to the same.
 * Null when the other key is none, or one that leaves nothing secret.
 */
export function agreeOnKeys(
  own: KeyPair,
  theirPublicKey: string,
  transcript: { readonly invitation: Uint8Array; readonly invitedPublicKey: string },
): PairKeys | null {
  const curve = { kty: 'OKP', crv: 'X25519' }
  let shared: Buffer
  try {
    shared = diffieHellman({
      privateKey: createPrivateKey({
        key: { ...curve, d: own.privateKey, x: own.publicKey },
        format: 'jwk',
      }),
      publicKey: createPublicKey({ key: { ...curve, x: theirPublicKey }, format: 'jwk' }),
    })
  } catch {
    return null
  }
  const salt = createHash('sha256')
    .update(transcript.invitation)
    .update('\0')
    .update(transcript.invitedPublicKey)
    .digest()
  const derived = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', shared, salt, `rookery partners 1 ${purpose}`, keyBytes))
  return { token: derived('token'), texts: derived('texts'), checkNumber: digitsOf(derived('check')) }
}

function digitsOf(octets: Uint8Array): string {
  const number = BigInt(`0x${Buffer.from(octets).toString('hex')}`) % 10n ** BigInt(checkDigits)
  const digits = String(number).padStart(checkDigits, '0')
  return digits.replace(/(\d{5})(?=\d)/g, '$1 ')
}
