import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessTo } from '../helpers/mail-access.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { noteSkipped } from '../helpers/skipped.ts'
import { type SmtpRelay, startSmtpRelay } from '../helpers/smtp-relay.ts'
import { pacedWorld } from '../helpers/paced-world.ts'
import { numberOf, testPool } from '../helpers/warmup-pool.ts'

const problem = mailServersProblem()
if (problem !== null) noteSkipped('A month of warmup with Dovecot and Postfix', problem)

const dayMs = 24 * 60 * 60_000
const mailboxes = 10
const days = Number(process.env['ROOKERY_WARMUP_DAYS'] ?? 30)
/** Its filter takes everything for junk. */
const junkUser = 3
/** What it sends comes back for a while. */
const bouncedUser = 5
/** More than one in twenty of what a mailbox sends in a month. */
const mostBounced = 10

describe.runIf(problem === null)('ten mailboxes on Dovecot and Postfix', () => {
  let servers: MailServers
  let relay: SmtpRelay
  beforeAll(async () => {
    servers = await startMailServers({ users: mailboxes, junkFor: [junkUser] })
  })
  afterAll(async () => {
    await relay?.close()
    await servers?.stop()
  })

  test(`${days} days: every message once, threads whole, junk rescued, waits and pauses for their reasons`, {
    timeout: 900_000,
  }, async () => {
    let messages = 0
    relay = await startSmtpRelay(servers.ports.smtp, envelope => {
      messages += 1
      // A server asks to wait now and then; of one mailbox the messages come back until that is more than it may be.
      if (messages % 25 === 0) return 'limit'
      const comesBack = messages > 40 && (relay?.bounced.length ?? 0) < mostBounced
      return comesBack && new RegExp(`MAIL FROM:<user${bouncedUser}@`, 'i').test(envelope) ? 'bounce' : 'pass'
    })
    const { world, told } = pacedWorld(relay)
    const pool = await testPool({
      mailboxes,
      seed: 'a month on real servers',
      servers: {
        world,
        addressOf: index => servers.address(index + 1),
        access: index => {
          const access = accessTo(servers, index + 1)
          const { connection } = access
          const smtp = { ...connection.smtp, server: { ...connection.smtp.server, port: relay.port } }
          return { ...access, connection: { ...connection, smtp } }
        },
      },
    })
    // Nothing is deleted, so that in the end everything can be counted.
    pool.settings.tidyAfterDays = 365
    await pool.runDays(days)

    const books = pool.store.all<{
      messageId: string
      state: string
      fromNo: number
      outcomeAt: number | null
      toNo: number
      depth: number
      refs: string
      rescued: number | null
      placement: string | null
    }>(
      'SELECT message_id AS messageId, state, from_no AS fromNo, outcome_at AS outcomeAt, to_no AS toNo, depth, refs, rescued_at AS rescued, placement FROM warmup_messages',
    )
    const lying = new Map<string, { folder: string; user: number }[]>()
    for (let user = 1; user <= mailboxes; user += 1) {
      for (const { folder, messageId } of await servers.messages(user)) {
        const places = lying.get(messageId) ?? []
        lying.set(messageId, [...places, { folder, user }])
      }
    }
    const accepted = books.filter(
      ({ state, messageId }) => state === 'accepted' && !relay.bounced.includes(messageId),
    )
    expect(accepted.length).toBeGreaterThan(4 * days)
    for (const { messageId } of accepted) expect(lying.get(messageId) ?? [], messageId).toHaveLength(1)
    for (const { messageId, state } of books) {
      if (state === 'refused' || state === 'failed' || state === 'dropped')
        expect(lying.get(messageId) ?? [], messageId).toEqual([])
    }
    const known = new Set(books.map(({ messageId }) => messageId))
    const strangers = [...lying.keys()].filter(id => !known.has(id) && !id.startsWith('<report.'))
    expect(strangers).toEqual([])
    expect(told.length).toBeGreaterThanOrEqual(accepted.length)

    const junk = accepted.filter(({ placement }) => placement === 'junk')
    expect(junk.length).toBeGreaterThan(0)
    const rescued = junk.filter(({ rescued }) => rescued !== null)
    expect(rescued.length).toBeGreaterThan(junk.length / 2)
    for (const { messageId } of rescued) expect(lying.get(messageId)?.[0]?.folder).not.toBe('Junk')
    // As a filter learns from it: what was rescued bears the mark of it on the server.
    for (const { messageId } of rescued.slice(0, 3)) {
      const [place] = lying.get(messageId) ?? []
      const { user, folder } = place ?? { user: 0, folder: '' }
      expect(user).toBe(junkUser)
      expect(await servers.flags(user, folder, messageId)).toContain('$NotJunk')
    }

    const byId = new Map(books.map(one => [one.messageId, one]))
    const deep = accepted.filter(({ depth }) => depth >= 3)
    expect(deep.length).toBeGreaterThan(0)
    for (const { messageId, refs, toNo, depth } of deep) {
      const seen = await servers.headers(toNo, messageId, ['in-reply-to', 'references'])
      const chain: string[] = JSON.parse(refs)
      // RFC 5322 §3.6.4: every message of the thread before this one, the first one first, each with its own before it.
      expect(chain).toHaveLength(depth - 1)
      for (const [index, id] of chain.entries())
        expect(JSON.parse(byId.get(id)?.refs ?? 'null')).toEqual(chain.slice(0, index))
      expect(seen['references']?.match(/<[^>]+>/g)).toEqual(chain)
      expect(seen['in-reply-to']).toBe(chain.at(-1))
    }

    expect(relay.limited()).toBeGreaterThan(0)
    const sentBetween = (no: number, from: number, to: number) =>
      accepted.filter(({ fromNo, outcomeAt }) => {
        const at = outcomeAt ?? 0
        return fromNo === no && at > from && at < to
      })
    const limited = pool.activity('rate-limited')
    expect(limited.length).toBeGreaterThan(0)
    for (const { no, at, facts } of limited) {
      expect(facts['reason']).toBe('rate-limited')
      const until = Number(facts['until'])
      expect(until).toBeGreaterThan(at)
      expect(sentBetween(no, at, until)).toEqual([])
    }
    // And goes on by itself: whoever was made to wait before the last days has sent since.
    const lastAt = Math.max(...books.map(({ outcomeAt }) => outcomeAt ?? 0))
    for (const { no, at, facts } of limited.filter(one => one.at < lastAt - 3 * dayMs)) {
      const isHeld = pool.activity('paused').some(one => one.no === no && one.at >= at)
      if (!isHeld) expect(sentBetween(no, Number(facts['until']), lastAt + 1).length).toBeGreaterThan(0)
    }
    expect(relay.bounced.length).toBeGreaterThan(0)
    expect(pool.activity('bounced').map(({ facts }) => facts['messageId'] ?? '').length).toBe(
      relay.bounced.length,
    )
    const bouncedNo = numberOf(pool, bouncedUser - 1)
    expect(new Set(pool.activity('bounced').map(({ no }) => no))).toEqual(new Set([bouncedNo]))
    const paused = pool.activity('paused')
    expect(paused.length).toBeGreaterThan(0)
    expect(pool.activity('resumed').length).toBeGreaterThan(0)
    for (const { no, at, facts } of paused) {
      expect(['bounces-high', 'inbox-share-very-low', 'score-low']).toContain(facts['reason'])
      const end = pool.activity('resumed').find(one => one.no === no && one.at > at)
      if (end !== undefined) expect(end.at).toBeGreaterThanOrEqual(Number(facts['until']))
      expect(sentBetween(no, at, end?.at ?? lastAt + 1)).toEqual([])
    }
    await pool.stop()
  })
})
