import { call } from '@orpc/server'
import { createPublicKey } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PrivateKeyKeeper } from '#engine/domains/dkim-keys.ts'
import { recordProcedures } from '#engine/domains/record-procedures.ts'
import { putDomain } from '#engine/domains/store.ts'
import { guarded } from '#engine/guard.ts'
import { openStore } from '#engine/storage/open.ts'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient } from '#engine/in-process.ts'
import { fail, ok } from '#shared/failure.ts'
import { cleanZone } from '../helpers/audit-zone.ts'
import { failureOf, readAudit, snapshot, type TestEngine, testEngine, valueOf } from '../helpers/engine.ts'
import { memoryKeychain, temporaryFolder, testLog, testPlatform } from '../helpers/platform.ts'
import { testDns } from '../helpers/zone-resolver.ts'

const secret = /PRIVATE KEY/

let folder: ReturnType<typeof temporaryFolder>
let engine: TestEngine
beforeEach(async () => {
  folder = temporaryFolder()
  engine = await testEngine({ dataDir: folder.path, dns: testDns(cleanZone) })
})
afterEach(async () => {
  await engine.stop()
  folder.remove()
})

const records = () => engine.client.records
const added = async () => valueOf(await engine.client.domains.add({ input: 'example.com' })).id

const check = async (use: 'spf-include' | 'tracking-target', name: string) =>
  valueOf(await records().checkName({ use, name }))

/** Everything the data folder holds but the files a person asked for. */
function contents(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.parentPath.endsWith('saved-keys'))
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

describe('a key made here', () => {
  test('goes to a file only its owner can read, and nowhere else', async () => {
    const id = await added()
    const before = valueOf(await records().keys({ id }))
    expect(before).toEqual({
      keys: [],
      proposed: expect.stringMatching(/^rk\d{6}$/),
      canKeep: true,
      whyNot: null,
    })

    const made = await records().createKey({ id, selector: before.proposed, place: 'file' })
    const key = valueOf(made)
    expect(key.file).toBe(join(folder.path, 'saved-keys', `${before.proposed}._domainkey.example.com.pem`))
    const path = key.file ?? ''
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder.path, 'saved-keys')).mode & 0o777).toBe(0o700)

    const pem = readFileSync(path, 'utf8')
    const publicHalf = createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64')
    expect(key.record).toBe(`v=DKIM1; k=rsa; p=${publicHalf}`)

    const after = await records().keys({ id })
    expect(valueOf(after)).toMatchObject({ keys: [key], proposed: `${before.proposed}-2` })
    await engine.stop()
    const inside = pem.split('\n')[3] ?? 'missing'
    for (const text of [
      JSON.stringify([made, after]),
      JSON.stringify(engine.platform.lines),
      contents(folder.path),
    ]) {
      expect(text).not.toMatch(secret)
      expect(text).not.toContain(inside)
    }
  })

  test('joins the plan, and the audit looks for it though nobody could guess its selector', async () => {
    const id = await added()
    const { record } = valueOf(await records().createKey({ id, selector: 'rkx', place: 'file' }))
    const planned = async () =>
      valueOf(await engine.client.domains.plan({ id })).records.find(({ name }) => name.startsWith('rkx.'))
    expect(await planned()).toMatchObject({ type: 'TXT', value: record, action: 'add' })

    engine.dns.publish({
      ...cleanZone,
      'rkx._domainkey.example.com': { TXT: [record.match(/.{1,255}/g) ?? []] },
    })
    const { result } = await readAudit(await engine.client.domains.audit({ id }))
    expect(valueOf(result).dkim.selectors).toContainEqual(
      expect.objectContaining({ selector: 'rkx', state: 'found', verdict: 'pass', keyBits: 2048 }),
    )
    expect(await planned()).toMatchObject({ value: record, action: 'keep' })
  })

  test('never takes the place of another', async () => {
    const id = await added()
    await readAudit(await engine.client.domains.audit({ id }))
    const known = valueOf(await engine.client.domains.report({ id }))?.dkim.selectors[0]?.selector ?? ''
    expect(failureOf(await records().createKey({ id, selector: known, place: 'file' })).code).toBe(
      'dkim-selector-taken',
    )
    const both = await Promise.all(
      ['file', 'file'].map(() => records().createKey({ id, selector: 'same', place: 'file' })),
    )
    expect(both.map(result => (result.ok ? 'made' : result.failure.code)).toSorted()).toEqual([
      'dkim-selector-taken',
      'made',
    ])
    const { keys } = valueOf(await records().keys({ id }))
    expect(keys).toHaveLength(1)
    expect(readdirSync(join(folder.path, 'saved-keys'))).toHaveLength(1)
    expect(createPublicKey(readFileSync(keys[0]?.file ?? '')).asymmetricKeyType).toBe('rsa')
  })

  test('is forgotten with its row; the file stays with the person', async () => {
    const id = await added()
    const { file } = valueOf(await records().createKey({ id, selector: 'gone', place: 'file' }))
    expect(await records().removeKey({ id, selector: 'gone' })).toEqual(ok(null))
    expect(valueOf(await records().keys({ id })).keys).toEqual([])
    expect(readFileSync(file ?? '', 'utf8')).toMatch(secret)
    expect(failureOf(await records().removeKey({ id, selector: 'gone' })).code).toBe('dkim-key-not-found')
    // A second key of that name gets a file of its own.
    const again = valueOf(await records().createKey({ id, selector: 'gone', place: 'file' }))
    expect(again.file).toMatch(/-2\.pem$/)
  })

  test('stays sealed in the vault, and can be saved from there', async () => {
    const id = await added()
    const made = valueOf(await records().createKey({ id, selector: 'kept', place: 'vault' }))
    expect(made.file).toBeNull()
    expect(contents(folder.path)).not.toMatch(secret)
    const saved = valueOf(await records().saveKey({ id, selector: 'kept' }))
    expect(readFileSync(saved.file ?? '', 'utf8')).toMatch(secret)
    expect(contents(folder.path)).not.toMatch(secret)
  })

  test('cannot be made for what is not there, or where nothing is kept', async () => {
    const id = await added()
    const make = (selector: string, place: 'vault' | 'file', domain = id) =>
      records().createKey({ id: domain, selector, place })
    expect(failureOf(await make('a', 'file', 'nobody')).code).toBe('domain-not-found')
    for (const selector of ['', '../a', 'a.b', 'A', 'a b', '-a', 'a'.repeat(64)])
      expect(failureOf(await make(selector, 'file')).code).toBe('invalid-input')
    const unkept = await testEngine({ dns: testDns(cleanZone) })
    const { id: other } = valueOf(await unkept.client.domains.add({ input: 'example.com' }))
    const made = await unkept.client.records.createKey({ id: other, selector: 'a', place: 'file' })
    expect(failureOf(made).code).toBe('data-folder-unwritable')
    await unkept.stop()
  })
})

describe('with a vault', () => {
  test('a key stays there until it is saved, once, and then only the file has it', async () => {
    const kept = new Map<string, string>()
    const keeper: PrivateKeyKeeper = {
      canKeep: async () => ok(null),
      keep: async (name, pem) => {
        kept.set(name, pem)
        return ok(null)
      },
      read: async name => ok(kept.get(name) ?? null),
      forget: async name => {
        kept.delete(name)
        return ok(null)
      },
    }
    const store = valueOf(await openStore(null, () => 0))
    const id =
      store.write(writes => putDomain(writes, { name: 'example.com', displayName: 'example.com' }, [], 0)) ??
      ''
    const procedures = recordProcedures(guarded(testLog()), {
      store,
      keeper,
      dataDir: folder.path,
      now: () => 7,
      asking: () => Promise.reject(new Error('nothing is asked')),
    })
    const made = valueOf(await call(procedures.createKey, { id, selector: 'v1', place: 'vault' }))
    expect(made).toMatchObject({ place: 'vault', file: null, createdAt: 7 })
    const pem = kept.get('dkim/v1._domainkey.example.com')
    expect(pem).toMatch(secret)

    const saved = valueOf(await call(procedures.saveKey, { id, selector: 'v1' }))
    expect(readFileSync(saved.file ?? '', 'utf8')).toBe(pem)
    expect(kept.size).toBe(0)
    expect(valueOf(await call(procedures.keys, { id })).keys).toEqual([saved])
    // A second time there is nothing left to save.
    expect(valueOf(await call(procedures.saveKey, { id, selector: 'v1' }))).toEqual(saved)
    expect(readdirSync(join(folder.path, 'saved-keys'))).toHaveLength(1)

    await call(procedures.createKey, { id, selector: 'v2', place: 'vault' })
    expect(valueOf(await call(procedures.removeKey, { id, selector: 'v2' }))).toBeNull()
    expect(kept.size).toBe(0)
    store.close()
  })
})

const locked = async () => fail('vault-no-keychain', { reason: 'locked' }, 'later')

describe('where no keychain answers', () => {
  test('the vault cannot keep a key and says why, nothing is made, and a file still can be', async () => {
    const other = temporaryFolder()
    const platform = testPlatform({ dataDir: other.path, keychain: { read: locked, write: locked } })
    const made = valueOf(await createEngine(platform, testDns(cleanZone).makeResolver, () => null))
    const client = createInProcessClient(made.router)
    const { id } = valueOf(await client.domains.add({ input: 'example.com' }))
    expect(valueOf(await client.records.keys({ id }))).toMatchObject({
      canKeep: false,
      whyNot: { code: 'vault-no-keychain', detail: { reason: 'locked' } },
    })
    const kept = await client.records.createKey({ id, selector: 'a', place: 'vault' })
    expect(failureOf(kept).code).toBe('vault-no-keychain')
    expect(valueOf(await client.records.keys({ id })).keys).toEqual([])
    expect(valueOf(await client.records.createKey({ id, selector: 'a', place: 'file' })).file).toMatch(/a\./)
    await made.stop()
    other.remove()
  })

  test('asking whether it can makes no key in the keychain', async () => {
    const keychain = memoryKeychain()
    const platform = testPlatform({ keychain })
    const made = valueOf(await createEngine(platform, testDns(cleanZone).makeResolver, () => null))
    const client = createInProcessClient(made.router)
    const { id } = valueOf(await client.domains.add({ input: 'example.com' }))
    expect(valueOf(await client.records.keys({ id })).canKeep).toBe(true)
    expect(keychain.kept.size).toBe(0)
    await made.stop()
  })
})

const reminders = async () =>
  [...(await snapshot(engine.client)).rows.values()].flatMap(entry =>
    entry.table === 'alerts' && entry.row.code === 'dkim.key-old' ? [entry.row] : [],
  )

describe('the age of a key', () => {
  const day = 86_400_000
  const pass = (days: number) => engine.clock.sleep(days * day)

  test('is told after 90 days, until a newer key is made or the key is taken away', async () => {
    const id = await added()
    const make = async (selector: string) =>
      valueOf(await records().createKey({ id, selector, place: 'file' }))
    await make('first')
    engine.start()
    pass(89)
    expect(await reminders()).toEqual([])
    pass(2)
    expect(await reminders()).toMatchObject([
      { state: 'open', severity: 'low', subject: 'first', facts: { selector: 'first', days: 90 } },
    ])
    await make('second')
    pass(1)
    expect(await reminders()).toMatchObject([{ state: 'resolved', resolvedBy: 'itself', subject: 'first' }])
    pass(91)
    expect(await reminders()).toContainEqual(expect.objectContaining({ state: 'open', subject: 'second' }))
    valueOf(await records().removeKey({ id, selector: 'second' }))
    valueOf(await records().removeKey({ id, selector: 'first' }))
    pass(1)
    expect((await reminders()).filter(({ state }) => state !== 'resolved')).toEqual([])
  })

  test('is told once: what a person put aside does not come back the next minute', async () => {
    const id = await added()
    valueOf(await records().createKey({ id, selector: 'only', place: 'file' }))
    engine.start()
    pass(91)
    const [first] = await reminders()
    valueOf(await engine.client.alerts.resolve({ ids: [first?.id ?? ''] }))
    pass(1)
    expect(await reminders()).toMatchObject([{ state: 'resolved', resolvedBy: 'person' }])
  })
})

describe('a name about to be used', () => {
  beforeEach(() =>
    engine.dns.publish({
      'spf.example.net': { TXT: ['v=spf1 include:more.example.net a:h.example.net -all'] },
      'more.example.net': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] },
      'h.example.net': { A: ['192.0.2.1'] },
      'two.example.net': { TXT: ['v=spf1 -all', 'v=spf1 ~all'] },
    }),
  )
  test('to include: one SPF record, and what it costs', async () => {
    expect(await check('spf-include', ' SPF.example.net.')).toEqual({
      name: 'spf.example.net',
      state: 'usable',
      lookups: 3,
    })
    for (const name of ['h.example.net', 'gone.example.net', 'two.example.net'])
      expect(await check('spf-include', name)).toMatchObject({ state: 'unusable', lookups: null })
  })
  test('to lead to: an address', async () => {
    expect(await check('tracking-target', 'h.example.net')).toMatchObject({ state: 'usable', lookups: null })
    expect(await check('tracking-target', 'gone.example.net')).toMatchObject({ state: 'unusable' })
  })
  test('no answer says nothing about it', async () => {
    engine.dns.fail('timeout')
    expect(await check('spf-include', 'spf.example.net')).toMatchObject({ state: 'unavailable' })
    expect(await check('tracking-target', 'h.example.net')).toMatchObject({ state: 'unavailable' })
  })
  test('what is no name is refused', async () => {
    expect(failureOf(await records().checkName({ use: 'spf-include', name: 'a b' })).code).toBe(
      'domain-has-space',
    )
  })
})
