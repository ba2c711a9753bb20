import { randomBytes } from 'node:crypto'
import { assert, property, string, uint8Array } from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { openStore, type Store } from '#engine/storage/open.ts'
import { keychainKey } from '#engine/vault/data-key.ts'
import { seal, unseal } from '#engine/vault/seal.ts'
import { createSecrets } from '#engine/vault/secrets.ts'
import { fail, ok } from '#shared/failure.ts'
import { valueOf } from '../../helpers/engine.ts'
import { memoryKeychain } from '../../helpers/platform.ts'

const key = randomBytes(32)
const none = async () => fail('vault-no-keychain', { reason: 'no-service' })
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
    const sealed = seal(key, Buffer.from('secret'), 'secrets/a')
    expect(unseal(key, sealed, 'secrets/b')).toEqual(fail('vault-damaged'))
    expect(unseal(randomBytes(32), sealed, 'secrets/a')).toEqual(fail('vault-damaged'))
  })

  test('opens no more once any octet was changed or taken away', () => {
    const sealed = seal(key, Buffer.from('secret'), 'a')
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(unseal(key, changed, 'a').ok).toBe(false)
      expect(unseal(key, sealed.subarray(0, index), 'a').ok).toBe(false)
    }
  })

  test('is never the same twice', () => {
    const all = Array.from({ length: 50 }, () =>
      Buffer.from(seal(key, Buffer.from('x'), 'a')).toString('hex'),
    )
    expect(new Set(all.map(text => text.slice(2, 26))).size).toBe(50)
  })
})

describe('the secrets of a data folder', () => {
  let store: Store
  beforeEach(async () => {
    store = valueOf(await openStore(null, Date.now))
    return () => store.close()
  })
  const secretsOf = (keychain = memoryKeychain()) =>
    createSecrets(store, keychainKey(keychain, store.dataId), Date.now)

  test('are kept, read, and forgotten; the file never holds them as they are', async () => {
    const secrets = secretsOf()
    expect(await secrets.read('k')).toEqual(ok(null))
    expect(await secrets.keep('k', 'abcdefgh12')).toEqual(ok(null))
    expect([secrets.has('k'), await secrets.read('k')]).toEqual([true, ok('abcdefgh12')])
    const row = store.get<{ sealed: Uint8Array }>('SELECT sealed FROM secrets')
    expect(Buffer.from(row?.sealed ?? []).toString('latin1')).not.toContain('abcdefgh12')
    secrets.forget('k')
    expect([secrets.has('k'), await secrets.read('k')]).toEqual([false, ok(null)])
  })

  test('are opened by the same keychain after a restart', async () => {
    const keychain = memoryKeychain()
    await secretsOf(keychain).keep('a', 'one')
    await secretsOf(keychain).keep('b', 'two')
    expect(keychain.kept.size).toBe(1)
    expect(await secretsOf(keychain).read('a')).toEqual(ok('one'))
  })

  test('share one key when two are kept at once', async () => {
    const secrets = secretsOf()
    await Promise.all([secrets.keep('a', 'one'), secrets.keep('b', 'two')])
    expect([await secrets.read('a'), await secrets.read('b')]).toEqual([ok('one'), ok('two')])
  })

  test('are not stored at all where there is no keychain', async () => {
    const secrets = createSecrets(store, keychainKey({ read: none, write: none }, 'x'), Date.now)
    expect(await secrets.keep('k', 'abc')).toMatchObject({ failure: { code: 'vault-no-keychain' } })
    expect(store.all('SELECT * FROM secrets')).toEqual([])
  })

  test('are not stored where the keychain does not keep what it is given', async () => {
    const forgetful = { read: async () => ok(null), write: async () => ok(null) }
    const secrets = createSecrets(store, keychainKey(forgetful, 'x'), Date.now)
    expect(await secrets.keep('k', 'abc')).toMatchObject({
      failure: { code: 'vault-no-keychain', detail: { reason: 'not-kept' } },
    })
    expect(store.all('SELECT * FROM secrets')).toEqual([])
  })

  test('do not open with the keychain of another machine', async () => {
    await secretsOf().keep('k', 'abc')
    expect(await secretsOf(memoryKeychain()).read('k')).toMatchObject({ failure: { code: 'vault-damaged' } })
  })

  test('do not open under another name', async () => {
    const secrets = secretsOf()
    await secrets.keep('a', 'one')
    store.write(writes => writes.run("UPDATE secrets SET name = 'b'"))
    expect(await secrets.read('b')).toMatchObject({ failure: { code: 'vault-damaged' } })
  })
})
