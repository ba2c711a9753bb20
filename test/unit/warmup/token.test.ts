import { assert, integer, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signToken, tokenHeader, type TokenSubject, verifyToken } from '#engine/warmup/token.ts'

const key = new Uint8Array(32).fill(7)
const otherKey = new Uint8Array(32).fill(8)
const expiresAt = Date.UTC(2026, 6, 1)
const now = expiresAt - 1_000
const subject: TokenSubject = {
  messageId: '<m1@a.example>',
  sender: 'ann@a.example',
  recipient: 'bob@b.example',
  threadId: '<t1@a.example>',
}
const token = signToken(subject, expiresAt, key)
const verify = (over: Partial<Parameters<typeof verifyToken>[0]> = {}) =>
  verifyToken({ token, subject, now, keys: [key], isSeen: () => false, ...over })

describe('a token', () => {
  test('holds for its message, also folded, in other letters of the address, and under the key before', () => {
    expect(verify().ok).toBe(true)
    expect(verify({ token: ` ${token.slice(0, 40)}\r\n ${token.slice(40)}` }).ok).toBe(true)
    expect(verify({ subject: { ...subject, sender: 'Ann@A.example' } }).ok).toBe(true)
    expect(verify({ keys: [otherKey, key] }).ok).toBe(true)
  })

  test.each<[string, Partial<Parameters<typeof verifyToken>[0]>]>([
    ['missing', { token: null }],
    ['missing', { token: ' ' }],
    ['malformed', { token: 'hello' }],
    ['malformed', { token: token.slice(0, -4) }],
    ['malformed', { token: 'x'.repeat(100_000) }],
    ['forged', { keys: [otherKey] }],
    ['forged', { keys: [] }],
    ['expired', { now: expiresAt }],
    ['other-message', { subject: { ...subject, messageId: '<m2@a.example>' } }],
    ['other-mailbox', { subject: { ...subject, recipient: 'eve@b.example' } }],
    ['other-mailbox', { subject: { ...subject, sender: 'eve@a.example' } }],
    ['other-thread', { subject: { ...subject, threadId: '<t2@a.example>' } }],
    ['replayed', { isSeen: () => true }],
  ])('%s: %o', (reason, over) => {
    expect(verify(over)).toEqual({ ok: false, reason })
  })

  test('with any character changed it is refused', () => {
    assert(
      property(integer({ min: 0, max: token.length - 1 }), integer({ min: 1, max: 63 }), (place, shift) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        const changed = alphabet[(alphabet.indexOf(token.charAt(place)) + shift) % 64] ?? 'A'
        const forged = token.slice(0, place) + changed + token.slice(place + 1)
        // The last character carries bits that decode to nothing.
        return (
          Buffer.from(forged, 'base64url').equals(Buffer.from(token, 'base64url')) ||
          !verify({ token: forged }).ok
        )
      }),
    )
  })

  test('nobody without the key makes one up', () => {
    assert(property(string({ maxLength: 200 }), text => !verify({ token: text }).ok))
  })

  test('is found again by the same name when it comes twice', () => {
    const first = verify()
    const second = verify()
    expect(first).toEqual(second)
    expect(first.ok && first.tokenId.length).toBeGreaterThan(10)
  })

  test('tells nothing about the mailboxes, and its header nothing about us', () => {
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toMatch(/ann|bob|example/)
    expect(tokenHeader(key)).toMatch(/^X-[A-Z][a-z]{7}$/)
    expect(tokenHeader(key)).not.toBe(tokenHeader(otherKey))
  })

  test('a short key is a fault', () => {
    expect(() => signToken(subject, expiresAt, new Uint8Array(16))).toThrow(RangeError)
  })
})
