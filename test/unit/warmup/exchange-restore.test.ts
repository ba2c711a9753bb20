import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openStore } from '#engine/storage/open.ts'
import { valueOf } from '../../helpers/engine.ts'
import { type LogLine, temporaryFolder, testLog } from '../../helpers/platform.ts'
import { testPool, type TestPool } from '../../helpers/warmup-pool.ts'

vi.setConfig({ testTimeout: 120_000 })

const dayMs = 24 * 60 * 60_000
const folder = temporaryFolder()
afterEach(() => rmSync(folder.path, { recursive: true, force: true }))
const data = join(folder.path, 'data')
const backup = join(folder.path, 'backup')

/** Ends the process, does something to the data folder, and begins a new one. */
async function meanwhile(pool: TestPool, work: () => void): Promise<void> {
  await pool.runner().stop()
  pool.store.close()
  work()
  await pool.restart(valueOf(await openStore(data, pool.clock.now)))
}

function expectNothingTwice({ world }: TestPool): void {
  const ids = world.sends.map(({ message }) => message.messageId)
  expect(new Set(ids).size).toBe(ids.length)
  const answered = world.sends.map(({ message }) => message.inReplyTo).filter(id => id !== null)
  expect(new Set(answered).size).toBe(answered.length)
}

describe('a data folder put back from a backup', () => {
  test.each([
    ['a day later', 1],
    ['three days later', 3.1],
    ['a week later', 7.1],
  ])('%s: nothing is sent twice, nothing is answered twice, and it goes on', async (_, days) => {
    const log: LogLine[] = []
    const pool = await testPool({
      mailboxes: 8,
      dataDir: data,
      log: testLog(log),
      settings: { strategy: 'custom', customPerDay: Array.from({ length: 30 }, () => 8), replyRate: 0.6 },
    })
    await pool.runUntil(Date.UTC(2026, 2, 4, 10, 30))
    await meanwhile(pool, () => cpSync(data, backup, { recursive: true }))
    await pool.runDays(days)
    const lyingNow = () =>
      pool.mailboxes.flatMap(({ address }) =>
        pool.world
          .held(address)
          .flatMap(({ role, messageId }) => (role === 'ours' || messageId === null ? [] : [messageId])),
      )
    // A moment at which something has arrived and is not filed yet.
    while (lyingNow().length === 0) await pool.runUntil(pool.clock.now() + 5 * 60_000)
    const lying = lyingNow()
    const before = pool.world.sends.length
    await meanwhile(pool, () => {
      rmSync(data, { recursive: true })
      cpSync(backup, data, { recursive: true })
    })
    await pool.runDays(2)
    expect(pool.world.sends.length).toBeGreaterThan(before)
    expectNothingTwice(pool)
    // One day is left out, not another one for each answer that is found later.
    expect(log.filter(({ event }) => event === 'warmup-books-restored')).toHaveLength(1)
    // What was sent meanwhile and still lies in an inbox or in junk is in the books again.
    for (const messageId of lying) {
      expect(pool.store.get('SELECT 1 FROM warmup_messages WHERE message_id = ?', messageId)).toBeDefined()
    }
    await pool.stop()
  })

  test('the database alone is noticed at once: what was planned today is left out', async () => {
    const pool = await testPool({ mailboxes: 10, dataDir: data })
    await pool.runUntil(Date.UTC(2026, 2, 4, 9))
    await meanwhile(pool, () => cpSync(join(data, 'rookery.db'), join(folder.path, 'old.db')))
    await meanwhile(pool, () => undefined)
    await meanwhile(pool, () => cpSync(join(folder.path, 'old.db'), join(data, 'rookery.db')))
    const before = pool.world.sends.length
    await pool.runUntil(Date.UTC(2026, 2, 4, 20))
    expect(pool.world.sends.length).toBe(before)
    expect(pool.activity('dropped-late').length).toBeGreaterThan(0)
    await pool.runUntil(Date.UTC(2026, 2, 5, 20))
    expect(pool.world.sends.length).toBeGreaterThan(before)
    await pool.stop()
  })

  test('a plain restart is none: the day goes on as planned', async () => {
    const pool = await testPool({ mailboxes: 10, dataDir: data })
    await pool.runUntil(Date.UTC(2026, 2, 4, 9))
    await meanwhile(pool, () => undefined)
    const before = pool.world.sends.length
    await pool.runUntil(Date.UTC(2026, 2, 4, 20))
    expect(pool.world.sends.length).toBeGreaterThan(before)
    const dropped = pool.activity('dropped-late').filter(({ at }) => at > pool.clock.now() - dayMs)
    expect(dropped).toEqual([])
    await pool.stop()
  })
})
