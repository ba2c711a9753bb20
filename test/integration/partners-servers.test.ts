import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MailWorld } from '#engine/net/mail-world.ts'
import type { Clock } from '#engine/platform.ts'
import { accessTo } from '../helpers/mail-access.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { pacedWorld } from '../helpers/paced-world.ts'
import { agree } from '../helpers/partners.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { runTogether, testPool, type TestPool } from '../helpers/warmup-pool.ts'

const problem = mailServersProblem()
if (problem !== null) noteSkipped('Partners with Dovecot and Postfix', problem)

const hourMs = 60 * 60_000
/** A mailbox of the second person, whose filter takes everything for junk. */
const junkUser = 3

type Book = {
  messageId: string
  fromNo: number
  toNo: number
  depth: number
  refs: string
  state: string
  placement: string | null
  rescuedAt: number | null
  subject: string
}

function books({ store }: TestPool): Book[] {
  return store.all<Book>(
    `SELECT message_id AS messageId, from_no AS fromNo, to_no AS toNo, depth, refs, state, placement,
       rescued_at AS rescuedAt, subject FROM warmup_messages`,
  )
}

describe.runIf(problem === null)('two people on Dovecot and Postfix', () => {
  let servers: MailServers
  beforeAll(async () => {
    servers = await startMailServers({ users: 4, junkFor: [junkUser] })
  })
  afterAll(async () => {
    await servers?.stop()
  })

  test('write across, rescue, answer with what they quote, and tell where a message lay', {
    timeout: 240_000,
  }, async () => {
    const paced = pacedWorld()
    let shared: (MailWorld & { busy(): number }) | null = null
    // One world for both, or each would wait for what the other is told.
    const world = (clock: Clock) => (shared ??= paced.world(clock))
    const poolOf = (firstUser: number, beside?: TestPool) =>
      testPool({
        mailboxes: 2,
        settings: { replyRate: 0.6 },
        ...(beside === undefined ? {} : { beside }),
        servers: {
          world,
          addressOf: index => servers.address(firstUser + index),
          access: index => accessTo(servers, firstUser + index),
        },
      })
    const north = await poolOf(1)
    const south = await poolOf(junkUser, north)
    await agree(north, south)
    const reported = () => books(north).filter(one => one.toNo < 0 && one.placement !== null)
    const isEnough = () => reported().some(({ placement }) => placement === 'junk')
    for (let step = 0; step < 60 && !isEnough(); step += 1) await runTogether([north, south], 4 * hourMs)
    expect(isEnough()).toBe(true)

    const sent = books(north).filter(one => one.toNo < 0)
    expect(sent.every(({ state }) => state === 'accepted')).toBe(true)
    const theirs = new Map(books(south).map(one => [one.messageId, one]))
    for (const { messageId, placement, subject } of sent) {
      const there = theirs.get(messageId)
      expect(there).toMatchObject({ state: 'accepted', subject })
      if (placement !== null) expect(there?.placement).toBe(placement)
    }
    const junk = [...theirs.values()].filter(one => one.fromNo < 0 && one.placement === 'junk')
    expect(junk.some(({ rescuedAt }) => rescuedAt !== null)).toBe(true)
    const lying = (await servers.messages(junkUser)).filter(({ messageId }) =>
      junk.some(one => one.messageId === messageId && one.rescuedAt !== null),
    )
    expect(lying.length).toBeGreaterThan(0)
    expect(lying.every(({ folder }) => folder !== 'Junk')).toBe(true)

    const [answer] = books(north).filter(one => one.fromNo < 0 && one.depth > 1)
    const chain: string[] = JSON.parse(answer?.refs ?? '[]')
    const seen = await servers.headers(answer?.toNo ?? 0, answer?.messageId ?? '', ['references', 'subject'])
    expect(seen['references']?.match(/<[^>]+>/g)).toEqual(chain)
    expect(seen['subject']).toMatch(/^Re: /)
    await north.stop()
    await south.stop()
  })
})
