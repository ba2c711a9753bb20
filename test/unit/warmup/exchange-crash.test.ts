import { describe, expect, test, vi } from 'vitest'
import { randomOf } from '#engine/warmup/random.ts'
import { testPool, type TestPool } from '../../helpers/warmup-pool.ts'

// Days are played through; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const hourMs = 60 * 60_000

/** What must hold whatever happened: nothing twice, nothing lost, nothing answered twice. */
function expectExactlyOnce({ world, store }: TestPool): void {
  const arrived = world.arrivals.map(({ messageId }) => messageId)
  expect(new Set(arrived).size).toBe(arrived.length)
  const rows = store.all<{ message_id: string; state: string }>(
    'SELECT message_id, state FROM warmup_messages',
  )
  const known = new Map(rows.map(row => [row.message_id, row.state]))
  // Every message that lies somewhere is in the books, and those that are over are known to have left.
  for (const messageId of arrived) expect(known.get(messageId ?? '')).toBe('accepted')
  for (const [messageId, state] of known) if (state === 'accepted') expect(arrived).toContain(messageId)
  const answered = world.sends.map(({ message }) => message.inReplyTo).filter(id => id !== null)
  expect(new Set(answered).size).toBe(answered.length)
}

describe('a process that is killed', () => {
  test('at hundreds of moments of a month leaves every message exactly once', {
    timeout: 240_000,
  }, async () => {
    const pool = await testPool({ mailboxes: 8, settings: { strategy: 'aggressive', targetPerDay: 20 } })
    const random = randomOf('kills')
    let kills = 0
    for (let hour = 0; hour < 20 * 24; hour += 1) {
      if (pool.killIn === null) {
        kills += 1
        pool.killIn = 1 + Math.floor(random() * 30)
      }
      await pool.runUntil(pool.clock.now() + hourMs)
    }
    pool.killIn = null
    await pool.runDays(3)
    expect(kills).toBeGreaterThan(200)
    expect(pool.world.arrivals.length).toBeGreaterThan(80)
    expectExactlyOnce(pool)
    await pool.stop()
  })

  /** Where between the choice and the outcome of one message the process ends, counted in instructions from its start. */
  test.each(Array.from({ length: 24 }, (_, index) => index + 1))(
    'at instruction %i of a sending loses and repeats nothing',
    async instruction => {
      const pool = await testPool({ mailboxes: 2, settings: { strategy: 'aggressive' } })
      await pool.settle()
      pool.world.decide(() => {
        // From here on every instruction is one of this sending, or of what follows from it.
        pool.killIn ??= instruction
        pool.world.decide(() => ({}))
        return {}
      })
      await pool.runDays(3)
      expect(pool.world.arrivals.length).toBeGreaterThan(0)
      expectExactlyOnce(pool)
      await pool.stop()
    },
  )

  test('after the server took a message, before that was written down: it is found and not sent again', async () => {
    const pool = await testPool({ mailboxes: 2 })
    await pool.settle()
    // The write of the intent is over, the message handed over; the next instruction is never reached.
    pool.world.decide(() => {
      pool.killIn = 1
      pool.world.decide(() => ({}))
      return {}
    })
    await pool.runDays(1)
    // It may have been answered the same day; a second message that begins a thread would be it once more.
    const sent = pool.world.sends.map(({ message }) => message)
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(sent.length)
    expect(sent.filter(({ inReplyTo }) => inReplyTo === null)).toHaveLength(1)
    expect(pool.activity('settled-sent')).toHaveLength(1)
    expectExactlyOnce(pool)
    await pool.stop()
  })

  test('an outcome nobody knows, and no message: closed as not sent after two days, and never sent again', async () => {
    const pool = await testPool({ mailboxes: 2 })
    await pool.settle()
    pool.world.decide(() => {
      pool.world.decide(() => ({
        outcome: { state: 'refused', at: 'greeting', line: '421 4.3.2 closing', code: 421 },
        role: null,
      }))
      return { outcome: { state: 'unknown', reason: 'the connection broke off' }, role: null }
    })
    await pool.runDays(1)
    const state = () =>
      pool.store.get<{ state: string }>('SELECT state FROM warmup_messages ORDER BY id LIMIT 1')
    expect(state()).toEqual({ state: 'unknown' })
    await pool.runDays(2)
    expect(state()).toEqual({ state: 'dropped' })
    expect(pool.activity('settled-not-sent')).toHaveLength(1)
    const [first] = pool.world.sends
    expect(
      pool.world.sends.filter(({ message }) => message.messageId === first?.message.messageId),
    ).toHaveLength(1)
    await pool.stop()
  })

  test('a message that arrives after it was closed as not sent is known and counted', async () => {
    const pool = await testPool({ mailboxes: 2 })
    await pool.settle()
    pool.world.decide(() => {
      pool.world.decide(() => ({ outcome: { state: 'failed', reason: 'gone', offline: false }, role: null }))
      return { outcome: { state: 'unknown', reason: 'gone' }, role: 'inbox', delayMs: 60 * hourMs }
    })
    await pool.runDays(4)
    expect(pool.store.get('SELECT state FROM warmup_messages ORDER BY id LIMIT 1')).toEqual({
      state: 'accepted',
    })
    expect(pool.activity('settled-sent')).toHaveLength(1)
    await pool.stop()
  })
})
