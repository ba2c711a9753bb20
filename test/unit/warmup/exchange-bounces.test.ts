import { expect, test, vi } from 'vitest'
import { bounceOf } from '../../helpers/bounce.ts'
import { testPool, type TestPool } from '../../helpers/warmup-pool.ts'

// Days are played through; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const dayMs = 24 * 60 * 60_000

/** A pool that has run for a day, after which a message of its first sender comes back; how that mailbox is then. */
async function returned(diagnostic: string, status: string) {
  const pool = await testPool({ mailboxes: 4 })
  await pool.runDays(1)
  const message = pool.world.sends[0]?.message
  if (message === undefined) throw new Error('Nothing was sent.')
  const { headers, body } = bounceOf(message, { status, name: 'late' })
  const told = `Status: ${status}\r\nDiagnostic-Code: smtp; ${diagnostic}`
  pool.world.deliver(message.from.address, { headers, body: body.replace(`Status: ${status}`, told) })
  await pool.settle()
  return { pool, message, ...standing(pool, message.from.address, message.messageId) }
}

function standing(pool: TestPool, address: string, messageId: string) {
  const row = pool.store.get<{ state: string; bounced_at: number | null }>(
    'SELECT state, bounced_at FROM warmup_messages WHERE message_id = ?',
    messageId,
  )
  const participant = pool
    .runner()
    .roster.all()
    .find(({ mailbox }) => mailbox.address === address)
  if (row === undefined || participant === undefined) throw new Error('It is not in the books.')
  const { health, evidence } = participant.member
  return { row, health, evidence }
}

test.each([
  ['4.4.7', '554 4.4.7 Message expired: unable to deliver in 840 minutes'],
  ['4.4.1', 'connect to mail.firm.example[192.0.2.9]:25: Connection timed out'],
  ['4.2.2', '452 4.2.2 The recipient is over quota'],
])('a message a server gave up on (%s) came back as surely as one that was refused', async (status, said) => {
  const { pool, row, health } = await returned(said, status)
  expect(row.state).toBe('bounced')
  expect(row.bounced_at).not.toBeNull()
  expect(pool.store.get('SELECT sum(bounced) AS bounced FROM warmup_days')).toEqual({ bounced: 1 })
  // It says nothing about the mailbox that sent, once.
  expect([health.pause, health.limit]).toEqual([null, null])
  await pool.stop()
})

test('a bounce that speaks of the daily allowance waits for the next window and blames no address', async () => {
  const { pool, row, health, evidence } = await returned(
    '550 5.0.0 You have reached a limit for sending mail. - gsmtp',
    '5.0.0',
  )
  expect(row).toEqual({ state: 'bounced', bounced_at: null })
  expect(health.limit).toMatchObject({ reason: 'daily-quota' })
  expect(evidence.limited?.untilAt).toBeGreaterThan(pool.clock.now())
  expect(evidence.limited?.untilAt).toBeLessThan(pool.clock.now() + 3 * dayMs)
  await pool.stop()
})

test('a bounce whose words tell of a block list pauses, also under a status that says nothing', async () => {
  const { pool, health } = await returned('554 Blocked, your host is on our blocklist', '5.0.0')
  expect(health.pause).toMatchObject({ reason: 'policy-blocked' })
  expect(pool.alerts.map(({ code }) => code)).toEqual(['warmup.paused'])
  await pool.stop()
})

test('an address that is told not to exist under a status that says nothing is not written to for a day', async () => {
  const { pool, message } = await returned('550 no such user here', '5.0.0')
  const recipient = pool
    .runner()
    .roster.all()
    .find(({ mailbox }) => mailbox.address === message.to.address)
  expect(recipient?.member.evidence.unwelcomeUntilAt).toBe(pool.clock.now() + dayMs)
  await pool.stop()
})
