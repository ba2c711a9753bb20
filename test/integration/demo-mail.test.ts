import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { startDemoServers } from '#engine/demo/servers/mail-servers.ts'
import { createPostOffice, type Fate, type PostOffice } from '#engine/demo/servers/post-office.ts'
import { limits } from '#engine/net/limits.ts'
import type { MailAccess } from '#engine/net/mail-world.ts'
import { becomes, loopbackWorld, mailAccess, noSignal, outgoing, watched } from '../helpers/mail-access.ts'
import { valueOf } from '../helpers/engine.ts'

/* The mail servers of the demo, spoken to by the exchange that speaks to real ones. */

const usualFate: Fate = { reply: '250 2.0.0 Taken', folder: 'INBOX' }
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function start(fate: () => Fate = () => usualFate): Promise<{
  office: PostOffice
  accessOf(number: number): MailAccess
  ports: { smtpPort: number; imapPort: number }
}> {
  const office = createPostOffice(['user1@a.test', 'user2@a.test'], {
    now: Date.now,
    mayLogIn: (_user, password) => password !== 'wrong',
    fateOf: fate,
  })
  const ports = await startDemoServers(office)
  ends.push(ports.close)
  return {
    office,
    ports,
    accessOf: number => mailAccess(number, { ...ports, host: '127.0.0.1', password: 'any' }),
  }
}

function watching(access: MailAccess) {
  const watch = watched(loopbackWorld(), access)
  ends.push(watch.stop)
  return watch
}

test('a message arrives while its recipient is watched, is read, marked, filed and tidied away', async () => {
  const { office, accessOf } = await start()
  const { mail, seen, states } = watching(accessOf(2))
  await becomes('watched', () => states.some(({ kind }) => kind === 'watching'))
  const message = outgoing('user1@a.test', 'user2@a.test', { text: 'Hello\n\n.a line with a dot\nümlaut\n' })
  expect(await loopbackWorld().send(accessOf(1), message, noSignal)).toMatchObject({ state: 'accepted' })
  await becomes('seen', () => seen.length === 1)
  const [one] = seen
  if (one === undefined) throw new Error('nothing was seen')
  expect(one).toMatchObject({ messageId: message.messageId, role: 'inbox', isRead: false })
  expect(one.headers.get('x-token')).toBe(message.headers['X-Token'])
  const raw = Buffer.from(valueOf(await mail.read(one, 100_000, noSignal))).toString('utf8')
  expect(raw).toContain('\r\n.a line with a dot\r\n')
  valueOf(await mail.markRead(one, { flagged: true, important: true }, noSignal))
  expect([...(office.foldersOf('user2@a.test')?.get('INBOX')?.messages[0]?.flags ?? [])]).toEqual([
    '\\Seen',
    '\\Flagged',
    '$Important',
  ])
  valueOf(await mail.file(one, noSignal))
  expect(valueOf(await mail.find({ messageId: message.messageId }, noSignal))).toMatchObject({
    role: 'ours',
    isRead: true,
  })
  expect(office.foldersOf('user2@a.test')?.get('INBOX')?.messages).toEqual([])
  expect(valueOf(await mail.tidy(Date.now() + 60_000, 10, () => true, noSignal))).toBe(1)
  expect(valueOf(await mail.find({ messageId: message.messageId }, noSignal))).toBeNull()
})

test('a message in junk is found there and rescued into the inbox', async () => {
  const { accessOf } = await start(() => ({ ...usualFate, folder: 'Junk' }))
  const world = loopbackWorld({
    watchWaits: { roundMs: 200, turnMs: 200, retryMs: 50, retryMostMs: 100, lingerMs: 50 },
  })
  const watch = watched(world, accessOf(2))
  ends.push(watch.stop)
  await becomes('watched', () => watch.states.length > 0)
  const message = outgoing('user1@a.test', 'user2@a.test')
  await world.send(accessOf(1), message, noSignal)
  await becomes('seen', () => watch.seen.length > 0)
  const [one] = watch.seen
  expect(one).toMatchObject({ role: 'junk', messageId: message.messageId })
  if (one === undefined) throw new Error('nothing was seen')
  expect(valueOf(await watch.mail.rescue(one, noSignal))).toMatchObject({ role: 'inbox' })
})

test('a server that asks to wait, and a password that is refused, are told as such', async () => {
  const { accessOf, ports } = await start(() => ({ reply: '421 4.7.0 Slow down', folder: null }))
  const world = loopbackWorld()
  expect(await world.send(accessOf(1), outgoing('user1@a.test', 'user2@a.test'), noSignal)).toMatchObject({
    state: 'refused',
    code: 421,
    line: expect.stringContaining('Slow down'),
  })
  const wrong = mailAccess(2, { ...ports, host: '127.0.0.1', password: 'wrong' })
  expect(await world.send(wrong, outgoing('user2@a.test', 'user1@a.test'), noSignal)).toMatchObject({
    state: 'refused',
    at: 'login',
  })
  const { states } = watching(wrong)
  await becomes('refused', () => states.some(({ kind }) => kind === 'refused'))
})

/** Says something and gives what comes back until the server hangs up or falls silent. */
async function say(port: number, text: string): Promise<{ answer: string; closed: boolean }> {
  return await new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    const silent = setTimeout(() => {
      socket.destroy()
      resolve({ answer, closed: false })
    }, 400)
    socket.on('data', chunk => (answer += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(silent)
      resolve({ answer, closed: true })
    })
    socket.write(text)
  })
}

test('nobody sends without a login, under another address, or to somebody else', async () => {
  const { ports } = await start()
  const login = Buffer.from('\0user1@a.test\0any').toString('base64')
  const { answer } = await say(
    ports.smtpPort,
    `MAIL FROM:<user1@a.test>\r\nAUTH PLAIN ${login}\r\nMAIL FROM:<user2@a.test>\r\nMAIL FROM:<user1@a.test>\r\nRCPT TO:<else@b.test>\r\nDATA\r\n`,
  )
  expect(answer.split('\r\n').map(line => line.slice(0, 3))).toEqual([
    '220',
    '530',
    '235',
    '553',
    '250',
    '550',
    '503',
    '',
  ])
})

test('what is beyond every bound ends the connection', async () => {
  const { ports } = await start()
  const endless = 'a'.repeat(limits.demoLineBytes + 1)
  expect((await say(ports.smtpPort, endless)).closed).toBe(true)
  expect((await say(ports.imapPort, endless)).closed).toBe(true)
  expect((await say(ports.imapPort, `a LOGIN {${limits.demoMessageBytes + 1}}\r\n`)).closed).toBe(true)
  expect(await say(ports.imapPort, 'a SELECT INBOX\r\n')).toMatchObject({
    closed: false,
    answer: expect.stringContaining('a BAD'),
  })
})

test('literals, quotes and lists are read as they are meant', async () => {
  const { office, ports } = await start()
  const { answer } = await say(
    ports.imapPort,
    [
      'a LOGIN "user1@a.test" {3}',
      'any',
      'b CREATE "A \\"new\\" one"',
      'c APPEND INBOX (\\Seen) {35+}',
      'Message-ID: <x@a.test>\r\n\r\nHello you',
      'd SELECT INBOX',
      'e UID SEARCH HEADER Message-ID "<x@a.test>" NOT UNSEEN',
      'f FETCH 1 (FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])',
      'g LOGOUT',
      '',
    ].join('\r\n'),
  )
  expect(answer).toContain('* SEARCH 1\r\n')
  expect(answer).toContain(
    '* 1 FETCH (FLAGS (\\Seen) BODY[HEADER.FIELDS (MESSAGE-ID)] {26}\r\nMESSAGE-ID: <x@a.test>',
  )
  expect([...(office.foldersOf('user1@a.test')?.keys() ?? [])]).toContain('A "new" one')
})
