import { describe, expect, test, vi } from 'vitest'
import { createHeldKeys } from '#engine/warmup/partners/held-keys.ts'
import { goOnWith, revokePartner } from '#engine/warmup/partners/later-turns.ts'
import { partnerRow } from '#engine/warmup/partners/rows.ts'
import { allPartners, findPartner } from '#engine/warmup/partners/store.ts'
import { signToken, tokenHeader } from '#engine/warmup/token.ts'
import { valueOf } from '../../helpers/engine.ts'
import type { OutgoingMessage } from '#engine/net/mail-world.ts'
import { agree } from '../../helpers/partners.ts'
import { testLog } from '../../helpers/platform.ts'
import { runTogether, type TestPool, testPool } from '../../helpers/warmup-pool.ts'

// Days are played through; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

/** Two machines in one world, each with mailboxes of its own domain. */
async function twoPools(mailboxes = 2): Promise<[TestPool, TestPool]> {
  const settings = { replyRate: 0.6 }
  const north = await testPool({ mailboxes, domain: 'north.example', settings })
  const south = await testPool({ mailboxes, domain: 'south.example', settings, beside: north })
  return [north, south]
}

const domainOf = (address: string) => address.slice(address.indexOf('@') + 1)

/** What went from the first domain to the second. */
function sentBetween({ world }: TestPool, from: string, to: string) {
  return world.sends.filter(
    ({ message }) => domainOf(message.from.address) === from && domainOf(message.to.address) === to,
  )
}

const toSouth = (pool: TestPool) => sentBetween(pool, 'north.example', 'south.example')
const toNorth = (pool: TestPool) => sentBetween(pool, 'south.example', 'north.example')

function stateOf(pool: TestPool, id: string) {
  const entry = findPartner(pool.store, id)
  return entry === null ? null : partnerRow(pool.store, entry, pool.clock.now()).state
}

type Book = {
  messageId: string
  fromNo: number
  toNo: number
  kind: string
  state: string
  depth: number
  placement: string | null
  chore: string | null
  at: number
  repliedBy: number | null
  replyDueAt: number | null
}

function booksOf({ store }: TestPool): Book[] {
  return store.all<Book>(
    `SELECT message_id AS messageId, from_no AS fromNo, to_no AS toNo, kind, state, depth, placement, chore,
       intent_at AS at, replied_by AS repliedBy, reply_due_at AS replyDueAt FROM warmup_messages ORDER BY intent_at`,
  )
}

/** The key two machines share, as the vault of one keeps it. */
async function keyOf(pool: TestPool, id: string): Promise<Uint8Array> {
  const held = createHeldKeys(pool.agreements().vault, testLog())
  await held.read(allPartners(pool.store))
  const key = held.keyOf(id)
  if (key === null) throw new Error('no key')
  return key
}

function signed(key: Uint8Array, message: { id: string; from: string; to: string }, expiresAt: number) {
  const subject = {
    messageId: message.id,
    sender: message.from,
    recipient: message.to,
    threadId: message.id,
  }
  return {
    headers: {
      'Message-ID': message.id,
      From: message.from,
      To: message.to,
      Subject: 'Lunch',
      [tokenHeader(key)]: signToken(subject, expiresAt, key),
    },
    body: 'Shall we have lunch?',
    role: 'junk' as const,
  }
}

function endsOf({ message }: { message: OutgoingMessage }): string {
  return [message.from.address, message.to.address].toSorted().join(' ')
}

describe('two machines that agreed', () => {
  test('write, answer, rescue and file; each keeps its own books, and knows of placement only what it was told', async () => {
    const [north, south] = await twoPools()
    const { world } = north
    world.decide(({ to }) => (to.address === 'writer0@south.example' ? { role: 'junk' } : {}))
    const id = await agree(north, south)
    await runTogether([north, south], 11 * dayMs)
    const across = [...toSouth(north), ...toNorth(north)]
    expect(toSouth(north).length).toBeGreaterThan(8)
    expect(toNorth(north).length).toBeGreaterThan(8)
    for (const { message } of across) {
      expect(world.arrivals.filter(({ messageId }) => messageId === message.messageId)).toHaveLength(1)
    }
    const byId = new Map(across.map(({ message }) => [message.messageId, message]))
    const answers = across.filter(({ message }) => message.inReplyTo !== null)
    expect(answers.some(({ message }) => message.references.length >= 2)).toBe(true)
    for (const { message } of answers) {
      const before = byId.get(message.inReplyTo ?? '')
      expect(before?.from.address).toBe(message.to.address)
      expect(message.references).toEqual([...(before?.references ?? []), message.inReplyTo])
      expect(message.subject).toBe(`Re: ${before?.subject.replace(/^Re: /, '')}`)
      expect(message.text).toContain(`> ${before?.text.split('\n')[0]}`)
    }

    const books = booksOf(north).filter(({ toNo }) => toNo < 0)
    expect(books.map(({ messageId }) => messageId).toSorted()).toEqual(
      toSouth(north)
        .map(({ message }) => message.messageId)
        .toSorted(),
    )
    const answered = new Set(toNorth(north).map(({ message }) => message.inReplyTo))
    const placed = books.filter(({ placement }) => placement !== null)
    expect(placed.length).toBeGreaterThan(2)
    for (const { messageId, placement, chore } of books) {
      expect(placement === null || answered.has(messageId)).toBe(true)
      if (placement !== null) {
        const isJunk = byId.get(messageId)?.to.address === 'writer0@south.example'
        expect(placement).toBe(isJunk ? 'junk' : 'inbox')
      }
      expect(chore).toBeNull()
    }
    // A placement that nobody told counts neither for nor against the mailbox.
    const counted = north.store.get<{ count: number }>(
      'SELECT sum(inbox + category + junk + missing) AS count FROM warmup_days',
    )
    const own = booksOf(north).filter(
      ({ fromNo, toNo, placement }) => fromNo > 0 && toNo > 0 && placement !== null,
    )
    expect(counted?.count).toBe(own.length + placed.length)

    const old = world
      .held('writer0@south.example')
      .filter(({ receivedAt, role }) => role !== 'sent' && receivedAt < north.clock.now() - dayMs)
    expect(old.length).toBeGreaterThan(2)
    expect(old.every(({ role, isRead }) => role === 'ours' && isRead)).toBe(true)
    expect(stateOf(south, id)).toBe('on')
    const row = partnerRow(north.store, findPartner(north.store, id) ?? fail(), north.clock.now())
    expect(row).toMatchObject({ sent: toSouth(north).length, text: null })
    expect(row.received).toBe(toNorth(north).length)
  })

  test('keep the pair rule together, and what each mailbox takes in a day', async () => {
    const [north, south] = await twoPools(3)
    await agree(north, south, { perDay: 1 })
    await runTogether([north, south], 9 * dayMs)
    const across = [...toSouth(north), ...toNorth(north)].toSorted((a, b) => a.at - b.at)
    expect(across.length).toBeGreaterThan(10)
    const lastOf = new Map<string, number>()
    for (const { message, at } of across) {
      const last = lastOf.get(message.to.address)
      if (last !== undefined) expect(at - last).toBeGreaterThanOrEqual(dayMs)
      lastOf.set(message.to.address, at)
    }
    const begun = new Map<string, number>()
    for (const { message, at } of across.filter(one => one.message.inReplyTo === null)) {
      const pair = [message.from.address, message.to.address].toSorted().join(' ')
      const last = begun.get(pair)
      if (last !== undefined) expect(at - last).toBeGreaterThanOrEqual(3 * dayMs)
      begun.set(pair, at)
    }
  })

  test('write with mailboxes that take part alone, and to these alone', async () => {
    const [north, south] = await twoPools()
    await agree(north, south, { ours: ['mailbox-0000'], theirs: ['mailbox-0001'] })
    await runTogether([north, south], 6 * dayMs)
    expect(new Set([...toSouth(north), ...toNorth(north)].map(endsOf))).toEqual(
      new Set(['writer0@north.example writer1@south.example']),
    )
  })
})

describe('before both are ready', () => {
  test('whoever was invited waits for the other, and nothing is done while the digits are not compared', async () => {
    const [north, south] = await twoPools()
    const id = await agree(north, south)
    // South has accepted, and has not compared.
    south.store.write(writes => writes.run('UPDATE warmup_partners SET confirmed_at = NULL'))
    south.runner().roster.touchPartners()
    await runTogether([north, south], 3 * dayMs)
    expect(toSouth(north).length).toBeGreaterThan(0)
    expect(toNorth(north)).toEqual([])
    const lying = toSouth(north).flatMap(({ message }) =>
      south.world.held(message.to.address).filter(({ messageId }) => messageId === message.messageId),
    )
    expect(lying.every(({ role, isRead }) => role === 'inbox' && !isRead)).toBe(true)
    expect(stateOf(south, id)).toBe('comparing')
  })

  test('nobody is written to who was only invited', async () => {
    const [north, south] = await twoPools()
    const id = await agree(north, south)
    north.store.write(writes => writes.run('UPDATE warmup_partners SET confirmed_at = NULL'))
    north.runner().roster.touchPartners()
    await runTogether([north, south], 2 * dayMs)
    expect([...toSouth(north), ...toNorth(north)]).toEqual([])
    expect(stateOf(south, id)).toBe('waiting')
  })
})

describe('what does not come from the partner', () => {
  test('gets no answer and is left where it lies', async () => {
    const [north, south] = await twoPools()
    const third = await testPool({ mailboxes: 1, domain: 'third.example', beside: north })
    const id = await agree(north, south, { ours: ['mailbox-0000'] })
    const other = await agree(north, third, { ours: ['mailbox-0000'] })
    await north.settle()
    const [key, otherKey] = [await keyOf(north, id), await keyOf(north, other)]
    const expiresAt = north.clock.now() + 30 * dayMs
    const to = 'writer0@north.example'
    const south0 = 'writer0@south.example'
    const genuine = signed(key, { id: '<genuine@south.example>', from: south0, to }, expiresAt)
    const forgeries: (readonly [string, ReturnType<typeof signed>])[] = [
      // The key of another pair under the name of this one, and the other way about.
      [
        to,
        {
          ...genuine,
          headers: {
            ...genuine.headers,
            'Message-ID': '<a@x.example>',
            [tokenHeader(key)]: signToken(
              { messageId: '<a@x.example>', sender: south0, recipient: to, threadId: '<a@x.example>' },
              expiresAt,
              otherKey,
            ),
          },
        },
      ],
      [to, signed(otherKey, { id: '<b@x.example>', from: south0, to }, expiresAt)],
      // Theirs, but in no agreement; and to a mailbox they were not given.
      [to, signed(key, { id: '<c@x.example>', from: 'boss@south.example', to }, expiresAt)],
      [
        'writer1@north.example',
        signed(key, { id: '<d@x.example>', from: south0, to: 'writer1@north.example' }, expiresAt),
      ],
      // Made for somebody else, or for another message.
      [to, signed(key, { id: '<e@x.example>', from: south0, to: 'writer1@south.example' }, expiresAt)],
      [to, { ...genuine, headers: { ...genuine.headers, 'Message-ID': '<f@x.example>' } }],
      [to, { ...genuine, headers: { ...genuine.headers, From: 'mallory@else.example' } }],
      [to, signed(key, { id: '<g@x.example>', from: south0, to }, north.clock.now() - 1)],
      // Our own words, sent back to us.
      [to, signed(key, { id: '<h@x.example>', from: to, to }, expiresAt)],
      [
        to,
        {
          ...genuine,
          headers: { ...genuine.headers, 'Message-ID': '<i@x.example>', [tokenHeader(key)]: 'x' },
        },
      ],
    ]
    for (const [address, message] of forgeries) north.world.deliver(address, message)
    await north.runDays(3)
    expect(toSouth(north).filter(({ message }) => message.inReplyTo !== null)).toEqual([])
    expect(booksOf(north).filter(({ fromNo }) => fromNo < 0)).toEqual([])
    for (const { headers, role, isRead } of [to, 'writer1@north.example'].flatMap(one =>
      north.world.held(one),
    )) {
      if (!/@x\.example>$|else\.example/.test(`${headers.get('message-id')} ${headers.get('from')}`)) continue
      expect({ role, isRead }).toEqual({ role: 'junk', isRead: false })
    }
    const reasons = north.activity('token-refused').map(({ facts }) => facts['reason'])
    expect(reasons).toHaveLength(forgeries.length)
    expect(new Set(reasons)).toEqual(
      new Set(['forged', 'other-mailbox', 'other-message', 'expired', 'malformed']),
    )

    // The genuine one is answered at most once, however often it comes.
    for (let copy = 0; copy < 3; copy += 1) north.world.deliver(to, genuine)
    await north.runDays(4)
    const known = booksOf(north).filter(({ fromNo }) => fromNo < 0)
    expect(known.map(({ messageId }) => messageId)).toEqual(['<genuine@south.example>'])
    const answers = toSouth(north).filter(({ message }) => message.inReplyTo === '<genuine@south.example>')
    expect(answers.length).toBeLessThanOrEqual(1)
    expect(
      north.world
        .held(to)
        .filter(({ role, messageId }) => messageId === '<genuine@south.example>' && role === 'junk'),
    ).toHaveLength(3)
    for (const pool of [north, south, third]) await pool.stop()
  })

  test('gets none either after the agreement ended, on whichever side', async () => {
    const [north, south] = await twoPools()
    const id = await agree(north, south)
    await runTogether([north, south], 3 * dayMs)
    await revokePartner(north.agreements(), id)
    north.runner().roster.touchPartners()
    const [before, back] = [toSouth(north).length, toNorth(north).length]
    await runTogether([north, south], 3 * dayMs)
    expect(toSouth(north)).toHaveLength(before)
    // South does not know yet, and writes on.
    expect(toNorth(north).length).toBeGreaterThan(back)
  })
})

describe('a partner that is silent', () => {
  test('is written to no more after a week, until it writes or a person says so', async () => {
    const [north, south] = await twoPools()
    const id = await agree(north, south)
    await runTogether([north, south], 3 * dayMs)
    // Its machine is off from here on.
    await north.runDays(12)
    expect(stateOf(north, id)).toBe('silent')
    const stopped = toSouth(north).length
    await north.runDays(3)
    expect(toSouth(north)).toHaveLength(stopped)
    valueOf(goOnWith(north.agreements(), id))
    north.runner().roster.touchPartners()
    expect(stateOf(north, id)).toBe('on')
    await north.runDays(12)
    expect(toSouth(north).length).toBeGreaterThan(stopped)
    expect(stateOf(north, id)).toBe('silent')
    const key = await keyOf(north, id)
    const from = 'writer0@south.example'
    const to = 'writer0@north.example'
    north.world.deliver(to, signed(key, { id: '<back@south.example>', from, to }, north.clock.now() + dayMs))
    await north.settle()
    expect(stateOf(north, id)).toBe('on')
    await north.stop()
    await south.stop()
  })
})

async function oneUnknown(keepsCopies: boolean) {
  const [north, south] = await twoPools(1)
  if (keepsCopies) north.world.keepCopies('writer0@north.example')
  await agree(north, south)
  north.world.decide(() => ({ outcome: { state: 'unknown', reason: 'net.closed' } }))
  while (toSouth(north).length === 0) await north.runDays(0.25)
  north.world.decide(() => ({}))
  return { north, south, first: toSouth(north)[0]?.message.messageId ?? '' }
}

function entryOf(pool: TestPool, messageId: string): Book | undefined {
  return booksOf(pool).find(one => one.messageId === messageId)
}

describe('a message to a partner whose outcome nobody knows', () => {
  test('is found among the copies of our own server', async () => {
    const { north, south, first } = await oneUnknown(true)
    await north.runDays(0.1)
    expect(entryOf(north, first)).toMatchObject({ state: 'accepted', placement: null, chore: null })
    expect(north.activity('settled-sent')).toHaveLength(1)
    await north.stop()
    await south.stop()
  })

  test('stays unknown where there are none, and is never sent again', async () => {
    const { north, south, first } = await oneUnknown(false)
    await north.runDays(3)
    expect(entryOf(north, first)).toMatchObject({ state: 'unknown', placement: null, chore: null })
    expect(north.activity('settled-unknown')).toHaveLength(1)
    expect(toSouth(north).filter(({ message }) => message.messageId === first)).toHaveLength(1)
    await north.stop()
    await south.stop()
  })

  test('went out after all when the partner answers it', async () => {
    const { north, south, first } = await oneUnknown(false)
    const key = await keyOf(north, findPartnerId(north))
    const [from, to, id] = ['writer0@south.example', 'writer0@north.example', '<answer@south.example>']
    const subject = { messageId: id, sender: from, recipient: to, threadId: first }
    north.world.deliver(to, {
      headers: {
        'Message-ID': id,
        From: from,
        To: to,
        'In-Reply-To': first,
        References: first,
        [tokenHeader(key)]: signToken(subject, north.clock.now() + dayMs, key),
      },
      body: 'Yes.',
    })
    await north.settle()
    expect(entryOf(north, first)).toMatchObject({ state: 'accepted', placement: null, chore: null })
    await north.stop()
    await south.stop()
  })
})

/** Runs until south owes an answer to north, and starts south anew then. */
async function owing(keepsCopies: boolean) {
  const [north, south] = await twoPools()
  if (keepsCopies) for (const { address } of south.mailboxes) south.world.keepCopies(address)
  await agree(north, south)
  const owed = () => {
    const books = booksOf(south)
    const writers = new Set(books.filter(({ state }) => state === 'accepted').map(({ fromNo }) => fromNo))
    return books.filter(
      ({ fromNo, toNo, replyDueAt, repliedBy }) =>
        fromNo < 0 && writers.has(toNo) && replyDueAt !== null && repliedBy === null,
    )
  }
  for (let step = 0; step < 400 && owed().length === 0; step += 1) await runTogether([north, south], hourMs)
  const open = owed().map(({ messageId }) => messageId)
  expect(open.length).toBeGreaterThan(0)
  await south.restart()
  await runTogether([north, south], 4 * dayMs)
  const answers = (messageId: string) =>
    toNorth(north).filter(({ message }) => message.inReplyTo === messageId).length
  const counts = open.map(answers)
  await north.stop()
  await south.stop()
  return counts
}

describe('an answer that a machine owes when it starts anew', () => {
  test('is left out where no server could tell that it went out before', async () => {
    expect((await owing(false)).every(count => count === 0)).toBe(true)
  })

  test('is given once where our server keeps copies and has none of it', async () => {
    const counts = await owing(true)
    expect(counts.every(count => count <= 1)).toBe(true)
    expect(counts.some(count => count === 1)).toBe(true)
  })
})

function findPartnerId(pool: TestPool): string {
  return allPartners(pool.store)[0]?.id ?? ''
}

function fail(): never {
  throw new Error('It is not there.')
}
