import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore, type Store } from '#engine/storage/open.ts'
import { temporaryFolder } from '../../helpers/platform.ts'

const now = () => Date.UTC(2026, 10, 22)
let folder: ReturnType<typeof temporaryFolder>
let file: string

beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder.path, 'rookery.db')
})
afterEach(() => folder.remove())

async function opened(): Promise<Store> {
  const result = await openStore(folder.path, now)
  if (!result.ok) throw new Error(result.failure.code)
  return result.value
}

/** Enough rows for many pages, so that a page in the middle is one of them. */
function fill(store: Store, rows = 4_000): void {
  store.write(writes => {
    for (let index = 0; index < rows; index += 1) {
      writes.changed('domains', `key-${index}-${'x'.repeat(40)}`, 'put')
    }
  })
}

async function overwrite(path: string, position: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.write(bytes, 0, bytes.length, position)
  await handle.close()
}

describe('a data folder', () => {
  test('is made when it is missing, and keeps its identity and rows', async () => {
    const nested = join(folder.path, 'a', 'b')
    const first = await openStore(nested, now)
    if (!first.ok) throw new Error(first.failure.code)
    first.value.write(writes => writes.changed('settings', 'settings', 'put'))
    const { dataId } = first.value
    first.value.close()
    const second = await openStore(nested, now)
    if (!second.ok) throw new Error(second.failure.code)
    expect(second.value.dataId).toBe(dataId)
    expect(second.value.all('SELECT seq, tbl, key, op FROM changes')).toEqual([
      { seq: 1, tbl: 'settings', key: 'settings', op: 'put' },
    ])
    second.value.close()
  })

  test('has another identity than any other, in memory too', async () => {
    const stores = [await openStore(null, now), await openStore(null, now), await openStore(folder.path, now)]
    const ids = stores.map(store => (store.ok ? store.value.dataId : ''))
    expect(new Set(ids).size).toBe(3)
    for (const store of stores) if (store.ok) store.value.close()
  })

  test('that is a file is unwritable', async () => {
    const path = join(folder.path, 'file')
    writeFileSync(path, '')
    expect(await openStore(path, now)).toMatchObject({
      ok: false,
      failure: { code: 'data-folder-unwritable', detail: { folder: path } },
    })
    expect(await openStore(join(path, 'below'), now)).toMatchObject({
      failure: { code: 'data-folder-unwritable' },
    })
  })

  test('where the data file is a folder is unwritable, not damaged', async () => {
    await mkdir(file)
    expect(await openStore(folder.path, now)).toMatchObject({ failure: { code: 'data-folder-unwritable' } })
  })

  test('is locked while it is open and free afterwards', async () => {
    const first = await opened()
    expect(await openStore(folder.path, now)).toEqual({
      ok: false,
      failure: {
        code: 'data-folder-locked',
        retry: 'later',
        detail: { folder: folder.path, pid: process.pid },
      },
    })
    first.close()
    first.close()
    const again = await opened()
    again.close()
    expect(existsSync(join(folder.path, 'rookery.pid'))).toBe(false)
  })

  test('closes without leaving a log behind, which marks the close as clean', async () => {
    const store = await opened()
    fill(store, 10)
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0)
    store.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
  })

  test('of a newer build is refused and left as it is', async () => {
    ;(await opened()).close()
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 9000; CREATE TABLE from_the_future (x)')
    database.close()
    const before = readFileSync(file)
    expect(await openStore(folder.path, now)).toMatchObject({
      failure: { code: 'data-newer', detail: { found: 9000, file } },
    })
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(await openStore(folder.path, now)).toMatchObject({ failure: { code: 'data-newer' } })
  })

  test('survives a process that died: what was committed is there', async () => {
    const store = await opened()
    fill(store, 100)
    const copy = temporaryFolder()
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, join(copy.path, `rookery.db${suffix}`))
    store.close()
    const revived = await openStore(copy.path, now)
    if (!revived.ok) throw new Error(revived.failure.code)
    expect(revived.value.get('SELECT count(*) AS count FROM changes')).toEqual({ count: 100 })
    expect(revived.value.dataId).toBe(store.dataId)
    revived.value.close()
    copy.remove()
  })
})

describe('a damaged file', () => {
  const damages: [string, string, (path: string) => Promise<void> | void][] = [
    ['cut in the middle', 'truncated', path => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['cut inside its header', 'no-header', path => truncateSync(path, 40)],
    ['with an overwritten header', 'no-header', path => overwrite(path, 0, Buffer.alloc(64, 0x41))],
    ['that is something else', 'no-header', path => writeFileSync(path, 'Dear diary,'.repeat(100))],
    [
      'with an overwritten page',
      'damaged-pages',
      path => overwrite(path, 4096 * 20, Buffer.alloc(4096, 0xa5)),
    ],
    ['with a damaged first page', 'damaged-pages', path => overwrite(path, 100, Buffer.alloc(300, 0xff))],
  ]

  test.each(damages)('%s is told, kept aside whole, and never made anew', async (_name, reason, damage) => {
    const store = await opened()
    fill(store)
    store.close()
    await damage(file)
    const before = readFileSync(file)
    const result = await openStore(folder.path, now)
    expect(result).toMatchObject({
      ok: false,
      failure: { code: 'data-damaged', retry: 'never', detail: { file, reason } },
    })
    if (result.ok) throw new Error('opened')
    const kept = String(result.failure.detail['kept'])
    expect(readFileSync(join(kept, 'rookery.db')).equals(before)).toBe(true)
    expect(readFileSync(file).equals(before)).toBe(true)

    const again = await openStore(folder.path, now)
    expect(again.ok ? null : again.failure.detail['kept']).toBe(kept)
  })

  test('after an unclean end is kept with its log', async () => {
    const store = await opened()
    fill(store)
    const copy = temporaryFolder()
    const copied = join(copy.path, 'rookery.db')
    store.write(writes => writes.run('DELETE FROM changes WHERE seq > 3990'))
    const wal = readFileSync(`${file}-wal`)
    store.close()
    copyFileSync(file, copied)
    await overwrite(copied, 4096 * 20, Buffer.alloc(4096, 0xa5))
    // A log that says nothing about the damaged page: the end was unclean, and the page stays as it is.
    writeFileSync(`${copied}-wal`, wal.subarray(0, 32))
    const result = await openStore(copy.path, now)
    expect(result).toMatchObject({ failure: { code: 'data-damaged', detail: { reason: 'damaged-pages' } } })
    if (result.ok) throw new Error('opened')
    expect(existsSync(join(String(result.failure.detail['kept']), 'rookery.db-wal'))).toBe(true)
    copy.remove()
  })

  test('of another program is not touched', async () => {
    const database = new DatabaseSync(file)
    database.exec('CREATE TABLE recipes (name TEXT)')
    database.close()
    const before = readFileSync(file)
    expect(await openStore(folder.path, now)).toMatchObject({
      failure: { code: 'data-damaged', detail: { reason: 'other-application' } },
    })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('an empty file is a new one: a process died before it wrote anything', async () => {
    writeFileSync(file, '')
    ;(await opened()).close()
    expect(statSync(file).size).toBeGreaterThan(0)
  })
})

describe('a transaction', () => {
  let store: Store
  beforeEach(async () => {
    store = await opened()
  })
  afterEach(() => store.close())

  const countOf = (table: string) => store.get(`SELECT count(*) AS count FROM ${table}`)?.['count']

  test('commits rows and the note of them together, and tells the newest number once', () => {
    const told: number[] = []
    const unsubscribe = store.onCommit(seq => told.push(seq))
    store.write(writes => {
      writes.changed('domains', 'a', 'put')
      writes.changed('domains', 'b', 'put')
    })
    store.write(writes => writes.run("INSERT INTO meta (key, value) VALUES ('x', 'y')"))
    unsubscribe()
    store.write(writes => writes.changed('domains', 'c', 'put'))
    expect(told).toEqual([2])
    expect(countOf('changes')).toBe(3)
  })

  test('is finished by whoever asked for it, with what it touched, and commits or fails as a whole', () => {
    const touched: string[][] = []
    let fault = false
    store.beforeCommit((writes, keys) => {
      touched.push([...(keys.get('domains') ?? [])])
      writes.changed('outbox', '1', 'put')
      if (fault) throw new RangeError('at the end')
    })
    store.write(writes => {
      writes.changed('domains', 'a', 'put')
      writes.changed('domains', 'b', 'put')
      writes.changed('domains', 'a', 'put')
    })
    store.write(writes => writes.run("INSERT INTO meta (key, value) VALUES ('x', 'y')"))
    expect(touched).toEqual([['a', 'b']])
    expect(countOf('changes')).toBe(4)
    fault = true
    expect(() => store.write(writes => writes.changed('domains', 'c', 'put'))).toThrow(RangeError)
    expect(countOf('changes')).toBe(4)
    fault = false
    store.write(writes => writes.changed('domains', 'd', 'put'))
    expect(touched.at(-1)).toEqual(['d'])
  })

  test('that throws leaves neither rows nor changes, and no gap in the numbers', () => {
    store.write(writes => writes.changed('domains', 'a', 'put'))
    const told: number[] = []
    store.onCommit(seq => told.push(seq))
    const broken = () =>
      store.write(writes => {
        writes.run("INSERT INTO settings (key, value) VALUES ('settings', '{}')")
        writes.changed('settings', 'settings', 'put')
        throw new RangeError('half way')
      })
    expect(broken).toThrow(RangeError)
    expect(told).toEqual([])
    expect(countOf('settings')).toBe(0)
    store.write(writes => writes.changed('domains', 'b', 'put'))
    expect(store.all('SELECT seq, key FROM changes ORDER BY seq')).toEqual([
      { seq: 1, key: 'a' },
      { seq: 2, key: 'b' },
    ])
  })

  test('must be synchronous', () => {
    const promised = () =>
      store.write(async writes => {
        writes.changed('domains', 'a', 'put')
      })
    expect(promised).toThrow(TypeError)
    expect(countOf('changes')).toBe(0)
    store.write(writes => writes.changed('domains', 'b', 'put'))
    expect(countOf('changes')).toBe(1)
  })

  test('holds no other', () => {
    expect(() => store.write(() => store.write(() => null))).toThrow(/already open/)
    expect(store.write(() => 1)).toBe(1)
  })

  test.each([
    ['a date', new Date()],
    ['an object', { key: 'a' }],
    ['a boolean', true],
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['a list', ['a']],
  ])('refuses %s as a parameter', (_name, value) => {
    const put = () =>
      store.write(writes => writes.run('INSERT INTO meta (key, value) VALUES (?, ?)', value as never, 'x'))
    expect(put).toThrow(/Parameter 1/)
    expect(countOf('meta')).toBe(1)
  })

  test('keeps foreign keys', () => {
    const orphan = "INSERT INTO reports (domain_id, started_at, body) VALUES ('nobody', 1, x'00')"
    expect(() => store.write(writes => writes.run(orphan))).toThrow(/FOREIGN KEY/)
  })
})
