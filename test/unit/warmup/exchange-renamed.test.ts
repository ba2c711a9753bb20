import { randomBytes } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { idHeader, idInReport, verifyReceived } from '#engine/warmup/own-id.ts'
import { signToken, tokenHeader } from '#engine/warmup/token.ts'
import { testPool, type TestPool } from '../../helpers/warmup-pool.ts'

const raw = (text: string) => new TextEncoder().encode(text)

// Days are played through; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const dayMs = 24 * 60 * 60_000
const rewritten = () => ({ receivedId: `<${randomBytes(12).toString('hex')}-000000@mail.provider.example>` })

const messageOf = (pool: TestPool, messageId: string) =>
  pool.store.get<{ state: string; placement: string | null; bounced_at: number | null }>(
    'SELECT state, placement, bounced_at FROM warmup_messages WHERE message_id = ?',
    messageId,
  )

describe('a server that gives each message another Message-ID', () => {
  test('costs no placement: what arrives is known, answered in its thread, and nothing is called missing', async () => {
    const pool = await testPool({ mailboxes: 6, settings: { strategy: 'aggressive', replyRate: 0.6 } })
    pool.world.decide(rewritten)
    await pool.runDays(8)
    const rows = pool.store.all<{ placement: string | null }>('SELECT placement FROM warmup_messages')
    expect(rows.length).toBeGreaterThan(8)
    expect(rows.filter(({ placement }) => placement === 'missing')).toEqual([])
    expect(rows.filter(({ placement }) => placement === 'inbox').length).toBeGreaterThan(8)
    expect(pool.activity('token-refused')).toEqual([])
    // Threads hold by the names under which their messages were received.
    const answers = pool.world.sends.filter(({ message }) => message.inReplyTo !== null)
    expect(answers.length).toBeGreaterThan(3)
    expect(answers.some(({ message }) => message.references.length > 1)).toBe(true)
    for (const { message } of answers) {
      expect(message.inReplyTo).toMatch(/@mail\.provider\.example>$/)
      expect(message.references.at(-1)).toBe(message.inReplyTo)
      expect(pool.world.arrivals.map(({ messageId }) => messageId)).toContain(message.inReplyTo)
    }
    const answered = answers.map(({ message }) => message.inReplyTo)
    expect(new Set(answered).size).toBe(answered.length)
    await pool.stop()
  })

  test('does not hide a message that a filter moved away before it was seen', async () => {
    const pool = await testPool({ mailboxes: 4 })
    pool.world.decide(() => ({ ...rewritten(), role: 'other' as never }))
    await pool.runDays(5)
    const placements = pool.store.all<{ placement: string | null }>(
      'SELECT DISTINCT placement FROM warmup_messages WHERE placement IS NOT NULL',
    )
    expect(placements).toEqual([{ placement: 'inbox' }])
    await pool.stop()
  })

  test('an unknown outcome is settled as sent when the message lies there under its new name', async () => {
    const pool = await testPool({ mailboxes: 2 })
    pool.world.decide(() => ({
      ...rewritten(),
      role: 'other' as never,
      outcome: { state: 'unknown', reason: 'net.closed' },
    }))
    await pool.runDays(3)
    const states = pool.store.all<{ state: string }>('SELECT state FROM warmup_messages WHERE chore IS NULL')
    expect(states.length).toBeGreaterThan(0)
    expect(states.every(({ state }) => state === 'accepted')).toBe(true)
    await pool.stop()
  })

  test('a restart sends no answer again that lies there under its new name', async () => {
    const pool = await testPool({ mailboxes: 4, settings: { strategy: 'aggressive', replyRate: 0.6 } })
    pool.world.decide(rewritten)
    for (let day = 0; day < 8; day += 1) {
      await pool.runDays(1)
      // The books forget every answer, as books that were put back from a backup do.
      pool.store.write(writes => {
        writes.run("DELETE FROM warmup_messages WHERE kind = 'reply'")
        writes.run('UPDATE warmup_messages SET replied_by = NULL')
      })
      await pool.restart()
    }
    const answered = pool.world.sends.map(({ message }) => message.inReplyTo).filter(id => id !== null)
    expect(answered.length).toBeGreaterThan(3)
    expect(new Set(answered).size).toBe(answered.length)
    await pool.stop()
  })

  test('a bounce that names only the new Message-ID is matched by the header of ours it gives back', async () => {
    const pool = await testPool({ mailboxes: 4 })
    pool.world.decide(() => ({ ...rewritten(), role: null }))
    await pool.runDays(1)
    const [first] = pool.world.sends
    if (first === undefined) throw new Error('Nothing was sent.')
    const { message } = first
    const head = Object.entries(message.headers).map(([name, value]) => `${name}: ${value}\r\n`)
    pool.world.deliver(message.from.address, {
      headers: {
        'Message-ID': '<report@mx.example>',
        From: 'MAILER-DAEMON@provider.example',
        'Content-Type': 'multipart/report; report-type=delivery-status; boundary="edge"',
      },
      body: [
        '--edge\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n',
        `--edge\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; provider.example\r\n\r\nFinal-Recipient: rfc822; ${message.to.address}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n`,
        `--edge\r\nContent-Type: message/rfc822\r\n\r\n${head.join('')}Message-ID: <0102-000000@provider.example>\r\n\r\nHi\r\n--edge--\r\n`,
      ].join(''),
    })
    await pool.settle()
    expect(messageOf(pool, message.messageId)).toMatchObject({ state: 'bounced' })
    expect(messageOf(pool, message.messageId)?.bounced_at).not.toBeNull()
    await pool.stop()
  })
})

describe('the header with the own Message-ID', () => {
  const key = new Uint8Array(32).fill(3)
  const now = 1_800_000_000_000
  const sent = { messageId: '<abc@a.example>', sender: 'a@a.example', recipient: 'b@b.example' }
  const token = signToken({ ...sent, threadId: sent.messageId }, now + dayMs, key)
  const verified = (headers: Record<string, string>) =>
    verifyReceived(new Map(Object.entries(headers)), { token, recipient: sent.recipient, keys: [key], now })
      ?.verdict

  test('makes nothing of a token that was made for another message, sender or recipient', () => {
    const own = { 'message-id': '<new@provider.example>', from: sent.sender }
    const header = idHeader(key).toLowerCase()
    expect(verified({ ...own, [header]: 'abc' })).toMatchObject({ ok: true })
    expect(verified(own)).toEqual({ ok: false, reason: 'other-message' })
    expect(verified({ ...own, [header]: 'abcd' })).toEqual({ ok: false, reason: 'other-message' })
    expect(verified({ ...own, [header]: 'a b$<c>' })).toEqual({ ok: false, reason: 'other-message' })
    expect(verified({ ...own, from: 'mallory@a.example', [header]: 'abc' })).toEqual({
      ok: false,
      reason: 'other-mailbox',
    })
    expect(idHeader(key)).not.toBe(tokenHeader(key))
  })

  test('is read out of what a report gives back, quoted or not, and out of nothing else', () => {
    expect(idInReport(raw(`x\r\n> ${idHeader(key)}: abc\r\n`), 'a@A.example', [key])).toBe('<abc@a.example>')
    expect(idInReport(raw('Message-ID: <abc@a.example>\r\n'), 'a@a.example', [key])).toBeNull()
  })
})
