import { describe, expect, test, vi } from 'vitest'
import { dateAt } from '#engine/warmup/local-day.ts'
import { testPool, type TestPool } from '../../helpers/warmup-pool.ts'

// Days are played through; a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000 })

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** What must hold whatever a person does meanwhile: gaps, no more in a day than the limit, nothing answered twice. */
function expectOrder({ world, mailboxes }: TestPool, timeZone = 'Europe/Berlin'): void {
  for (const { address } of mailboxes) {
    const times = world.sends.filter(({ message }) => message.from.address === address).map(({ at }) => at)
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    expect(Math.min(...gaps, dayMs)).toBeGreaterThanOrEqual(10 * minuteMs)
    const perDay = new Map<string, number>()
    for (const at of times) perDay.set(dateAt(at, timeZone), (perDay.get(dateAt(at, timeZone)) ?? 0) + 1)
    expect(Math.max(0, ...perDay.values())).toBeLessThanOrEqual(50)
  }
  const answered = world.sends.map(({ message }) => message.inReplyTo).filter(id => id !== null)
  expect(new Set(answered).size).toBe(answered.length)
}

describe('left alone', () => {
  test('with the laptop closed for nine days: no burst, nothing missing, no pause, and the ramp stands', async () => {
    const startAt = Date.UTC(2026, 2, 21, 4)
    const pool = await testPool({
      mailboxes: 6,
      startAt,
      settings: { strategy: 'aggressive', replyRate: 0.6 },
    })
    // Over the night in which summer time begins, 29 March.
    await pool.runUntil(Date.UTC(2026, 2, 25, 13))
    const before = pool.world.sends.length
    const done = pool
      .runner()
      .roster.all()
      .map(({ member }) => member.daysDone)
    pool.clock.advance(9 * dayMs)
    const wokenAt = pool.clock.now()
    await pool.runUntil(wokenAt + 30 * minuteMs)
    // Ten minutes of quiet, and then at most one message of each.
    const atOnce = pool.world.sends.slice(before)
    expect(atOnce.every(({ at }) => at - wokenAt >= 10 * minuteMs)).toBe(true)
    const writers = atOnce.map(({ message }) => message.from.address)
    expect(new Set(writers).size).toBe(writers.length)
    await pool.runDays(3)
    expect(pool.world.sends.length).toBeGreaterThan(before)
    expect(pool.alerts).toEqual([])
    expect(pool.activity('not-found')).toEqual([])
    expect(pool.activity('paused')).toEqual([])
    for (const [index, { member }] of pool.runner().roster.all().entries()) {
      expect(member.daysDone - (done[index] ?? 0)).toBeLessThanOrEqual(5)
    }
    expectOrder(pool)
    await pool.stop()
  })

  test('with a mailbox taken away while its threads are open: the others go on, and nobody is blamed', async () => {
    const pool = await testPool({ mailboxes: 6, settings: { strategy: 'aggressive', replyRate: 0.6 } })
    await pool.runDays(4)
    const [gone] = pool.mailboxes.splice(2, 1)
    pool.runner().roster.touch()
    await pool.runDays(6)
    if (gone === undefined) throw new Error('Nobody was taken away.')
    pool.mailboxes.splice(2, 0, gone)
    pool.runner().roster.touch()
    await pool.runDays(3)
    expect(pool.alerts).toEqual([])
    expect(pool.activity('paused')).toEqual([])
    expectOrder(pool)
    await pool.stop()
  })

  test('with the limit lowered below what was sent: not one more goes today', async () => {
    const pool = await testPool({ mailboxes: 14, settings: { strategy: 'aggressive', targetPerDay: 20 } })
    await pool.runUntil(pool.clock.now() + 5 * dayMs + 9 * hourMs)
    const today = () => pool.world.sends.filter(({ at }) => at >= pool.clock.now() - 9 * hourMs)
    const busy = pool.mailboxes.find(
      ({ address }) => today().filter(({ message }) => message.from.address === address).length > 1,
    )
    if (busy === undefined) throw new Error('Nobody sent twice today.')
    pool.change(pool.mailboxes.indexOf(busy), { dailyLimit: 1 })
    const sentBy = () =>
      pool.world.sends.filter(({ message }) => message.from.address === busy.address).length
    const before = sentBy()
    await pool.runUntil(pool.clock.now() + 8 * hourMs)
    expect(sentBy()).toBe(before)
    await pool.runDays(2)
    expect(sentBy() - before).toBeLessThanOrEqual(3)
    await pool.stop()
  })
})

describe('a mailbox', () => {
  test('whose messages are numbered anew tells of no forgeries, and its chores go on', async () => {
    const pool = await testPool({ mailboxes: 4, settings: { strategy: 'aggressive' } })
    await pool.runDays(3)
    for (const { address } of pool.mailboxes) pool.world.renumber(address)
    await pool.runDays(2)
    expect(pool.activity('token-refused')).toEqual([])
    expect(pool.activity('filed').length).toBeGreaterThan(2)
    expectOrder(pool)
    await pool.stop()
  })

  test('that is another name of one account takes nothing for a forgery that is meant for the other', async () => {
    const pool = await testPool({ mailboxes: 5, settings: { strategy: 'aggressive' } })
    const [first, second] = pool.mailboxes.map(({ address }) => address)
    if (first === undefined || second === undefined) throw new Error('There are none.')
    pool.world.decide(message => {
      // One account: what comes to the one name is seen under the other as well.
      if (message.to.address === first) {
        const headers = {
          'Message-ID': message.messageId,
          From: `${message.from.name} <${message.from.address}>`,
          To: first,
          ...message.headers,
          ...(message.inReplyTo === null ? {} : { 'In-Reply-To': message.inReplyTo }),
          ...(message.references.length === 0 ? {} : { References: message.references.join(' ') }),
        }
        pool.clock.after(minuteMs, () => pool.world.deliver(second, { headers }))
      }
      return {}
    })
    await pool.runDays(5)
    expect(pool.world.sends.some(({ message }) => message.to.address === first)).toBe(true)
    expect(pool.activity('token-refused')).toEqual([])
    expectOrder(pool)
    await pool.stop()
  })
})
