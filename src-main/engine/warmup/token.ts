import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { TokenRefusal } from '#shared/model/warmup.ts'

const version = 1
const digestBytes = 12
const macBytes = 32
const payloadBytes = 1 + 6 + 4 * digestBytes
/** A key shorter than the hash gives less than the hash promises (RFC 2104 §3). */
const leastKeyBytes = 32

export type TokenSubject = {
  /** With its angle brackets. */
  readonly messageId: string
  readonly sender: string
  readonly recipient: string
  /** The Message-ID that began the thread. */
  readonly threadId: string
}

export type TokenVerdict =
  | { readonly ok: true; readonly tokenId: string }
  | { readonly ok: false; readonly reason: TokenRefusal }

/**
 * A token that binds a message to its Message-ID, sender, recipient and thread until it expires: HMAC-SHA-256 (RFC 2104)
 * over their digests, which tell nothing without the key. Epoch milliseconds; throws when the key is shorter than 32
 * octets.
 */
export function signToken(subject: TokenSubject, expiresAt: number, key: Uint8Array): string {
  const payload = Buffer.alloc(payloadBytes)
  payload.writeUInt8(version, 0)
  payload.writeUIntBE(expiresAt, 1, 6)
  let offset = 7
  for (const digest of digestsOf(subject, key)) {
    digest.copy(payload, offset)
    offset += digestBytes
  }
  return Buffer.concat([payload, macOf(payload, key)]).toString('base64url')
}

/**
 * Whether a received message is one of ours and for this mailbox. `keys` are the key in use and those before it;
 * `isSeen` says whether a token was taken already, so that a copy of a message is answered once. Compared in constant
 * time; nothing in a token is believed before its HMAC holds.
 */
export function verifyToken(input: {
  readonly token: string | null
  readonly subject: TokenSubject
  readonly now: number
  readonly keys: readonly Uint8Array[]
  readonly isSeen: (tokenId: string) => boolean
}): TokenVerdict {
  const { token, subject, now, keys, isSeen } = input
  if (token === null || token.trim() === '') return refuse('missing')
  // A long header may have been folded on its way (RFC 5322 §2.2.3).
  const text = token.replace(/\s+/g, '')
  if (!/^[\w-]{1,400}$/.test(text)) return refuse('malformed')
  const octets = Buffer.from(text, 'base64url')
  if (octets.length !== payloadBytes + macBytes || octets[0] !== version) return refuse('malformed')
  const payload = octets.subarray(0, payloadBytes)
  const mac = octets.subarray(payloadBytes)
  const key = keys.find(one => timingSafeEqual(mac, macOf(payload, one)))
  if (key === undefined) return refuse('forged')
  if (now >= payload.readUIntBE(1, 6)) return refuse('expired')
  const holds = digestsOf(subject, key).map((digest, index) => {
    const offset = 7 + index * digestBytes
    return timingSafeEqual(digest, payload.subarray(offset, offset + digestBytes))
  })
  const [isMessage, isSender, isRecipient, isThread] = holds
  if (!isMessage) return refuse('other-message')
  if (!isSender || !isRecipient) return refuse('other-mailbox')
  if (!isThread) return refuse('other-thread')
  const tokenId = mac.subarray(0, digestBytes).toString('base64url')
  return isSeen(tokenId) ? refuse('replayed') : { ok: true, tokenId }
}

/**
 * The name of the header that carries the token: made from the key, so that mail of different pools has no header in
 * common by which a filter could know it.
 */
export function tokenHeader(key: Uint8Array): string {
  return keyedHeader(key, 'header')
}

/** A header name for one purpose, known to nobody without the key. */
export function keyedHeader(key: Uint8Array, purpose: string): string {
  const octets = hmac(key, purpose)
  const letters = Array.from(octets.subarray(0, 8), octet => String.fromCharCode(97 + (octet % 26))).join('')
  return `X-${letters.charAt(0).toUpperCase()}${letters.slice(1)}`
}

function refuse(reason: TokenRefusal): TokenVerdict {
  return { ok: false, reason }
}

function digestsOf({ messageId, sender, recipient, threadId }: TokenSubject, key: Uint8Array): Buffer[] {
  const values = [
    ['message', messageId.trim()],
    ['sender', sender.trim().toLowerCase()],
    ['recipient', recipient.trim().toLowerCase()],
    ['thread', threadId.trim()],
  ] as const
  return values.map(([name, value]) => hmac(key, `${name}\0${value}`).subarray(0, digestBytes))
}

function macOf(payload: Uint8Array, key: Uint8Array): Buffer {
  return hmac(key, Buffer.concat([Buffer.from('token\0'), payload]))
}

function hmac(key: Uint8Array, data: string | Uint8Array): Buffer {
  return createHmac('sha256', keyObjectOf(key)).update(data).digest()
}

/** Made once for each key: every message that arrives is asked for its token. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>()

function keyObjectOf(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key)
  if (known !== undefined) return known
  if (key.length < leastKeyBytes) throw new RangeError(`A token key has ${leastKeyBytes} octets or more`)
  const made = createSecretKey(key)
  keyObjects.set(key, made)
  return made
}
