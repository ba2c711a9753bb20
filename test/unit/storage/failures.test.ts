import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { storageTrouble, writeOrFail } from '#engine/storage/failures.ts'
import { openStore } from '#engine/storage/open.ts'

function errorOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('It did not throw.')
}

test('a full disk is told from a bug, and the transaction left nothing', async () => {
  const database = new DatabaseSync(':memory:')
  database.exec('PRAGMA max_page_count = 4; CREATE TABLE t (x TEXT) STRICT')
  const full = errorOf(() => database.exec('INSERT INTO t VALUES (hex(zeroblob(100000)))'))
  expect(storageTrouble(full)).toBe('disk-full')
  expect(storageTrouble(errorOf(() => database.exec('INSERT INTO nowhere VALUES (1)')))).toBeNull()
  expect(storageTrouble(new RangeError('x'))).toBeNull()
  expect(storageTrouble({ code: 'ENOSPC' })).toBe('disk-full')
  expect(storageTrouble({ code: 'EROFS' })).toBe('unwritable')
  expect(storageTrouble(null)).toBeNull()
  database.close()

  const opened = await openStore(null, Date.now)
  if (!opened.ok) throw new Error(opened.failure.code)
  const store = opened.value
  const result = writeOrFail(store, writes => {
    writes.changed('domains', 'a', 'put')
    throw full
  })
  expect(result).toEqual({ ok: false, failure: { code: 'disk-full', retry: 'later', detail: {} } })
  expect(store.all('SELECT * FROM changes')).toEqual([])
  expect(writeOrFail(store, () => 7)).toEqual({ ok: true, value: 7 })
  expect(() => writeOrFail(store, () => store.get('SELECT * FROM nowhere'))).toThrow(/nowhere/)
  store.close()
})
