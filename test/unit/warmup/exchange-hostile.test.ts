import { describe, expect, test, vi } from 'vitest'
import { signToken } from '#engine/warmup/token.ts'
import { testPool, type TestPool } from '../../helpers/warmup-pool.ts'

// Days are played through; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

const addressOf = (pool: TestPool, index: number) => pool.mailboxes[index]?.address ?? ''

/** Everything that was sent answers a message of ours; nobody else is written to. */
function expectOnlyOurs(pool: TestPool): void {
  const own = new Set(pool.mailboxes.map(({ address }) => address))
  const ids = new Set(pool.world.sends.map(({ message }) => message.messageId))
  for (const { message } of pool.world.sends) {
    expect(own).toContain(message.to.address)
    if (message.inReplyTo !== null) expect(ids).toContain(message.inReplyTo)
  }
}

/** No two messages of a mailbox closer than its gap, by the real time. */
function expectGaps({ world, mailboxes }: TestPool): void {
  for (const { address } of mailboxes) {
    const times = world.sends.filter(({ message }) => message.from.address === address).map(({ at }) => at)
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    expect(Math.min(...gaps, dayMs)).toBeGreaterThanOrEqual(10 * 60_000)
  }
}

/** A pool that has run for a day, and one of its messages as it lies at its recipient. */
async function runningPool() {
  const pool = await testPool({ mailboxes: 6 })
  await pool.runDays(1)
  const sent = pool.world.sends.find(({ message }) => message.inReplyTo === null)?.message
  if (sent === undefined) throw new Error('Nothing was sent.')
  const [name, token] = Object.entries(sent.headers)[0] ?? ['', '']
  return { pool, sent, name, token }
}

describe('what others send', () => {
  test('forged, copied, altered and expired tokens get no reply, no rescue, and are not read', async () => {
    const { pool, sent, name, token } = await runningPool()
    const victim = pool.mailboxes.findIndex(({ address }) => address === sent.to.address)
    const stranger = 'mallory@elsewhere.example'
    const forgedKey = new Uint8Array(32).fill(7)
    const forgery = (messageId: string, from: string, value: string) =>
      pool.world.deliver(addressOf(pool, victim), {
        headers: { 'Message-ID': messageId, From: from, To: sent.to.address, Subject: 'Hi', [name]: value },
        body: 'Please answer.',
        role: 'junk',
      })
    const subject = { messageId: '<1@elsewhere.example>', sender: stranger, recipient: sent.to.address }
    forgery(
      '<1@elsewhere.example>',
      stranger,
      signToken({ ...subject, threadId: '<1@elsewhere.example>' }, pool.clock.now() + dayMs, forgedKey),
    )
    forgery('<2@elsewhere.example>', stranger, token)
    forgery(sent.messageId, stranger, token)
    forgery('<3@elsewhere.example>', sent.from.address, token)
    forgery('<4@elsewhere.example>', stranger, `${token.slice(0, -4)}AAAA`)
    forgery('<5@elsewhere.example>', stranger, 'not a token at all')
    forgery('<6@elsewhere.example>', stranger, 'x'.repeat(100_000))
    const before = pool.world.sends.length
    await pool.runDays(2)
    expect(pool.world.sends.length).toBeGreaterThan(before)
    expectOnlyOurs(pool)
    const left = pool.world
      .held(addressOf(pool, victim))
      .filter(({ headers }) => headers.get('from') === stranger)
    expect(left).toHaveLength(6)
    expect(left.every(({ role, isRead }) => role === 'junk' && !isRead)).toBe(true)
    const reasons = new Set(pool.activity('token-refused').map(({ facts }) => facts.reason))
    expect(reasons).toEqual(new Set(['forged', 'other-message', 'other-mailbox', 'malformed']))
    await pool.stop()
  })

  test('a flood of forgeries is told of twenty times a day, no more', async () => {
    const { pool, sent, name } = await runningPool()
    for (let index = 0; index < 300; index += 1) {
      pool.world.deliver(sent.to.address, {
        headers: { 'Message-ID': `<${index}@flood.example>`, From: 'a@flood.example', [name]: 'forged' },
      })
    }
    await pool.settle()
    expect(pool.activity('token-refused')).toHaveLength(20)
    await pool.stop()
  })

  test('an old token is not believed any more', async () => {
    const { pool, sent, name, token } = await runningPool()
    await pool.runUntil(pool.clock.now() + 31 * dayMs)
    pool.world.deliver(sent.to.address, {
      headers: { 'Message-ID': sent.messageId, From: sent.from.address, [name]: token },
    })
    await pool.settle()
    expect(pool.activity('token-refused').map(({ facts }) => facts.reason)).toContain('expired')
    await pool.stop()
  })

  test('automatic answers get none, and no loop begins', async () => {
    const { pool, sent, name, token } = await runningPool()
    const before = pool.world.sends.length
    for (let round = 0; round < 5; round += 1) {
      pool.world.deliver(sent.from.address, {
        headers: {
          'Message-ID': `<auto-${round}@domain.example>`,
          From: sent.to.address,
          'In-Reply-To': sent.messageId,
          References: sent.messageId,
          Subject: `Out of office: ${sent.subject}`,
          'Auto-Submitted': 'auto-replied',
        },
        body: 'I am away.',
      })
    }
    // One that carries everything along that it was sent, the token included.
    pool.world.deliver(sent.from.address, {
      headers: {
        'Message-ID': '<auto-copy@domain.example>',
        From: sent.to.address,
        'In-Reply-To': sent.messageId,
        'Auto-Submitted': 'auto-replied',
        [name]: token,
      },
    })
    await pool.settle()
    expect(pool.activity('automatic-answer')).toHaveLength(5)
    await pool.runDays(2)
    expect(pool.world.sends.length).toBeGreaterThan(before)
    expect(pool.world.sends.some(({ message }) => message.inReplyTo?.startsWith('<auto-'))).toBe(false)
    expectOnlyOurs(pool)
    await pool.stop()
  })

  test('mail of 50 MB, broken MIME and mail of a person are left alone, and never read whole', async () => {
    const { pool } = await runningPool()
    const address = addressOf(pool, 0)
    pool.world.deliver(address, {
      headers: { From: 'MAILER-DAEMON@big.example', 'Content-Type': 'multipart/report; boundary=x' },
      body: 'x'.repeat(50_000_000),
    })
    pool.world.deliver(address, {
      headers: { From: 'friend@people.example', Subject: 'Lunch?' },
      body: 'Hello',
    })
    pool.world.deliver(address, { headers: {}, body: '\u0000\u0001broken' })
    pool.world.deliver(address, {
      headers: { From: 'postmaster@broken.example', 'Content-Type': 'multipart/report; boundary="' },
      body: '--\r\n--\r\nContent-Type: message/delivery-status\r\n\r\n\u0000\u0000',
    })
    await pool.settle()
    expect(pool.world.mostRead()).toBeLessThanOrEqual(4_000_000)
    await pool.runDays(1)
    const held = pool.world
      .held(address)
      .filter(({ headers }) => headers.get('from') === 'friend@people.example')
    expect(held[0]).toMatchObject({ role: 'inbox', isRead: false })
    expect(pool.activity('bounced')).toEqual([])
    await pool.stop()
  })

  test('a bounce is believed only of a message this mailbox sent', async () => {
    const { pool, sent } = await runningPool()
    const report = (to: string, about: string) =>
      pool.world.deliver(to, {
        headers: {
          'Message-ID': `<report-${about.length}-${to.length}@mx.example>`,
          From: 'MAILER-DAEMON@mx.example',
          'Content-Type': 'multipart/report; report-type=delivery-status; boundary="edge"',
        },
        body: [
          '--edge\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n',
          `--edge\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ${sent.to.address}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n`,
          `--edge\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${about}\r\n\r\n--edge--\r\n`,
        ].join(''),
      })
    report(sent.from.address, '<never-sent@domain.example>')
    report(sent.to.address, sent.messageId)
    await pool.settle()
    expect(pool.activity('bounced')).toEqual([])
    report(sent.from.address, sent.messageId)
    report(sent.from.address, sent.messageId)
    await pool.settle()
    expect(pool.activity('bounced')).toHaveLength(1)
    expect(pool.store.get('SELECT state FROM warmup_messages WHERE message_id = ?', sent.messageId)).toEqual({
      state: 'bounced',
    })
    await pool.stop()
  })
})

describe('what servers do', () => {
  test('a message delivered twice is answered once', async () => {
    const pool = await testPool({ mailboxes: 4 })
    pool.world.decide(() => ({ copies: 2 }))
    await pool.runDays(6)
    const answered = pool.world.sends.map(({ message }) => message.inReplyTo).filter(id => id !== null)
    expect(answered.length).toBeGreaterThan(0)
    expect(new Set(answered).size).toBe(answered.length)
    expect(pool.activity('token-refused').every(({ facts }) => facts.reason === 'replayed')).toBe(true)
    // And counted once, for its sender and for its recipient.
    const found = pool.store.get<{ count: number }>(
      'SELECT count(*) AS count FROM warmup_messages WHERE found_at IS NOT NULL',
    )
    expect(pool.store.get('SELECT sum(inbox) AS inbox, sum(received) AS received FROM warmup_days')).toEqual({
      inbox: found?.count,
      received: found?.count,
    })
    await pool.stop()
  })

  test('one that comes four days late was missing, is found then, and gets no answer', async () => {
    const pool = await testPool({ mailboxes: 4 })
    pool.world.decide(() => ({ delayMs: 4 * dayMs }))
    await pool.runDays(3.9)
    expect(pool.activity('not-found').length).toBeGreaterThan(0)
    await pool.runDays(4)
    expect(pool.activity('found-in-inbox').length).toBeGreaterThan(0)
    expect(pool.world.sends.some(({ message }) => message.inReplyTo !== null)).toBe(false)
    const wrong = pool.store.all('SELECT no FROM warmup_days WHERE missing < 0 OR inbox < 0')
    expect(wrong).toEqual([])
    const totals = pool.store.get<{ missing: number }>('SELECT sum(missing) AS missing FROM warmup_days')
    const still = pool.store.get<{ count: number }>(
      "SELECT count(*) AS count FROM warmup_messages WHERE placement = 'missing'",
    )
    expect(totals?.missing).toBe(still?.count)
    await pool.stop()
  })

  test('one that a person deletes is let go', async () => {
    const { pool, sent } = await runningPool()
    pool.world.remove(sent.to.address, sent.messageId)
    await pool.runDays(2)
    expect(pool.store.get('SELECT chore FROM warmup_messages WHERE message_id = ?', sent.messageId)).toEqual({
      chore: null,
    })
    await pool.stop()
  })

  test('a mailbox that is gone, and one that is switched off, are written to no more', async () => {
    const pool = await testPool({ mailboxes: 5 })
    await pool.runDays(1)
    const gone = addressOf(pool, 4)
    const off = addressOf(pool, 3)
    pool.mailboxes.splice(4, 1)
    pool.change(3, { hold: 'disabled' })
    const since = pool.clock.now()
    await pool.runDays(4)
    const later = pool.world.sends.filter(({ at }) => at > since)
    expect(later.length).toBeGreaterThan(0)
    for (const { message } of later) {
      for (const address of [gone, off]) {
        expect(message.to.address).not.toBe(address)
        expect(message.from.address).not.toBe(address)
      }
    }
    await pool.stop()
  })
})

describe('a clock', () => {
  test.each([
    ['a day ahead, and back again', [dayMs, -dayMs]],
    ['a day back, and ahead again', [-dayMs, dayMs]],
    ['a year ahead, and back again', [365 * dayMs, -365 * dayMs]],
  ])('that jumps %s brings no burst and no repetition, and mail goes on', async (_, jumps) => {
    const pool = await testPool({ mailboxes: 12, settings: { strategy: 'aggressive' } })
    await pool.runUntil(Date.UTC(2026, 2, 4, 11))
    for (const jump of jumps) {
      pool.turnClock(jump)
      await pool.runUntil(pool.clock.now() + 3 * hourMs)
    }
    await pool.runDays(3)
    expectGaps(pool)
    const answered = pool.world.sends.map(({ message }) => message.inReplyTo).filter(id => id !== null)
    expect(new Set(answered).size).toBe(answered.length)
    const lastDay = pool.world.sends.filter(({ at }) => at > pool.clock.now() - dayMs)
    expect(lastDay.length).toBeGreaterThan(3)
    await pool.stop()
  })

  test('that is set a quarter of an hour ahead and back all day brings no two messages closer', async () => {
    const pool = await testPool({
      mailboxes: 24,
      settings: { strategy: 'custom', customPerDay: [20, 20, 20] },
    })
    await pool.runUntil(Date.UTC(2026, 2, 3, 7))
    const before = pool.world.sends.length
    for (let round = 0; round < 30; round += 1) {
      pool.turnClock((round % 2 === 0 ? 14 : -14) * 60_000)
      await pool.runUntil(pool.clock.now() + 20 * 60_000)
    }
    expect(pool.world.sends.length - before).toBeGreaterThan(24)
    expectGaps(pool)
    await pool.stop()
  })

  test('that stood still while the machine slept: missed slots are dropped, never fired in a burst', async () => {
    const pool = await testPool({ mailboxes: 12, settings: { strategy: 'aggressive' } })
    await pool.runUntil(Date.UTC(2026, 2, 4, 9))
    await pool.settle()
    const open = pool.store.get<{ count: number }>(
      "SELECT count(*) AS count FROM warmup_slots WHERE state = 'open'",
    )
    expect(open?.count).toBeGreaterThan(3)
    const before = pool.world.sends.length
    pool.clock.sleep(6 * hourMs)
    await pool.settle()
    expect(pool.world.sends.length).toBe(before)
    expect(pool.activity('dropped-late').length).toBeGreaterThan(0)
    await pool.stop()
  })
})
