import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { OutgoingMessage } from '#engine/net/mail-world.ts'
import { randomOf } from '#engine/warmup/random.ts'
import { leastGapMs } from '#engine/warmup/strategies.ts'
import { bounceOf } from '../helpers/bounce.ts'
import type { Fate } from '../helpers/mail-world.ts'
import { type TestPool, testPool } from '../helpers/warmup-pool.ts'

/*
 * A month of virtual time with many mailboxes and everything that goes wrong: npm run soak:warmup -- --mailboxes 100
 * --days 30 --seed one. What must always hold is checked every virtual day; the first breach ends it with exit code 1.
 */

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const { values } = parseArgs({
  options: {
    mailboxes: { type: 'string', default: '100' },
    days: { type: 'string', default: '30' },
    seed: { type: 'string', default: 'one' },
  },
})
const random = randomOf('soak', values.seed)
const days = Number(values.days)
const pool = await testPool({
  mailboxes: Number(values.mailboxes),
  timeZones: ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC'],
  settings: { strategy: 'moderate', targetPerDay: 30 },
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
})
const { world } = pool
const twice = new Set<string>()
const faults = new Map<string, number>()
const note = (fault: string) => void faults.set(fault, (faults.get(fault) ?? 0) + 1)

type Draw = readonly [name: string, perThousand: number, fateOf: (message: OutgoingMessage) => Partial<Fate>]

const refused = (code: number, line: string): Partial<Fate> => ({
  outcome: { state: 'refused', at: 'message', code, line },
  role: null,
})
const draws: readonly Draw[] = [
  ['junk', 40, () => ({ role: 'junk' })],
  ['category', 30, () => ({ role: 'category' })],
  ['late', 8, () => ({ delayMs: Math.floor(random() * 4 * dayMs) })],
  ['lost', 3, () => ({ role: null })],
  ['twice', 5, ({ messageId }) => (twice.add(messageId), { copies: 2 })],
  ['unknown, sent', 8, () => ({ outcome: { state: 'unknown', reason: 'broke off' } })],
  ['unknown, not sent', 8, () => ({ outcome: { state: 'unknown', reason: 'broke off' }, role: null })],
  ['failed', 10, () => ({ outcome: { state: 'failed', reason: 'ECONNRESET', offline: false }, role: null })],
  ['421', 5, () => refused(421, '421 4.7.0 Try again later')],
  ['451', 5, () => refused(451, '451 4.3.0 Temporary trouble')],
  ['quota', 1, () => refused(550, '550 5.4.5 Daily user sending limit exceeded')],
  ['no such mailbox', 1, () => refused(550, '550 5.1.1 No such user')],
  ['policy', 0.3, () => refused(550, '550 5.7.1 Message rejected due to local policy')],
  ['bounced', 2, message => (bounceLater(message), { role: null })],
]

function bounceLater(message: OutgoingMessage): void {
  pool.clock.after(20 * minuteMs, () => {
    const name = String(Math.floor(random() * 1e12))
    world.deliver(message.from.address, bounceOf(message, { status: '5.2.2', name }))
  })
}

world.decide(message => {
  let left = random() * 1_000
  for (const [name, perThousand, fateOf] of draws) {
    left -= perThousand
    if (left < 0) {
      note(name)
      return { delayMs: Math.floor(1_000 + random() * 5 * minuteMs), ...fateOf(message) }
    }
  }
  return { delayMs: Math.floor(1_000 + random() * 5 * minuteMs) }
})

/** What goes wrong around the messages, once an hour. */
function trouble(): void {
  if (pool.killIn === null && random() < 0.05) {
    note('killed')
    pool.killIn = 1 + Math.floor(random() * 200)
  }
  if (random() < 0.003) {
    note('clock turned')
    pool.turnClock(Math.round((random() - 0.5) * 2 * dayMs))
  }
  if (random() < 0.01) {
    note('slept')
    pool.clock.sleep(Math.floor(random() * 14 * hourMs))
  }
  if (random() < 0.005) {
    note('network away')
    pool.isOnline = false
    pool.clock.after(3 * hourMs, () => {
      pool.isOnline = true
    })
  }
  if (random() < 0.05) {
    const index = Math.floor(random() * pool.mailboxes.length)
    const mailbox = pool.mailboxes[index]
    if (mailbox === undefined) return
    const state = random() < 0.3 ? 'refused' : 'offline'
    note(state)
    world.turn(mailbox.address, state)
    pool.clock.after(Math.floor(random() * 30 * hourMs), () => {
      pool.change(index, { loginFailures: 0 })
      world.turn(mailbox.address, 'up')
    })
  }
  if (random() < 0.01) {
    note('paused by a person')
    const index = Math.floor(random() * pool.mailboxes.length)
    pool.change(index, { hold: random() < 0.5 ? 'paused' : 'disabled' })
    pool.clock.after(Math.floor(random() * 4 * dayMs), () => pool.change(index, { hold: null }))
  }
}

/** How often each rule was looked at: for every message, or once a day for all of them. */
const looked = new Map<string, number>()

function check(what: string, breaches: readonly unknown[]): void {
  looked.set(what, (looked.get(what) ?? 0) + 1)
  if (breaches.length === 0) return
  console.error(`${what}: ${JSON.stringify(breaches.slice(0, 5))}`)
  process.exit(1)
}

let checkedArrivals = 0
const arrivedOnce = new Set<string>()
const sentAt = new Map<string, number>()
let checkedSends = 0
/** Of what each mailbox wrote, and of what came to each; a month is shorter than the time a text rests. */
const texts = new Set<string>()
const addresses = new Set(pool.mailboxes.map(({ address }) => address))

function checkAll({ store }: TestPool): void {
  const arrivals = world.arrivals.slice(checkedArrivals)
  checkedArrivals = world.arrivals.length
  for (const { messageId, to } of arrivals) {
    if (messageId === null || messageId.startsWith('<bounce-')) continue
    const isSecond = !twice.has(messageId) && arrivedOnce.has(messageId)
    check('arrived twice', isSecond ? [messageId, to] : [])
    arrivedOnce.add(messageId)
    const isKnown = store.get('SELECT 1 FROM warmup_messages WHERE message_id = ?', messageId) !== undefined
    check('not in the books', isKnown ? [] : [messageId, to])
  }
  for (const { message, at } of world.sends.slice(checkedSends)) {
    const before = sentAt.get(message.from.address)
    const isTooSoon = before !== undefined && at - before < leastGapMs
    check('gap broken', isTooSoon ? [message.from.address, before, at] : [])
    sentAt.set(message.from.address, at)
    check('written to a stranger', addresses.has(message.to.address) ? [] : [message.to.address])
    for (const side of [`from ${message.from.address}`, `to ${message.to.address}`]) {
      const text = createHash('sha256').update(`${side}\n${message.text}`).digest('base64')
      check('text twice', texts.has(text) ? [side, message.messageId] : [])
      texts.add(text)
    }
  }
  checkedSends = world.sends.length
  check(
    'answered twice',
    store.all(
      `SELECT parent, count(*) AS answers FROM warmup_messages WHERE parent IS NOT NULL
         AND state NOT IN ('failed', 'dropped', 'refused') GROUP BY parent HAVING answers > 1`,
    ),
  )
  check(
    'cap broken',
    store.all(
      `WITH sent AS MATERIALIZED (SELECT from_no, date, count(*) AS messages FROM warmup_messages
           WHERE state NOT IN ('failed', 'dropped') AND slot_at IS NOT NULL GROUP BY 1, 2)
         SELECT no, sent.date, cap, messages FROM sent
           JOIN warmup_days ON no = from_no AND warmup_days.date = sent.date WHERE messages > cap`,
    ),
  )
  check(
    'pair too soon',
    store.all(
      // Where two of a pair are too close, so are two that follow one another.
      `SELECT * FROM (
         SELECT id, intent_at, lag(id) OVER pair AS before_id, lag(intent_at) OVER pair AS before_at
           FROM warmup_messages WHERE kind = 'new' AND state NOT IN ('failed', 'dropped')
           WINDOW pair AS (PARTITION BY min(from_no, to_no), max(from_no, to_no) ORDER BY intent_at))
         WHERE intent_at - before_at < ? LIMIT 5`,
      3 * dayMs,
    ),
  )
  check(
    'intent left open',
    store.all(
      "SELECT id FROM warmup_messages WHERE state = 'intent' AND abs(intent_at - ?) > ?",
      pool.clock.now(),
      3 * dayMs,
    ),
  )
}

/** Times of this process; a busy machine makes the first longer, not the second. */
function figures(): string {
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  const { user, system } = process.cpuUsage()
  const megabytes = Math.round(process.memoryUsage().rss / 1e6)
  return `${seconds} s, ${Math.round((user + system) / 1e6)} s of a processor, ${megabytes} MB`
}

const startedAt = performance.now()
for (let hour = 1; hour <= days * 24; hour += 1) {
  trouble()
  await pool.runUntil(pool.clock.now() + hourMs)
  if (hour % 24 !== 0) continue
  checkAll(pool)
  console.log(`day ${hour / 24}: ${world.sends.length} sent, ${arrivedOnce.size} arrived, ${figures()}`)
}
pool.killIn = null
const states = pool.store.all('SELECT state, count(*) AS messages FROM warmup_messages GROUP BY state')
const activity = pool.store.all(
  'SELECT code, count(*) AS entries FROM warmup_activity GROUP BY code ORDER BY code',
)
const checked = Object.fromEntries(looked)
console.log(JSON.stringify({ faults: Object.fromEntries(faults), checked, states, activity }, null, 2))
await pool.stop()
console.log('Every invariant held.')
