import { expect, test } from 'vitest'
import { leastGapMs } from '#engine/warmup/strategies.ts'
import { testPool } from '../../helpers/warmup-pool.ts'

const dayMs = 24 * 60 * 60_000

test('ten mailboxes write to each other for a month, every message once', { timeout: 120_000 }, async () => {
  const pool = await testPool({ mailboxes: 10 })
  await pool.runDays(30)
  const { world, store } = pool
  const ids = world.arrivals.map(({ messageId }) => messageId)
  expect(ids.length).toBeGreaterThan(300)
  expect(new Set(ids).size).toBe(ids.length)
  const states = store.all<{ state: string; count: number }>(
    'SELECT state, count(*) AS count FROM warmup_messages GROUP BY state',
  )
  expect(states).toEqual([{ state: 'accepted', count: ids.length }])
  const depths = new Set(world.sends.map(({ message }) => message.references.length))
  expect(depths).toContain(2)
  for (const { address } of pool.mailboxes) {
    const times = world.sends.filter(({ message }) => message.from.address === address).map(({ at }) => at)
    for (const [index, at] of times.entries()) {
      if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(leastGapMs)
    }
  }
  const unread = pool.mailboxes.flatMap(({ address }) =>
    world.held(address).filter(({ receivedAt, isRead }) => !isRead && receivedAt < pool.clock.now() - dayMs),
  )
  expect(unread).toEqual([])
  await pool.stop()
})
