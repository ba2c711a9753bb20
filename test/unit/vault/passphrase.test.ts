import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { afterWrong, type Attempts, noAttempts, remainingMs } from '#engine/vault/attempts.ts'
import { checkPassphrase, openKey, passphraseCost, sealKey } from '#engine/vault/passphrase.ts'
import { fail, ok } from '#shared/failure.ts'
import { canary } from '../../helpers/canary.ts'

const cost = { N: 1_024, r: 8, p: 1 }
const key = new Uint8Array(randomBytes(32))
const passphrase = canary('passphrase')
const bytesOf = (result: Awaited<ReturnType<typeof openKey>>) => (result.ok ? [...result.value] : result)

describe('a key under a passphrase', () => {
  test('opens with the passphrase alone, for its own record', async () => {
    const text = await sealKey(key, passphrase, 'vault-keys/a', cost)
    expect(bytesOf(await openKey(text, passphrase, 'vault-keys/a'))).toEqual([...key])
    expect(await openKey(text, `${passphrase} `, 'vault-keys/a')).toMatchObject(wrong)
    expect(await openKey(text, passphrase, 'vault-keys/b')).toMatchObject(wrong)
    expect(text).not.toContain(Buffer.from(key).toString('base64'))
  })

  test('is never the same twice', async () => {
    expect(await sealKey(key, passphrase, 'a', cost)).not.toBe(await sealKey(key, passphrase, 'a', cost))
  })

  test('opens however the same letters were typed', async () => {
    const text = await sealKey(key, `${passphrase} \u00e9`, 'a', cost)
    expect((await openKey(text, `${passphrase} e\u0301`, 'a')).ok).toBe(true)
  })

  test('is damaged, not wrong, once a character of it was changed', async () => {
    const text = await sealKey(key, passphrase, 'a', cost)
    for (const name of ['salt', 'sealed', 'sum', 'N', 'r', 'p', 'kdf']) {
      const parts = JSON.parse(text)
      const value = parts[name]
      parts[name] = typeof value === 'number' ? value * 2 : `A${String(value).slice(1)}`
      if (parts[name] === value) continue
      expect(await openKey(JSON.stringify(parts), passphrase, 'a'), name).toEqual(fail('vault-damaged'))
    }
    expect(await openKey('', passphrase, 'a')).toEqual(fail('vault-damaged'))
  })

  test('is refused when it asks for more memory than a bound, without using it', async () => {
    const parts = JSON.parse(await sealKey(key, passphrase, 'a', cost))
    const greedy = JSON.stringify({ ...parts, N: 2 ** 30 })
    expect(await openKey(greedy, passphrase, 'a')).toEqual(fail('vault-damaged'))
  })

  test('costs 128 MiB to try once', () => {
    expect(128 * passphraseCost.N * passphraseCost.r).toBe(128 * 1024 * 1024)
  })

  test('has at least 12 characters', () => {
    expect(checkPassphrase('elevenchars')).toEqual(fail('vault-passphrase-short', { least: 12 }))
    expect(checkPassphrase('twelve chars')).toEqual(ok(null))
    expect(checkPassphrase('😀😀😀😀😀😀')).toMatchObject({ failure: { code: 'vault-passphrase-short' } })
  })
})

describe('wrong passphrases', () => {
  test('make the next one wait, twice as long each time, and never over five minutes', () => {
    let attempts: Attempts = noAttempts
    expect(remainingMs(attempts, 1_000)).toBe(0)
    const waits = Array.from({ length: 12 }, () => {
      attempts = afterWrong(attempts, 1_000)
      return remainingMs(attempts, 1_000)
    })
    expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000])
    expect(waits.slice(-2)).toEqual([300_000, 300_000])
    expect(remainingMs(attempts, 1_000 + 300_000)).toBe(0)
  })

  test('do not wait longer because the clock was set back', () => {
    const attempts = afterWrong(noAttempts, 1_000_000_000)
    expect(remainingMs(attempts, 0)).toBe(1_000)
  })
})

const wrong = { ok: false, failure: { code: 'vault-wrong-passphrase' } }
