import { beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '#engine/storage/open.ts'
import { keychainTroubleIds } from '#shared/model/vault-values.ts'
import { fail, ok } from '#shared/failure.ts'
import { canary, refuseHits, sweepOctets } from '../../helpers/canary.ts'
import { fakeClock } from '../../helpers/clock.ts'
import { memoryKeychain } from '../../helpers/platform.ts'
import { brokenKeychain, memoryStore, testVault } from '../../helpers/vault.ts'

const passphrase = canary('passphrase')
const another = canary('another-passphrase')
const [one, two] = [canary('one'), canary('two')]

let store: Store
beforeEach(async () => {
  store = await memoryStore()
  return () => store.close()
})
const keysKept = () => store.all("SELECT place, state FROM vault_keys WHERE state <> 'making'")
const sealedNow = () =>
  store.all<{ name: string; sealed: Uint8Array }>('SELECT name, sealed FROM secrets ORDER BY name')
const failing = (code: string) => ({ ok: false, failure: { code } })

describe('secrets', () => {
  test('are kept, read and forgotten; the file never holds them as they are', async () => {
    const vault = testVault(store)
    expect(vault.state()).toMatchObject({ state: 'empty', place: null, secrets: 0 })
    expect(await vault.read('k')).toEqual(ok(null))
    expect(await vault.keep('k', one)).toEqual(ok(null))
    expect([vault.has('k'), await vault.read('k')]).toEqual([true, ok(one)])
    expect(vault.state()).toMatchObject({
      state: 'open',
      place: 'keychain',
      keychain: 'works',
      secrets: 1,
      lost: 0,
    })
    for (const { sealed } of sealedNow()) refuseHits(sweepOctets(sealed, 'a record'))
    vault.forget('k')
    expect([vault.has('k'), await vault.read('k')]).toEqual([false, ok(null)])
  })

  test('are opened by the same keychain after a restart', async () => {
    const keychain = memoryKeychain()
    await testVault(store, { keychain }).keep('a', one)
    await testVault(store, { keychain }).keep('b', two)
    expect(keychain.kept.size).toBe(1)
    expect(await testVault(store, { keychain }).read('a')).toEqual(ok(one))
  })

  test('share one key when two are kept at once', async () => {
    const keychain = memoryKeychain()
    const vault = testVault(store, { keychain })
    await Promise.all([vault.keep('a', one), vault.keep('b', two)])
    expect([await vault.read('a'), await vault.read('b'), keychain.kept.size]).toEqual([ok(one), ok(two), 1])
  })

  test('can be part of a transaction, and then go with it', async () => {
    const vault = testVault(store)
    const early = store.write(writes => vault.keepWithin(writes, 'a', one))
    expect(early).toMatchObject(failing('vault-locked'))
    await vault.open()
    store.write(writes => vault.keepWithin(writes, 'a', one))
    expect(() =>
      store.write(writes => {
        vault.keepWithin(writes, 'b', two)
        throw new Error('later')
      }),
    ).toThrow('later')
    expect([await vault.read('a'), vault.has('b')]).toEqual([ok(one), false])
    store.write(writes => vault.forgetWithin(writes, 'a'))
    expect(vault.has('a')).toBe(false)
  })

  test('do not open under another name', async () => {
    const vault = testVault(store)
    await vault.keep('a', one)
    store.write(writes => writes.run("UPDATE secrets SET name = 'b'"))
    expect(await vault.read('b')).toMatchObject(failing('vault-damaged'))
  })

  test('do not open in another data folder', async () => {
    const keychain = memoryKeychain()
    const other = await memoryStore()
    await testVault(store, { keychain }).keep('a', one)
    const elsewhere = testVault(other, { keychain })
    await elsewhere.keep('a', two)
    const [row] = sealedNow()
    other.write(writes => writes.run('UPDATE secrets SET sealed = ?', row?.sealed ?? new Uint8Array()))
    expect(await elsewhere.read('a')).toMatchObject(failing('vault-damaged'))
    other.close()
  })
})

describe('without a keychain', () => {
  test.each(keychainTroubleIds)('nothing is stored, and the state says %s', async reason => {
    const vault = testVault(store, { keychain: brokenKeychain(reason) })
    expect(await vault.keep('k', one)).toMatchObject({
      failure: { code: 'vault-no-keychain', detail: { reason } },
    })
    expect(store.all('SELECT * FROM secrets')).toEqual([])
    expect(store.all('SELECT * FROM vault_keys')).toEqual([])
    expect(vault.state()).toMatchObject({ state: 'empty', keychain: reason })
  })

  test('nothing is stored either where it does not keep what it is given', async () => {
    const forgetful = {
      read: async () => ok(null),
      write: async () => ok(null),
      remove: async () => ok(null),
    }
    const vault = testVault(store, { keychain: forgetful })
    expect(await vault.keep('k', one)).toMatchObject({ failure: { detail: { reason: 'not-kept' } } })
    expect(store.all('SELECT * FROM secrets')).toEqual([])
  })

  test('a passphrase does: asked for at each start, and nothing else opens it', async () => {
    const keychain = brokenKeychain('no-bus')
    const vault = testVault(store, { keychain })
    expect(await vault.usePassphrase('too short')).toMatchObject(failing('vault-passphrase-short'))
    expect(await vault.usePassphrase(passphrase)).toEqual(ok(null))
    expect(await vault.keep('k', one)).toEqual(ok(null))
    expect(vault.state()).toMatchObject({ state: 'open', place: 'passphrase', secrets: 1 })

    const again = testVault(store, { keychain })
    expect(again.state()).toMatchObject({ state: 'locked' })
    expect(again.isReady()).toBe(false)
    expect(await again.read('k')).toMatchObject(failing('vault-locked'))
    expect(await again.keep('l', two)).toMatchObject(failing('vault-locked'))
    expect(await again.unlock(null)).toMatchObject(failing('vault-locked'))
    expect(await again.unlock(passphrase)).toEqual(ok(null))
    expect(await again.read('k')).toEqual(ok(one))
  })

  test('one that is back is used again, with what it holds', async () => {
    const keychain = brokenKeychain('no-service')
    const working = memoryKeychain()
    await testVault(store, { keychain: working }).keep('k', one)
    const away = testVault(store, { keychain })
    expect(await away.read('k')).toMatchObject(failing('vault-no-keychain'))
    expect(away.state()).toMatchObject({ state: 'unavailable', keychain: 'no-service' })
    expect(away.isReady()).toBe(false)
    const back = testVault(store, { keychain: working })
    expect(await back.look()).toMatchObject({ state: 'open', keychain: 'works' })
    expect(await back.read('k')).toEqual(ok(one))
  })
})

describe('a wrong passphrase', () => {
  test('opens nothing, and the next one has to wait longer each time', async () => {
    const clock = fakeClock()
    await testVault(store).usePassphrase(passphrase)
    const vault = testVault(store, { clock })
    expect(await vault.unlock(another)).toMatchObject(failing('vault-wrong-passphrase'))
    expect(vault.state()).toMatchObject({ state: 'locked', waitUntilAt: clock.now() + 1_000 })
    // Even the right one is not looked at now: trying quickly tells nothing.
    expect(await vault.unlock(passphrase)).toMatchObject({
      failure: { code: 'vault-wait', detail: { seconds: 1 } },
    })
    clock.advance(1_000)
    expect(vault.state().waitUntilAt).toBe(null)
    expect(await vault.unlock(another)).toMatchObject(failing('vault-wrong-passphrase'))
    expect(await vault.changePassphrase(passphrase, another)).toMatchObject({
      failure: { detail: { seconds: 2 } },
    })
    clock.advance(2_000)
    expect(await vault.unlock(passphrase)).toEqual(ok(null))
    expect(vault.state()).toMatchObject({ state: 'open', waitUntilAt: null })
  })

  test('changes nothing when the key should be moved, rotated or put under another one', async () => {
    const clock = fakeClock()
    const vault = testVault(store, { clock })
    await vault.usePassphrase(passphrase)
    await vault.keep('k', one)
    const before = sealedNow()
    for (const attempt of [
      () => vault.changePassphrase(another, canary('a-third-one')),
      () => vault.useKeychain(another),
      () => vault.rotate(another),
    ]) {
      expect(await attempt()).toMatchObject(failing('vault-wrong-passphrase'))
      clock.advance(60_000)
    }
    expect(sealedNow()).toEqual(before)
    expect(await vault.useKeychain(null)).toMatchObject(failing('vault-locked'))
    expect(await vault.rotate(null)).toMatchObject(failing('vault-locked'))
  })
})

describe('another key', () => {
  const moves = [
    { name: 'rotated in the keychain', from: 'keychain', to: 'keychain', opens: null },
    { name: 'rotated under the passphrase', from: 'passphrase', to: 'passphrase', opens: passphrase },
    { name: 'under another passphrase', from: 'passphrase', to: 'passphrase', opens: another },
    { name: 'from the keychain to a passphrase', from: 'keychain', to: 'passphrase', opens: passphrase },
    { name: 'from a passphrase to the keychain', from: 'passphrase', to: 'keychain', opens: null },
  ] as const

  test.each(moves)('$name: every secret is sealed anew and opens, also after a restart', async move => {
    const keychain = memoryKeychain()
    const vault = testVault(store, { keychain })
    if (move.from === 'passphrase') await vault.usePassphrase(passphrase)
    await vault.keep('a', one)
    await vault.keep('b', two)
    const before = new Map(sealedNow().map(row => [row.name, row.sealed]))
    const oldKey = keychain.kept.values().next().value

    const work = {
      'rotated in the keychain': () => vault.rotate(null),
      'rotated under the passphrase': () => vault.rotate(passphrase),
      'under another passphrase': () => vault.changePassphrase(passphrase, another),
      'from the keychain to a passphrase': () => vault.usePassphrase(passphrase),
      'from a passphrase to the keychain': () => vault.useKeychain(passphrase),
    }[move.name]
    expect(await work()).toEqual(ok(null))

    expect(vault.state()).toMatchObject({ state: 'open', place: move.to, secrets: 2, lost: 0 })
    for (const { name, sealed } of sealedNow()) expect(sealed).not.toEqual(before.get(name))
    expect(keysKept()).toEqual([{ place: move.to, state: 'current' }])
    expect(keychain.kept.size).toBe(move.to === 'keychain' ? 1 : 0)
    if (oldKey !== undefined) expect([...keychain.kept.values()]).not.toContainEqual(oldKey)

    const again = testVault(store, { keychain })
    if (move.opens !== null) {
      expect(await again.unlock(move.opens === another ? passphrase : another)).toMatchObject(
        failing('vault-wrong-passphrase'),
      )
      const later = testVault(store, { keychain })
      expect(await later.unlock(move.opens)).toEqual(ok(null))
      expect([await later.read('a'), await later.read('b')]).toEqual([ok(one), ok(two)])
    } else expect([await again.read('a'), await again.read('b')]).toEqual([ok(one), ok(two)])
  })

  test('that the keychain does not take leaves the old one in force', async () => {
    const keychain = memoryKeychain()
    const vault = testVault(store, { keychain })
    await vault.usePassphrase(passphrase)
    await vault.keep('a', one)
    const broken = testVault(store, { keychain: brokenKeychain('no-collection') })
    expect(await broken.useKeychain(passphrase)).toMatchObject({
      failure: { code: 'vault-no-keychain', detail: { reason: 'no-collection' } },
    })
    expect(keysKept()).toEqual([{ place: 'passphrase', state: 'current' }])
    const again = testVault(store)
    await again.unlock(passphrase)
    expect(await again.read('a')).toEqual(ok(one))
  })

  test('leaves a damaged record alone and seals the others', async () => {
    const vault = testVault(store)
    await vault.keep('a', one)
    await vault.keep('b', two)
    store.write(writes => writes.run("UPDATE secrets SET sealed = x'0102' WHERE name = 'a'"))
    expect(await vault.rotate(null)).toEqual(ok(null))
    expect(await vault.read('b')).toEqual(ok(two))
    expect((await vault.read('a')).ok).toBe(false)
    expect(vault.state().lost).toBe(1)
    expect(await vault.keep('a', one)).toEqual(ok(null))
    expect([await vault.read('a'), vault.state().lost]).toEqual([ok(one), 0])
  })

  test('waits for what is being kept, and the other way round', async () => {
    const vault = testVault(store)
    await vault.keep('0', one)
    const names = Array.from({ length: 20 }, (_, index) => String(index))
    await Promise.all(
      names.flatMap(name => [vault.keep(name, one), ...(Number(name) % 5 === 0 ? [vault.rotate(null)] : [])]),
    )
    for (const name of names) expect(await vault.read(name)).toEqual(ok(one))
    expect(vault.state()).toMatchObject({ secrets: 20, lost: 0 })
  })

  test('is refused where it makes no sense', async () => {
    const vault = testVault(store)
    expect(await vault.changePassphrase(passphrase, another)).toMatchObject(failing('not-allowed'))
    expect(await vault.startAnew(null)).toMatchObject(failing('not-allowed'))
    expect(await vault.rotate(null)).toEqual(ok(null))
    expect(vault.state().state).toBe('empty')
    await vault.usePassphrase(passphrase)
    expect(await vault.usePassphrase(another)).toMatchObject(failing('not-allowed'))
    expect(await vault.startAnew(another)).toMatchObject(failing('not-allowed'))
  })
})

describe('a lock', () => {
  test('by hand: nothing is read or kept until it is unlocked', async () => {
    const keychain = memoryKeychain()
    const vault = testVault(store, { keychain })
    await vault.keep('a', one)
    let readyAgain = 0
    vault.onReady(() => (readyAgain += 1))
    await vault.lock()
    expect(vault.state()).toMatchObject({ state: 'locked', place: 'keychain' })
    expect([vault.isReady(), vault.has('a')]).toEqual([false, true])
    expect(await vault.read('a')).toMatchObject(failing('vault-locked'))
    expect(await vault.keep('b', two)).toMatchObject(failing('vault-locked'))
    expect(await vault.read('none')).toEqual(ok(null))
    expect(vault.forget('none')).toEqual(ok(null))
    expect(readyAgain).toBe(0)
    expect(await vault.startAnew(null)).toMatchObject(failing('not-allowed'))
    expect(await vault.unlock(null)).toEqual(ok(null))
    expect([await vault.read('a'), readyAgain]).toEqual([ok(one), 1])
  })

  test('of an empty vault does nothing', async () => {
    const vault = testVault(store)
    await vault.lock()
    expect(await vault.keep('a', one)).toEqual(ok(null))
  })

  test('by itself after the time that was set, counted from each unlocking, also through a sleep', async () => {
    const clock = fakeClock()
    const vault = testVault(store, { clock })
    await vault.usePassphrase(passphrase)
    expect(vault.setAutoLock(60_000)).toEqual(ok(null))
    expect(vault.state()).toMatchObject({ lockAfterMs: 60_000, locksAt: clock.now() + 60_000 })
    clock.advance(59_000)
    expect(vault.state().state).toBe('open')
    clock.advance(1_000)
    expect(vault.state()).toMatchObject({ state: 'locked', locksAt: null })
    await vault.unlock(passphrase)
    clock.sleep(3_600_000)
    expect(vault.isReady()).toBe(false)

    const again = testVault(store, { clock })
    await again.unlock(passphrase)
    expect(again.state().locksAt).toBe(clock.now() + 60_000)
    again.setAutoLock(null)
    clock.advance(86_400_000)
    expect(again.state()).toMatchObject({ state: 'open', lockAfterMs: null, locksAt: null })
    again.stop()
    expect(clock.pending()).toBe(0)
  })

  test('while a key is being made comes after it', async () => {
    const vault = testVault(store)
    await vault.keep('a', one)
    const [rotated] = await Promise.all([vault.rotate(null), vault.lock()])
    expect([rotated, vault.state().state]).toEqual([ok(null), 'locked'])
    await vault.unlock(null)
    expect(await vault.read('a')).toEqual(ok(one))
  })
})

describe('a key that is gone', () => {
  test('is told, and nothing is overwritten; with the keychain back everything is there', async () => {
    const keychain = memoryKeychain()
    await testVault(store, { keychain }).keep('a', one)
    const before = sealedNow()
    const kept = new Map(keychain.kept)
    keychain.kept.clear()

    const vault = testVault(store, { keychain })
    expect(await vault.read('a')).toMatchObject(failing('vault-key-gone'))
    expect(await vault.keep('a', two)).toMatchObject(failing('vault-key-gone'))
    expect(await vault.rotate(null)).toMatchObject(failing('vault-key-gone'))
    expect(await vault.usePassphrase(passphrase)).toMatchObject(failing('vault-key-gone'))
    expect(vault.state()).toMatchObject({ state: 'key-gone', place: 'keychain', keychain: 'works' })
    expect([vault.isReady(), keychain.kept.size]).toEqual([false, 0])
    expect(sealedNow()).toEqual(before)

    for (const [name, key] of kept) keychain.kept.set(name, key)
    expect(await vault.look()).toMatchObject({ state: 'open' })
    expect(await vault.read('a')).toEqual(ok(one))
  })

  test('is also one whose place another key has taken', async () => {
    const keychain = memoryKeychain()
    await testVault(store, { keychain }).keep('a', one)
    for (const name of keychain.kept.keys()) keychain.kept.set(name, new Uint8Array(32))
    expect(await testVault(store, { keychain }).read('a')).toMatchObject(failing('vault-key-gone'))
    for (const name of keychain.kept.keys()) keychain.kept.set(name, new Uint8Array(5))
    expect(await testVault(store, { keychain }).read('a')).toMatchObject(failing('vault-key-gone'))
  })

  test('is also one whose sealed form was damaged', async () => {
    await testVault(store).usePassphrase(passphrase)
    store.write(writes => writes.run("UPDATE vault_keys SET sealed_key = '{}'"))
    const vault = testVault(store)
    expect(await vault.unlock(passphrase)).toMatchObject(failing('vault-key-gone'))
    expect(vault.state().state).toBe('key-gone')
  })

  test.each([null, passphrase])('can be started anew without: old secrets are told lost', async next => {
    const keychain = memoryKeychain()
    const clock = fakeClock()
    await testVault(store, { keychain }).keep('a', one)
    keychain.kept.clear()
    const vault = testVault(store, { keychain, clock })
    await vault.look()
    expect(await vault.startAnew(next)).toEqual(ok(null))
    expect(vault.state()).toMatchObject({
      state: 'open',
      place: next === null ? 'keychain' : 'passphrase',
      lost: 1,
    })
    expect(await vault.read('a')).toMatchObject(failing('vault-key-gone'))
    expect(await vault.keep('a', two)).toEqual(ok(null))
    expect([await vault.read('a'), vault.state().lost]).toEqual([ok(two), 0])
  })

  test('a forgotten passphrase is one too', async () => {
    const vault = testVault(store)
    await vault.usePassphrase(passphrase)
    await vault.keep('a', one)
    const again = testVault(store)
    expect(await again.startAnew(another)).toEqual(ok(null))
    expect(await again.read('a')).toMatchObject(failing('vault-key-gone'))
    expect(again.state()).toMatchObject({ state: 'open', place: 'passphrase', lost: 1 })
  })
})

describe('the data of before there were versions of the key', () => {
  test('open with the key of then', async () => {
    const keychain = memoryKeychain()
    const vault = testVault(store, { keychain })
    await vault.keep('a', one)
    const [key] = keychain.kept.values()
    keychain.kept.clear()
    keychain.kept.set(`data-key ${store.dataId}`, key ?? new Uint8Array())
    store.write(writes => {
      writes.run("UPDATE vault_keys SET id = '', proof = NULL")
      writes.run("UPDATE secrets SET key_id = ''")
    })
    const later = testVault(store, { keychain })
    expect(await later.read('a')).toEqual(ok(one))
    expect(await later.rotate(null)).toEqual(ok(null))
    expect(await later.read('a')).toEqual(ok(one))
    expect([...keychain.kept.keys()]).not.toContain(`data-key ${store.dataId}`)
  })
})

test('what fails names no secret', async () => {
  const vault = testVault(store)
  await vault.usePassphrase(passphrase)
  const failed = [
    await vault.changePassphrase(another, passphrase),
    await vault.unlock(another),
    await vault.usePassphrase(another),
    fail('vault-locked'),
  ]
  refuseHits(sweepOctets(Buffer.from(JSON.stringify([failed, vault.state()])), 'an answer'))
})
