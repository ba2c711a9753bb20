import { describe, expect, test, vi } from 'vitest'
import { viewHealth } from '#engine/warmup/health.ts'
import { findMember } from '#engine/warmup/members.ts'
import { bounceOf } from '../../helpers/bounce.ts'
import type { Fate } from '../../helpers/mail-world.ts'
import { numberOf, testPool, type TestPool } from '../../helpers/warmup-pool.ts'

// Days are played through; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const quick = { strategy: 'custom', customPerDay: Array.from({ length: 60 }, () => 20) } as const
const firstDay = Date.UTC(2026, 2, 3)

function stateOf(pool: TestPool, index: number) {
  const member = findMember(pool.store, numberOf(pool, index))
  return member === null ? null : viewHealth(member.health).state
}

const addressOf = ({ mailboxes }: TestPool, index: number) => mailboxes[index]?.address ?? ''

/** What was handed over, by the address it came from, or the one it went to. */
function sendsOf({ world }: TestPool, side: 'from' | 'to', address: string, since = 0) {
  return world.sends.filter(({ message, at }) => message[side].address === address && at >= since)
}

const refused = (code: number, line: string): Partial<Fate> => ({
  outcome: { state: 'refused', at: 'message', code, line },
  role: null,
})

describe('a server that', () => {
  test('answers 421 for a day is left alone longer each time, keeps nobody else waiting, and is used again', async () => {
    const pool = await testPool({ mailboxes: 32, settings: quick })
    await pool.runUntil(firstDay + 6 * hourMs)
    const busy = addressOf(pool, 0)
    pool.world.decide(({ from }) =>
      from.address === busy ? refused(421, '421 4.3.2 Service not available, closing channel') : {},
    )
    await pool.runUntil(firstDay + 30 * hourMs)
    const tries = sendsOf(pool, 'from', busy, firstDay + 6 * hourMs).map(({ at }) => at)
    const limits = pool
      .activity('rate-limited')
      .map(({ at, facts }) => ({ at, untilAt: Number(facts.until) }))
    expect(tries.length).toBeGreaterThan(2)
    expect(limits).toHaveLength(tries.length)
    for (const [index, { at, untilAt }] of limits.entries()) {
      expect(at).toBeGreaterThanOrEqual(tries[index] ?? Number.NaN)
      expect(tries[index + 1] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(untilAt)
    }
    // One step further each time, and the first again an hour after a wait that brought no new refusal.
    const steps = [1, 5, 15, 60, 60, 60, 60, 60].map(minutes => minutes * minuteMs)
    let step = 0
    for (const [index, { at, untilAt }] of limits.entries()) {
      const before = limits[index - 1]
      step = before !== undefined && at < before.untilAt + hourMs ? step + 1 : 0
      expect(untilAt - at).toBe(steps[step])
    }
    for (let index = 1; index < 32; index += 1) {
      expect(sendsOf(pool, 'from', addressOf(pool, index), firstDay + 6 * hourMs).length).toBeGreaterThan(2)
      expect(stateOf(pool, index)).toBe('ramping')
    }
    // A refusal for now is no bounce.
    expect(pool.store.get('SELECT sum(bounced) AS bounced FROM warmup_days')).toEqual({ bounced: 0 })
    expect(pool.alerts).toEqual([])
    pool.world.decide(() => ({}))
    await pool.runUntil(firstDay + 3 * 24 * hourMs)
    expect(sendsOf(pool, 'from', busy, firstDay + 2 * 24 * hourMs).length).toBeGreaterThan(2)
    await pool.stop()
  })

  test('accepts everything and then sends it back gets its mailbox paused, each message counted once', async () => {
    const pool = await testPool({ mailboxes: 16, settings: quick })
    await pool.runUntil(firstDay + 7 * hourMs)
    const poor = addressOf(pool, 0)
    pool.world.decide(message => {
      if (message.from.address !== poor) return {}
      const name = `${message.messageId.length}-${message.at}`
      const report = bounceOf(message, { status: '5.7.1', name })
      pool.clock.after(20 * minuteMs, () => {
        pool.world.deliver(poor, report)
        // Some servers say so twice.
        pool.world.deliver(poor, report)
      })
      return { role: null }
    })
    await pool.runUntil(firstDay + 20 * hourMs)
    const sent = sendsOf(pool, 'from', poor, firstDay + 7 * hourMs)
    expect(stateOf(pool, 0)).toBe('paused')
    expect(pool.alerts).toEqual([{ code: 'warmup.paused', mailboxId: pool.mailboxes[0]?.id }])
    // What was accepted before the first report came.
    expect(sent.length).toBeLessThan(5)
    const no = numberOf(pool, 0)
    const bounced = pool.store.get(
      "SELECT count(*) AS messages FROM warmup_messages WHERE from_no = ? AND state = 'bounced'",
      no,
    )
    expect(bounced).toEqual({ messages: sent.length })
    expect(pool.store.get('SELECT sum(bounced) AS bounced FROM warmup_days WHERE no = ?', no)).toEqual({
      bounced: sent.length,
    })
    for (let index = 1; index < 16; index += 1) expect(stateOf(pool, index)).toBe('ramping')
    await pool.stop()
  })

  test.each([
    ['refuses it', '552 5.2.2 Mailbox full'],
    ['puts it off', '452 4.2.2 The recipient is over quota'],
  ])(
    'has no room in a mailbox and %s: for a day nobody writes there, and no sender is to blame',
    async (_, line) => {
      const pool = await testPool({ mailboxes: 16, settings: quick })
      await pool.runUntil(firstDay + 7 * hourMs)
      const full = addressOf(pool, 3)
      pool.world.decide(({ to }) => (to.address === full ? refused(Number(line.slice(0, 3)), line) : {}))
      await pool.runUntil(firstDay + 17 * hourMs)
      const tries = sendsOf(pool, 'to', full, firstDay + 7 * hourMs)
      expect(tries.length).toBeGreaterThan(0)
      // The first to be refused, and whoever was sending at that moment.
      expect(tries.length).toBeLessThan(4)
      for (let index = 0; index < 16; index += 1)
        expect(['ramping', 'slowed']).toContain(stateOf(pool, index))
      expect(pool.alerts).toEqual([])
      pool.world.decide(() => ({}))
      await pool.runUntil(firstDay + 3 * 24 * hourMs)
      expect(sendsOf(pool, 'to', full, firstDay + 2 * 24 * hourMs).length).toBeGreaterThan(0)
      await pool.stop()
    },
  )
})
