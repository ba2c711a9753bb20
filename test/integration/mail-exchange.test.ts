import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MailHandle, SeenMessage } from '#engine/net/mail-world.ts'
import type { Result } from '#shared/failure.ts'
import { accessTo, becomes, loopbackWorld, noSignal, outgoing, watched } from '../helpers/mail-access.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { noteSkipped } from '../helpers/skipped.ts'

const problem = mailServersProblem()
if (problem !== null) noteSkipped('Sending and watching with Dovecot and Postfix', problem)

const junkUser = 2

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

/** Where the message lies once it has arrived. */
async function foundIn(mail: MailHandle, messageId: string): Promise<SeenMessage | null> {
  let found: SeenMessage | null = null
  for (let tries = 0; tries < 100 && found === null; tries++) {
    found = valueOf(await mail.find({ messageId }, noSignal))
    if (found === null) await new Promise(resolve => setTimeout(resolve, 50))
  }
  return found
}

describe.runIf(problem === null)('Dovecot and Postfix', () => {
  let servers: MailServers
  beforeAll(async () => {
    servers = await startMailServers({ users: 30, junkFor: [junkUser] })
  })
  afterAll(async () => {
    await servers?.stop()
  })

  const world = (more = {}) => loopbackWorld({ ca: [servers.caPem], ...more })
  test.each(['plain', 'starttls', 'tls'] as const)(
    'over %s a message is taken and IDLE tells of it, unread, with its headers',
    async security => {
      const to = { plain: 3, starttls: 4, tls: 5 }[security]
      const there = world()
      const recipient = watched(there, accessTo(servers, to, security))
      await becomes('watching', () => recipient.states.some(({ kind }) => kind === 'watching'))
      const message = outgoing(servers.address(1), servers.address(to), {
        subject: 'Grüße',
        inReplyTo: '<b@a.test>',
        references: ['<a@a.test>', '<b@a.test>'],
      })
      const sent = await there.send(accessTo(servers, 1, security), message, noSignal)
      expect(sent).toMatchObject({ state: 'accepted' })
      await becomes('the message', () => recipient.seen.length > 0)
      await recipient.stop()
      const [seen] = recipient.seen
      expect(seen).toMatchObject({
        folder: 'INBOX',
        role: 'inbox',
        messageId: message.messageId,
        isRead: false,
      })
      expect(seen?.headers.get('x-token')).toBe(message.headers['X-Token'])
      expect(seen?.headers.get('references')).toBe('<a@a.test> <b@a.test>')
      expect(seen?.headers.get('in-reply-to')).toBe('<b@a.test>')
      expect(seen?.headers.has('x-mailer')).toBe(false)
      expect(recipient.states.map(({ kind }) => kind)).toEqual(['watching'])
      expect(recipient.places.get('INBOX')?.lastUid).toBe(seen?.uid)
    },
  )

  test('junk is found, rescued with its flags, marked, filed and tidied, each where it then lies', async () => {
    const there = world()
    const recipient = watched(there, accessTo(servers, junkUser))
    const message = outgoing(servers.address(1), servers.address(junkUser))
    await there.send(accessTo(servers, 1), message, noSignal)
    const inJunk = await foundIn(recipient.mail, message.messageId)
    expect(inJunk).toMatchObject({ folder: 'Junk', role: 'junk', isRead: false })
    if (inJunk === null) return

    const rescued = valueOf(await recipient.mail.rescue(inJunk, noSignal))
    expect(rescued).toMatchObject({ folder: 'INBOX', role: 'inbox', messageId: message.messageId })
    if (rescued === null) return
    expect(await recipient.mail.rescue(inJunk, noSignal)).toMatchObject({ failure: { code: 'message-gone' } })
    await becomes('the rescued message as a new one', () => recipient.ids().includes(message.messageId))

    const marks = { flagged: true, important: true }
    expect(await recipient.mail.markRead(rescued, marks, noSignal)).toMatchObject({ ok: true })
    const marked = valueOf(await recipient.mail.find({ messageId: message.messageId }, noSignal))
    expect(marked).toMatchObject({ folder: 'INBOX', isRead: true })
    expect(await servers.flags(junkUser, 'INBOX', message.messageId)).toEqual(
      expect.arrayContaining(['$NotJunk', '\\Seen', '\\Flagged', '$Important']),
    )

    const raw = valueOf(await recipient.mail.read(rescued, 1_000_000, noSignal))
    expect(Buffer.from(raw).toString()).toContain('see you at noon')
    expect(valueOf(await recipient.mail.read(rescued, 100, noSignal))).toHaveLength(100)

    expect(await recipient.mail.file(rescued, noSignal)).toMatchObject({ ok: true })
    const filed = valueOf(await recipient.mail.find({ messageId: message.messageId }, noSignal))
    expect(filed).toMatchObject({ folder: 'Rookery', role: 'ours' })

    const later = Date.now() + 60_000
    const tidy = (before: number, isOurs: (seen: SeenMessage) => boolean) =>
      recipient.mail.tidy(before, 10, isOurs, noSignal)
    expect(valueOf(await tidy(Date.now() - 60_000, () => true))).toBe(0)
    expect(valueOf(await tidy(later, () => false))).toBe(0)
    expect(valueOf(await tidy(later, seen => seen.messageId === message.messageId))).toBe(1)
    expect(valueOf(await recipient.mail.find({ messageId: message.messageId }, noSignal))).toBeNull()
    await recipient.stop()
  })

  test('a copy of what was sent is found where the server keeps them, and is none that arrived', async () => {
    const user = 29
    const messageId = '<copy@a.test>'
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: servers.ports.imap,
      secure: false,
      doSTARTTLS: false,
      auth: { user: servers.address(user), pass: servers.password(user) },
      logger: false,
    })
    await client.connect()
    await client.append('Sent', `Message-ID: ${messageId}\r\nSubject: Hello\r\n\r\nHello.\r\n`, ['\\Seen'])
    await client.logout()
    const sender = watched(world(), accessTo(servers, user))
    await becomes('watching', () => sender.states.some(({ kind }) => kind === 'watching'))
    const found = valueOf(await sender.mail.findSent({ messageId }, noSignal))
    expect(found).toMatchObject({ messageId, role: 'sent', folder: 'Sent' })
    expect(valueOf(await sender.mail.findSent({ messageId: '<other@a.test>' }, noSignal))).toBeNull()
    expect(valueOf(await sender.mail.find({ messageId }, noSignal))).toBeNull()
    await sender.stop()
  })

  test('what came while nobody watched comes once, from the place that was kept', async () => {
    const there = world()
    const ids: string[] = []
    const send = async () => {
      const message = outgoing(servers.address(1), servers.address(6))
      ids.push(message.messageId)
      expect(await there.send(accessTo(servers, 1), message, noSignal)).toMatchObject({ state: 'accepted' })
    }
    await send()
    const first = watched(there, accessTo(servers, 6))
    await becomes('the first', () => first.seen.length === 1)
    await first.stop()
    await Promise.all([send(), send(), send()])
    const second = watched(there, accessTo(servers, 6), [...first.places.values()])
    await becomes('the others', () => second.seen.length === 3)
    await send()
    await becomes('one more', () => second.seen.length === 4)
    await second.stop()
    expect([...first.ids(), ...second.ids()].toSorted()).toEqual(ids.toSorted())
  })

  test('a server that restarts loses and doubles nothing', async () => {
    const there = world({ watchWaits: { retryMs: 100, retryMostMs: 400 } })
    const recipient = watched(there, accessTo(servers, 7))
    await becomes('watching', () => recipient.states.length > 0)
    const send = async () => {
      const message = outgoing(servers.address(1), servers.address(7))
      expect(await there.send(accessTo(servers, 1), message, noSignal)).toMatchObject({ state: 'accepted' })
      return message.messageId
    }
    const before = await send()
    await becomes('the first', () => recipient.seen.length === 1)
    await servers.restartImap(async () => {
      await becomes('offline', () => recipient.states.some(({ kind }) => kind === 'offline'))
    })
    const after = await send()
    await becomes('the second', () => recipient.seen.length === 2, 30_000)
    // What came meanwhile is told before the mailbox is said to be watched again.
    await becomes('watching again', () => recipient.states.at(-1)?.kind === 'watching')
    await recipient.stop()
    expect(recipient.ids()).toEqual([before, after])
    expect(recipient.states.map(({ kind }) => kind)).toEqual(['watching', 'offline', 'watching'])
  })

  test('a folder that is numbered anew is looked at again', async () => {
    const there = world()
    const first = watched(there, accessTo(servers, 8))
    const message = outgoing(servers.address(1), servers.address(8))
    await there.send(accessTo(servers, 1), message, noSignal)
    await becomes('the message', () => first.seen.length === 1)
    await first.stop()
    await servers.renumber(8)
    const second = watched(there, accessTo(servers, 8), [...first.places.values()])
    await becomes('it again', () => second.seen.length === 1)
    await becomes(
      'the new place',
      () => second.places.get('INBOX')?.uidValidity !== first.places.get('INBOX')?.uidValidity,
    )
    expect(second.ids()).toEqual([message.messageId])
    expect(
      await second.mail.markRead(
        first.seen[0] as SeenMessage,
        { flagged: false, important: false },
        noSignal,
      ),
    ).toMatchObject({
      failure: { code: 'message-gone' },
    })
    await second.stop()
  })

  test('a message that was given another Message-ID is found by the header it carries', async () => {
    const there = world()
    const recipient = watched(there, accessTo(servers, 12))
    await becomes('watching', () => recipient.states.some(({ kind }) => kind === 'watching'))
    const message = outgoing(servers.address(1), servers.address(12), { headers: { 'X-Mark': 'abc' } })
    expect(await there.send(accessTo(servers, 1), message, noSignal)).toMatchObject({ state: 'accepted' })
    await becomes('the message', () => recipient.seen.length > 0)
    const find = async (value: string) =>
      valueOf(
        await recipient.mail.find(
          { messageId: '<abc@elsewhere.test>', marks: [{ header: 'x-mark', value }] },
          noSignal,
        ),
      )
    expect(await find('abc')).toMatchObject({ messageId: message.messageId, role: 'inbox' })
    expect(await find('ab')).toBeNull()
    await recipient.stop()
  })

  test('a refused login is told with the server’s words, and tried no more', async () => {
    const there = world({ watchWaits: { retryMs: 50 } })
    const recipient = watched(there, accessTo(servers, 9, 'tls', { password: 'wrong' }))
    await becomes('refused', () => recipient.states.length > 0)
    expect(recipient.states).toEqual([
      { kind: 'refused', line: expect.stringMatching(/authentication failed/i) },
    ])
    expect(await recipient.mail.find({ messageId: '<x@a.test>' }, noSignal)).toMatchObject({
      failure: { code: 'mailbox-unreachable', detail: { reason: 'auth.bad-credentials' } },
    })
    await recipient.stop()
    const sent = await there.send(
      accessTo(servers, 9, 'tls', { password: 'wrong' }),
      outgoing(servers.address(9), servers.address(1)),
      noSignal,
    )
    expect(sent).toMatchObject({ state: 'refused', at: 'login', code: 535 })
  })

  test('only the pinned certificate is taken where nobody vouches for it', async () => {
    const there = loopbackWorld({ watchWaits: { retryMs: 50 } })
    const pinned = watched(there, accessTo(servers, 10, 'tls', { pinnedCertificate: servers.fingerprint }))
    const other = watched(there, accessTo(servers, 11, 'starttls', { pinnedCertificate: 'ab'.repeat(32) }))
    await becomes('both', () => pinned.states.length > 0 && other.states.length > 0)
    expect(pinned.states.map(({ kind }) => kind)).toEqual(['watching'])
    expect(other.states.map(({ kind }) => kind)).toEqual(['offline'])
    await Promise.all([pinned.stop(), other.stop()])
    const sent = await there.send(
      accessTo(servers, 11, 'tls', { pinnedCertificate: 'ab'.repeat(32) }),
      outgoing(servers.address(11), servers.address(1)),
      noSignal,
    )
    expect(sent).toMatchObject({ state: 'failed', reason: 'tls.cert-changed', offline: false })
  })

  test('more mailboxes than connections: all are seen, in turn, within the bound', async () => {
    const there = world({
      seats: { perHost: 8, turnsPerHost: 2 },
      watchWaits: { turnMs: 300, roundMs: 2_000 },
    })
    let most = 0
    const counting = setInterval(() => {
      most = Math.max(most, servers.connections().callers)
    }, 10)
    const mailboxes = Array.from({ length: 14 }, (_, index) => watched(there, accessTo(servers, 13 + index)))
    await becomes('all told', () => mailboxes.every(({ states }) => states.length > 0))
    const kinds = mailboxes.map(({ states }) => states[0]?.kind)
    expect(kinds.filter(kind => kind === 'watching')).toHaveLength(4)
    expect(kinds.filter(kind => kind === 'polling')).toHaveLength(10)
    for (const index of mailboxes.keys()) {
      const message = outgoing(servers.address(1), servers.address(13 + index))
      expect(await there.send(accessTo(servers, 1), message, noSignal)).toMatchObject({ state: 'accepted' })
    }
    await becomes('all seen', () => mailboxes.every(({ seen }) => seen.length === 1))
    // What is asked of a mailbox without a connection gets one.
    const last = mailboxes.at(-1)
    const [seen] = last?.seen ?? []
    if (last && seen) expect(await last.mail.file(seen, noSignal)).toMatchObject({ ok: true })
    clearInterval(counting)
    await Promise.all(mailboxes.map(({ stop }) => stop()))
    // The kernel lists ends that are just being closed beside the next; one connection at a time is for sending.
    expect(most).toBeLessThanOrEqual(8 + 1 + 1)
    expect(most).toBeGreaterThan(4)
    await becomes('every connection closed', () => servers.connections().callers === 0)
  })
})
