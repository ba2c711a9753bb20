import { randomBytes } from 'node:crypto'
import { assert, property, string, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seal, unseal } from '#engine/vault/seal.ts'
import { fail } from '#shared/failure.ts'
import { canary } from '../../helpers/canary.ts'

const key = randomBytes(32)
const secret = Buffer.from(canary())
const octets = uint8Array({ maxLength: 300 })

describe('a sealed value', () => {
  test('opens to what was sealed', () => {
    assert(
      property(octets, string(), (plain, identity) => {
        const opened = unseal(key, seal(key, plain, identity), identity)
        return opened.ok && Buffer.from(opened.value).equals(Buffer.from(plain))
      }),
    )
  })

  test('opens for no other record and no other key', () => {
    const sealed = seal(key, secret, 'secrets/a')
    expect(unseal(key, sealed, 'secrets/b')).toEqual(fail('vault-damaged'))
    expect(unseal(randomBytes(32), sealed, 'secrets/a')).toEqual(fail('vault-damaged'))
  })

  test('opens for no other record, whatever the two are called', () => {
    assert(
      property(string(), string(), (one, other) => {
        return one === other || !unseal(key, seal(key, secret, one), other).ok
      }),
    )
  })

  test('opens no more once any single bit was flipped', () => {
    assert(
      property(octets, string(), (plain, identity) => {
        const sealed = seal(key, plain, identity)
        for (let bit = 0; bit < sealed.length * 8; bit += 1) {
          const changed = Buffer.from(sealed)
          changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          if (unseal(key, changed, identity).ok) return false
        }
        return true
      }),
      { numRuns: 25 },
    )
  })

  test('opens no more once it was cut or made longer', () => {
    const sealed = seal(key, secret, 'a')
    for (let length = 0; length < sealed.length; length += 1)
      expect(unseal(key, sealed.subarray(0, length), 'a').ok).toBe(false)
    expect(unseal(key, Buffer.concat([sealed, Buffer.from([0])]), 'a').ok).toBe(false)
  })

  test('is never the same twice', () => {
    const all = Array.from({ length: 50 }, () =>
      Buffer.from(seal(key, Buffer.from('x'), 'a')).toString('hex'),
    )
    expect(new Set(all.map(text => text.slice(2, 26))).size).toBe(50)
  })
})
