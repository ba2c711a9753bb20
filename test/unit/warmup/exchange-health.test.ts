import { describe, expect, test, vi } from 'vitest'
import type { Writes } from '#engine/storage/open.ts'
import { reputation } from '#engine/warmup-surroundings.ts'
import { newHealth, viewHealth } from '#engine/warmup/health.ts'
import { findMember } from '#engine/warmup/members.ts'
import { warmupRow } from '#engine/warmup/rows.ts'
import type { WarmupMailboxes } from '#engine/warmup/surroundings.ts'
import type { Fate } from '../../helpers/mail-world.ts'
import { numberOf, testPool, type TestPool } from '../../helpers/warmup-pool.ts'

// Days are played through; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const hourMs = 60 * 60_000
const quick = { strategy: 'custom', customPerDay: Array.from({ length: 60 }, () => 20) } as const

/** A pool large enough that each mailbox writes several messages a day. */
const busyPool = (mailboxes = 24) => testPool({ mailboxes, settings: quick })

function stateOf(pool: TestPool, index = 0) {
  const member = findMember(pool.store, numberOf(pool, index))
  if (member === null) throw new Error('It does not warm up.')
  const { state, reason } = viewHealth(member.health)
  return { state, reason }
}

function sentBy({ world, mailboxes }: TestPool, index: number, since: number): number {
  const address = mailboxes[index]?.address
  return world.sends.filter(({ message, at }) => message.from.address === address && at >= since).length
}

/** What becomes of the messages of one mailbox from now on; of the others as usual. */
function decideFor({ world, mailboxes }: TestPool, index: number, fate: Partial<Fate>): void {
  const address = mailboxes[index]?.address
  world.decide(({ from }) => (from.address === address ? fate : {}))
}

/** Messages of a mailbox that were sent before and found. */
function putDelivered(
  writes: Writes,
  no: number,
  { inInbox, inJunk, at }: { inInbox: number; inJunk: number; at: number },
): void {
  for (let index = 0; index < inInbox + inJunk; index += 1) {
    writes.run(
      `INSERT INTO warmup_messages (message_id, thread_id, from_no, to_no, kind, depth, date, state, intent_at,
         token_id, expires_at, language, placement) VALUES (?1, ?1, ?2, 2, 'new', 1, '2026-03-02', 'accepted', ?3, '', 0,
         'en', ?4)`,
      `<${index}@before.example>`,
      no,
      at,
      index < inInbox ? 'inbox' : 'junk',
    )
  }
}

/** The first mailbox as the overview shows it. */
function rowOf({ store, mailboxes, clock, runner }: TestPool) {
  const { dates, seed } = runner()
  const found: WarmupMailboxes = {
    all: () => mailboxes,
    find: (_, id) => mailboxes.find(mailbox => mailbox.id === id) ?? null,
    access: () => null,
    loginRefused: () => undefined,
  }
  return warmupRow(
    { store, mailboxes: found, reputation, dates, seed, now: clock.now },
    mailboxes[0]?.id ?? '',
  )
}

const refused = (code: number, line: string): Partial<Fate> => ({
  outcome: { state: 'refused', at: 'message', code, line },
  role: null,
})

async function runUntilPaused(pool: TestPool): Promise<void> {
  for (let hour = 0; hour < 8 * 24 && stateOf(pool).state !== 'paused'; hour += 1) {
    await pool.runUntil(pool.clock.now() + hourMs)
  }
  expect(stateOf(pool).state).toBe('paused')
}

describe('one mailbox', () => {
  test('that a server asks to wait is rate limited, goes on by itself, and the others never stop', async () => {
    const pool = await busyPool()
    await pool.runUntil(Date.UTC(2026, 2, 3, 7, 30))
    decideFor(pool, 0, refused(452, '452 4.2.1 Too many messages, slow down'))
    const since = pool.clock.now()
    let sawLimit = false
    for (let minute = 0; minute < 9 * 60 && !sawLimit; minute += 1) {
      await pool.runUntil(pool.clock.now() + 60_000)
      sawLimit = stateOf(pool).state === 'rate-limited'
    }
    expect(sawLimit).toBe(true)
    expect(pool.activity('rate-limited')).toHaveLength(1)
    pool.world.decide(() => ({}))
    await pool.runDays(1)
    expect(stateOf(pool).state).toBe('ramping')
    for (let index = 1; index < 24; index += 1) expect(sentBy(pool, index, since)).toBeGreaterThan(0)
    await pool.stop()
  })

  test('whose server cannot check passwords for a moment is not taken for one with a wrong password', async () => {
    const pool = await busyPool()
    await pool.runUntil(Date.UTC(2026, 2, 3, 7, 30))
    const line = '454 4.3.0 Temporary server error. Please try again later'
    decideFor(pool, 0, { outcome: { state: 'refused', at: 'login', code: 454, line }, role: null })
    await pool.runUntil(Date.UTC(2026, 2, 3, 17))
    expect(pool.activity('refused').length).toBeGreaterThan(0)
    expect(pool.mailboxes[0]?.loginFailures).toBe(0)
    decideFor(pool, 0, {
      outcome: { state: 'refused', at: 'login', code: 535, line: '535 5.7.8 no' },
      role: null,
    })
    await pool.runUntil(Date.UTC(2026, 2, 4, 17))
    expect(pool.mailboxes[0]?.loginFailures).toBeGreaterThan(0)
    await pool.stop()
  })

  test('whose daily allowance is used up waits for the next window', async () => {
    const pool = await busyPool()
    await pool.runUntil(Date.UTC(2026, 2, 3, 7, 30))
    decideFor(pool, 0, refused(550, '550 5.4.5 Daily user sending limit exceeded'))
    await pool.runUntil(Date.UTC(2026, 2, 3, 17))
    expect(stateOf(pool)).toEqual({ state: 'rate-limited', reason: 'daily-quota' })
    expect(sentBy(pool, 0, Date.UTC(2026, 2, 3, 7, 30))).toBe(1)
    pool.world.decide(() => ({}))
    await pool.runUntil(Date.UTC(2026, 2, 4, 17))
    expect(stateOf(pool).state).toBe('ramping')
    expect(sentBy(pool, 0, Date.UTC(2026, 2, 4))).toBeGreaterThan(0)
    await pool.stop()
  })

  test('that a server turns away for now by its rules is slowed to half, and is well after three clean days', async () => {
    const pool = await busyPool()
    await pool.runUntil(Date.UTC(2026, 2, 3, 7))
    decideFor(pool, 0, refused(421, '421 4.7.28 Our system has detected an unusual rate of mail. gsmtp'))
    for (let round = 0; round < 24 && stateOf(pool).state !== 'slowed'; round += 1) {
      await pool.runUntil(pool.clock.now() + hourMs / 2)
      if (pool.activity('refused').length > 0) pool.world.decide(() => ({}))
    }
    expect(stateOf(pool)).toEqual({ state: 'slowed', reason: 'soft-blocked' })
    await pool.runDays(4)
    expect(stateOf(pool).state).toBe('ramping')
    await pool.stop()
  })

  test('refused for good by policy is paused with an alert, and goes on slowed when the cool-down is over', async () => {
    const pool = await busyPool()
    await pool.runUntil(Date.UTC(2026, 2, 3, 7))
    decideFor(pool, 0, refused(550, '550 5.7.1 Rejected: very low reputation of the sending domain'))
    await pool.runUntil(Date.UTC(2026, 2, 3, 17))
    expect(stateOf(pool)).toEqual({ state: 'paused', reason: 'policy-blocked' })
    expect(sentBy(pool, 0, Date.UTC(2026, 2, 3, 7))).toBe(1)
    expect(pool.alerts).toEqual([{ code: 'warmup.paused', mailboxId: pool.mailboxes[0]?.id }])
    pool.world.decide(() => ({}))
    await pool.runUntil(Date.UTC(2026, 2, 4, 19))
    expect(stateOf(pool)).toEqual({ state: 'slowed', reason: 'resuming' })
    expect(pool.alerts).toEqual([])
    await pool.stop()
  })

  test('whose mail lands in junk is slowed, then paused; it is rescued there all the same', async () => {
    const pool = await busyPool()
    decideFor(pool, 0, { role: 'junk' })
    await runUntilPaused(pool)
    // What was under way when it was paused.
    await pool.runUntil(pool.clock.now() + 6 * hourMs)
    expect(stateOf(pool).reason).toMatch(/^(?:inbox-share-very-low|score-low)$/)
    expect(pool.activity('rescued').length).toBeGreaterThan(10)
    expect(
      pool.mailboxes.flatMap(({ address }) => pool.world.held(address)).filter(({ role }) => role === 'junk'),
    ).toEqual([])
    await pool.stop()
  })

  test.each<[string, Partial<Fate>]>([
    ['came back', refused(550, '550 5.2.1 The message was refused: content not accepted here')],
    ['landed in junk', { role: 'junk' }],
  ])(
    'whose mail %s for a while goes on by itself at half the volume once that is over',
    async (_what, fate) => {
      const pool = await busyPool()
      await pool.runDays(1)
      decideFor(pool, 0, fate)
      for (let day = 0; day < 8 && stateOf(pool).state !== 'paused'; day += 1) await pool.runDays(1)
      expect(stateOf(pool).state).toBe('paused')
      const since = pool.clock.now()
      pool.world.decide(() => ({}))
      await pool.runDays(2)
      expect(stateOf(pool).state).toBe('slowed')
      expect(stateOf(pool).reason).toBe('resuming')
      await pool.runDays(4)
      expect(stateOf(pool).state).toBe('ramping')
      expect(sentBy(pool, 0, since)).toBeGreaterThan(0)
    },
  )

  test('whose login is refused three times is paused, and goes on when it logs in again', async () => {
    const pool = await busyPool(6)
    await pool.runDays(1)
    const [first] = pool.mailboxes
    pool.world.turn(first?.address ?? '', 'refused')
    await pool.settle()
    expect(pool.mailboxes[0]?.loginFailures).toBe(1)
    pool.change(0, { loginFailures: 3 })
    await pool.runUntil(pool.clock.now() + hourMs)
    expect(stateOf(pool)).toEqual({ state: 'paused', reason: 'login-failing' })
    const watchOf = () => pool.runner().context.watches.stateOf(numberOf(pool, 0))
    // A server that refuses a login is not asked again with the same one.
    expect(watchOf()).toBe(null)
    pool.world.turn(first?.address ?? '', 'up')
    pool.change(0, { loginFailures: 0 })
    await pool.settle()
    expect(watchOf()).toBe('watching')
    await pool.runDays(1.1)
    expect(stateOf(pool)).toEqual({ state: 'slowed', reason: 'resuming' })
    await pool.stop()
  })

  test('whose domain is newly listed, or whose records break, is paused; what stood before is known', async () => {
    const pool = await testPool({ mailboxes: 8, settings: quick })
    const authentication = { spf: 'pass', dkim: 'pass', dmarc: 'fail' } as const
    const known = { list: 'Known before', weight: 3 } as const
    pool.standings.set('domain0.example', { listings: [known], authentication })
    await pool.runDays(1)
    expect(stateOf(pool).state).toBe('ramping')
    pool.standings.set('domain0.example', {
      listings: [known, { list: 'Fresh', weight: 3 }],
      authentication,
    })
    await pool.runUntil(pool.clock.now() + 2 * hourMs)
    expect(stateOf(pool)).toEqual({ state: 'paused', reason: 'newly-listed' })
    // The eighth mailbox is of the same domain, the second is not.
    expect(stateOf(pool, 7).state).toBe('paused')
    expect(stateOf(pool, 1).state).toBe('ramping')
    pool.standings.set('domain1.example', {
      listings: [],
      authentication: { spf: 'pass', dkim: 'pass', dmarc: 'pass' },
    })
    await pool.runUntil(pool.clock.now() + 2 * hourMs)
    pool.standings.set('domain1.example', {
      listings: [],
      authentication: { spf: 'pass', dkim: 'fail', dmarc: 'pass' },
    })
    await pool.runUntil(pool.clock.now() + 2 * hourMs)
    expect(stateOf(pool, 1)).toEqual({ state: 'paused', reason: 'authentication-broken' })
    await pool.stop()
  })

  test('that a person pauses sends nothing, is still read, and goes on when let', async () => {
    const pool = await busyPool(8)
    await pool.runUntil(Date.UTC(2026, 2, 3, 5))
    pool.change(0, { hold: 'paused' })
    await pool.runUntil(Date.UTC(2026, 2, 3, 20))
    expect(stateOf(pool)).toEqual({ state: 'paused', reason: 'paused-by-person' })
    expect(sentBy(pool, 0, Date.UTC(2026, 2, 3))).toBe(0)
    expect(pool.alerts).toEqual([])
    pool.change(0, { hold: null })
    await pool.runUntil(Date.UTC(2026, 2, 4, 20))
    expect(stateOf(pool).state).toBe('ramping')
    expect(sentBy(pool, 0, Date.UTC(2026, 2, 4))).toBeGreaterThan(0)
    await pool.stop()
  })

  test('that cannot be reached is offline, and online again', async () => {
    const pool = await busyPool(6)
    await pool.runDays(1)
    const address = pool.mailboxes[0]?.address ?? ''
    pool.world.turn(address, 'offline')
    await pool.settle()
    expect(stateOf(pool).state).toBe('offline')
    const since = pool.clock.now()
    await pool.runDays(1)
    expect(sentBy(pool, 0, since)).toBe(0)
    expect(sentBy(pool, 1, since)).toBeGreaterThan(0)
    pool.world.turn(address, 'up')
    await pool.settle()
    expect(stateOf(pool).state).toBe('ramping')
    expect(pool.activity('online')).toHaveLength(1)
    await pool.stop()
  })
})

test('a slowed mailbox that is not well when its time is up is looked at as often as others, and says no time', async () => {
  const pool = await testPool({ mailboxes: 3 })
  await pool.runUntil(Date.UTC(2026, 2, 3, 20))
  const no = numberOf(pool, 0)
  const now = pool.clock.now()
  const troubleAt = now - 4 * 24 * hourMs
  pool.store.write(writes => {
    const health = {
      ...newHealth(troubleAt),
      slow: { reason: 'inbox-share-low', sinceAt: troubleAt, troubleAt },
    }
    // Too much in the inbox to slow it, too little to let it go on.
    putDelivered(writes, no, { inInbox: 91, inJunk: 9, at: now - hourMs })
    writes.run(
      'UPDATE warmup_mailboxes SET health = ?, look_at = ? WHERE no = ?',
      JSON.stringify(health),
      now,
      no,
    )
  })
  let looks = 0
  const lookAtOf = () => findMember(pool.store, no)?.lookAt
  for (let before = lookAtOf(); pool.clock.now() < now + 4 * hourMs; ) {
    await pool.runUntil(pool.clock.now() + 20_000)
    if (lookAtOf() !== before) looks += 1
    before = lookAtOf()
  }
  expect(stateOf(pool).state).toBe('slowed')
  expect(looks).toBeGreaterThan(2)
  expect(looks).toBeLessThan(12)
  expect(rowOf(pool)?.state).toMatchObject({ state: 'slowed', nextAt: null })
  await pool.stop()
})

test('the network goes away for everybody: slots are dropped, and nothing is made up for', async () => {
  const pool = await busyPool(8)
  await pool.runUntil(Date.UTC(2026, 2, 3, 8))
  pool.isOnline = false
  await pool.runUntil(Date.UTC(2026, 2, 3, 15))
  expect(pool.world.sends.filter(({ at }) => at > Date.UTC(2026, 2, 3, 8, 5))).toEqual([])
  pool.isOnline = true
  const before = pool.world.sends.length
  await pool.runUntil(Date.UTC(2026, 2, 3, 15, 10))
  expect(pool.world.sends.length - before).toBeLessThanOrEqual(4)
  await pool.stop()
})

test('a mailbox that has shown that it is ready goes into maintenance', async () => {
  const pool = await testPool({ mailboxes: 4, settings: { strategy: 'custom', customPerDay: [20, 20] } })
  await pool.runDays(1)
  const no = numberOf(pool, 0)
  pool.store.write(writes => {
    writes.run('UPDATE warmup_mailboxes SET days_done = 14 WHERE no = ?', no)
    putDelivered(writes, no, { inInbox: 160, inJunk: 0, at: pool.clock.now() - hourMs })
  })
  await pool.runUntil(pool.clock.now() + 2 * hourMs)
  expect(stateOf(pool).state).toBe('maintenance')
  expect(pool.activity('phase-changed')).toHaveLength(1)
  expect(stateOf(pool, 1).state).toBe('ramping')
  await pool.stop()
})
