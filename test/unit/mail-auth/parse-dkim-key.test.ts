import { generateKeyPairSync, randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64 } from '#shared/mail-auth/base64.ts'
import { parseDkimKey, type DkimKeyRecord } from '#shared/mail-auth/parse-dkim-key.ts'
import { cpuTime } from '../../helpers/cpu-time.ts'
import { fakeRsaKey, rsaKey } from '../../helpers/dkim-keys.ts'

function read(text: string): DkimKeyRecord {
  const parsed = parseDkimKey(text)
  if (!parsed.ok) throw new Error(`not DKIM: ${text}`)
  return parsed.record
}

describe('keys', () => {
  it.each([512, 1024, 2048])('reads the size of a real %i bit RSA key', bits => {
    expect(read(`v=DKIM1; k=rsa; p=${rsaKey(bits)}`).key).toEqual({ state: 'usable', type: 'rsa', bits })
  })

  it('reads a bare RSAPublicKey', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const key = publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')
    expect(read(`p=${key}`).key).toEqual({ state: 'usable', type: 'rsa', bits: 1024 })
  })

  it('reads any size to the bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 17, max: 8_192 }), bits => {
        expect(read(`p=${fakeRsaKey(bits)}`).key).toEqual({ state: 'usable', type: 'rsa', bits })
      }),
    )
  })

  it('reads an Ed25519 key, which is 32 octets and nothing around them', () => {
    const key = randomBytes(32).toString('base64')
    expect(read(`v=DKIM1; k=ed25519; p=${key}`).key).toEqual({ state: 'usable', type: 'ed25519', bits: 256 })
    const wrapped = randomBytes(44).toString('base64')
    expect(read(`k=ed25519; p=${wrapped}`).key).toMatchObject({ errors: [{ reason: 'ed25519-length' }] })
  })

  it('an empty p is a withdrawn key', () => {
    expect(read('v=DKIM1; p=').key).toEqual({ state: 'revoked', type: 'rsa' })
    expect(read('v=DKIM1; k=ed25519; p= ;').key).toEqual({ state: 'revoked', type: 'ed25519' })
  })

  it('white space inside the key is folding', () => {
    const key = rsaKey(1024)
    expect(read(`v=DKIM1; p=${key.slice(0, 80)} \t${key.slice(80)}`).key.state).toBe('usable')
  })

  it.each([
    ['v=DKIM1; k=rsa', 'key-missing'],
    ['v=DKIM1; p=!!!!', 'base64-invalid'],
    ['v=DKIM1; p=AAA', 'base64-invalid'],
    ['v=DKIM1; p=AAAA', 'key-not-rsa'],
    [`v=DKIM1; p=${fakeRsaKey(2048).slice(0, 240)}`, 'key-not-rsa'],
    [`v=DKIM1; k=dsa; p=${fakeRsaKey(1024)}`, 'key-type-unknown'],
    ['v=DKIM1; p', 'syntax'],
    [`v=DKIM1; p=${fakeRsaKey(1024)}; p=`, 'duplicate-tag'],
  ])('%j: %s', (text, reason) => {
    expect(read(text).key).toMatchObject({ state: 'invalid', errors: [{ reason }] })
  })
})

describe('other tags', () => {
  it('reads them', () => {
    const record = read(`v=DKIM1; h=sha1:SHA256; s=email:other; t=y:s; n=a note; p=${fakeRsaKey(1024)}`)
    expect(record).toMatchObject({
      hashes: ['sha1', 'sha256'],
      services: ['email', 'other'],
      testing: true,
      strict: true,
      notes: 'a note',
      versionValid: true,
    })
  })

  it.each([
    ['p=AAAA', true],
    ['v=DKIM1; p=AAAA', true],
    ['v=DKIM2; p=AAAA', false],
    ['v=dkim1; p=AAAA', false],
    ['p=AAAA; v=DKIM1', false],
  ])('version of %j is right: %s', (text, valid) => {
    expect(read(text).versionValid).toBe(valid)
  })

  it.each(['v=spf1 -all', 'v=DMARC1; p=none', 'hello', ''])('%j is no key', text => {
    expect(parseDkimKey(text).ok).toBe(false)
  })
})

/** Any UTF-16 unit, lone surrogates too. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code))

describe('any text', () => {
  it('never throws, and every position lies inside the text', () => {
    const text = fc.oneof(
      fc.string({ unit: anyUnit }),
      fc.string().map(rest => `v=DKIM1;${rest}`),
      fc.base64String().map(key => `p=${key}`),
      fc.uint8Array({ maxLength: 80 }).map(octets => `p=${Buffer.from(octets).toString('base64')}`),
    )
    fc.assert(
      fc.property(text, value => {
        const parsed = parseDkimKey(value)
        if (!parsed.ok) return
        const { key, tags } = parsed.record
        const spans = [...tags.map(tag => tag.valueSpan), ...(key.state === 'invalid' ? key.errors : [])]
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeGreaterThanOrEqual(start)
          expect(end).toBeLessThanOrEqual(value.length)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('a key with one octet changed or cut is read or refused, never thrown at', () => {
    const octets = Buffer.from(fakeRsaKey(512), 'base64')
    fc.assert(
      fc.property(
        fc.nat({ max: octets.length - 1 }),
        fc.nat({ max: 255 }),
        fc.boolean(),
        (at, octet, cut) => {
          const changed = Buffer.from(octets)
          changed[at] = octet
          const key = (cut ? changed.subarray(0, at) : changed).toString('base64')
          expect(['usable', 'invalid', 'revoked']).toContain(read(`p=${key}`).key.state)
        },
      ),
    )
  })

  it('base64 is decoded as Node decodes it', () => {
    fc.assert(
      fc.property(fc.uint8Array(), octets => {
        expect(decodeBase64(Buffer.from(octets).toString('base64'))).toEqual(octets)
      }),
    )
  })

  it('64 KiB of anything is read in a moment', () => {
    const tookMs = cpuTime()
    for (const part of [' ', ';', 'p', 'p ', 'a;', '"', 'v'])
      parseDkimKey(`v=DKIM1;${part.repeat(65_536 / part.length)}`)
    for (const part of [' ', ';', 'p', 'p ', 'a;', '"', 'v']) parseDkimKey(part.repeat(65_536 / part.length))
    expect(tookMs()).toBeLessThan(5_000)
  })
})
