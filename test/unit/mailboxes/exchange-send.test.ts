import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { MailAccess, SendOutcome } from '#engine/net/mail-world.ts'
import { fail, ok } from '#shared/failure.ts'
import { canary } from '../../helpers/canary.ts'
import { loopbackWorld, mailAccess, noSignal, outgoing } from '../../helpers/mail-access.ts'
import { freePort } from '../../helpers/ports.ts'
import {
  type Answer,
  drop,
  hang,
  type Mail,
  type ScriptedServer,
  type SmtpWishes,
  startSmtp,
} from '../../helpers/scripted-mail.ts'

const waits = { connectMs: 10_000, replyMs: 10_000, messageMs: 15_000, silenceMs: 200 }
/** Where the time itself is to run out, and what comes before that must not. */
const shortWaits = { ...waits, replyMs: 1_500, messageMs: 2_000 }
const usual = ['PIPELINING', 'SIZE 1000000', 'ENHANCEDSTATUSCODES']
const oneByOne = ['SIZE 1000000', 'ENHANCEDSTATUSCODES']

async function sendTo(
  wishes: SmtpWishes,
  more: {
    readonly text?: string
    readonly signal?: AbortSignal
    readonly access?: Partial<MailAccess>
    readonly waits?: typeof waits
  } = {},
): Promise<{ outcome: SendOutcome; server: ScriptedServer; mail: readonly Mail[] }> {
  const mail: Mail[] = []
  const server = await startSmtp({ mail, ...wishes })
  const world = loopbackWorld({ waits: more.waits ?? waits })
  const access = { ...mailAccess(1, { smtpPort: server.port, imapPort: 1 }), ...more.access }
  const message = outgoing(access.address, 'bert@b.test', more.text === undefined ? {} : { text: more.text })
  const outcome = await world.send(access, message, more.signal ?? noSignal)
  await server.close()
  return { outcome, server, mail }
}

const partly =
  (line: string) =>
  (socket: Socket): void => {
    socket.write(`${line}\r\n`)
    socket.removeAllListeners('data')
    socket.once('data', () => socket.destroy())
  }
/** Confirms a message before it has heard the end. */
const early = (socket: Socket): void => {
  socket.write('354 go on\r\n')
  socket.removeAllListeners('data')
  socket.once('data', () => socket.write('250 2.0.0 thanks\r\n'))
}
const reset = (socket: Socket): void => void socket.resetAndDestroy()

type Case = readonly [what: string, wishes: SmtpWishes, outcome: object]

const answering = (start: string, answer: Answer): SmtpWishes => ({ answers: { [start]: answer } })
const refused = (at: string, code: number) => ({ state: 'refused', at, code })
const failed = (reason: string | RegExp) => ({
  state: 'failed',
  reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
  offline: false,
})

const gone = /^net\.(?:closed|reset)$/
const dropped: readonly Case[] = [
  ['at the greeting', { greeting: drop }, failed(gone)],
  ['at EHLO', answering('EHLO', drop), failed(gone)],
  ['at AUTH', answering('AUTH', drop), failed(gone)],
  ['at MAIL', answering('MAIL FROM', drop), failed(gone)],
  ['at RCPT', answering('RCPT TO', drop), failed(gone)],
  ['at DATA', answering('DATA', drop), failed(gone)],
  ['after the last dot', { onMessage: drop }, { state: 'unknown' }],
  ['after the last dot, with a reset', { onMessage: reset }, { state: 'unknown' }],
]

const silent: readonly Case[] = [
  ['at the greeting', { greeting: hang }, failed('net.silent')],
  ['at EHLO', answering('EHLO', hang), failed('net.no-reply')],
  ['at AUTH', answering('AUTH', hang), failed('net.no-reply')],
  ['at MAIL', answering('MAIL FROM', hang), failed('net.no-reply')],
  ['at RCPT', answering('RCPT TO', hang), failed('net.no-reply')],
  ['at DATA', answering('DATA', hang), failed('net.no-reply')],
  ['after the last dot', { onMessage: hang }, { state: 'unknown' }],
]

const refusals: readonly Case[] = [
  ['421 for a greeting', { greeting: '421 4.7.0 too busy' }, refused('greeting', 421)],
  ['554 for a greeting', { greeting: '554 5.7.1 not you' }, refused('greeting', 554)],
  ['421 to EHLO', answering('EHLO', '421 4.3.2 going down'), refused('greeting', 421)],
  ['550 to EHLO', answering('EHLO', '550 5.7.1 no'), refused('greeting', 550)],
  ['454 to AUTH', answering('AUTH', '454 4.7.0 Too many login attempts'), refused('login', 454)],
  ['535 to AUTH', answering('AUTH', '535 5.7.8 wrong'), refused('login', 535)],
  ['450 to MAIL', answering('MAIL FROM', '450 4.2.1 slowly'), refused('envelope', 450)],
  ['550 to MAIL', answering('MAIL FROM', '550 5.4.5 Daily user sending limit'), refused('envelope', 550)],
  ['452 to RCPT', answering('RCPT TO', '452 4.3.1 full'), refused('envelope', 452)],
  ['550 to RCPT', answering('RCPT TO', '550 5.1.1 nobody'), refused('envelope', 550)],
  ['421 to DATA', answering('DATA', '421 4.7.28 unusual rate'), refused('message', 421)],
  ['554 to DATA', answering('DATA', '554 5.5.1 no'), refused('message', 554)],
  ['451 to the message', answering('.', '451 4.7.500 later'), refused('message', 451)],
  ['550 to the message', answering('.', '550 5.7.1 spam'), refused('message', 550)],
]

describe.each([
  ['one command at a time', oneByOne],
  ['several commands at once', usual],
] as const)('how far one message came, %s', (_name, extensions) => {
  test('taken, with what the server said', async () => {
    const { outcome, mail } = await sendTo({ extensions })
    expect(outcome).toEqual({ state: 'accepted', line: '250 2.0.0 taken' })
    expect(mail).toHaveLength(1)
  })

  test.each(dropped)('the server hangs up %s', async (_what, wishes, outcome) => {
    expect((await sendTo({ extensions, ...wishes })).outcome).toMatchObject(outcome)
  })

  test.concurrent.each(silent)('the server says nothing %s', async (_what, wishes, outcome) => {
    const sent = await sendTo({ extensions, ...wishes }, { waits: shortWaits })
    expect(sent.outcome).toMatchObject(outcome)
  })

  test.each(refusals)('%s', async (_what, wishes, outcome) => {
    const { outcome: seen, mail } = await sendTo({ extensions, ...wishes })
    expect(seen).toMatchObject(outcome)
    // Where the envelope came in one go, a careless server may still have been given an empty message.
    expect(mail.filter(({ id }) => id !== '')).toEqual([])
  })
})

test('hanging up in the middle of a message that was not sent whole is no question', async () => {
  const { outcome } = await sendTo(
    { extensions: oneByOne, answers: { DATA: partly('354 go on') } },
    { text: 'a line of a long message\n'.repeat(800_000) },
  )
  expect(outcome).toMatchObject({ state: 'failed' })
})

test('a word of thanks before the end of the message settles nothing', async () => {
  const { outcome } = await sendTo(
    { extensions: oneByOne, answers: { DATA: early } },
    { text: 'a line of a long message\n'.repeat(800_000) },
  )
  expect(outcome).toEqual({ state: 'unknown', reason: 'server.misbehaves' })
})

test('a cancel before the message is handed over says not sent, after it unknown', async () => {
  const early = new AbortController()
  const first = await sendTo({ answers: { 'RCPT TO': () => early.abort() } }, { signal: early.signal })
  expect(first.outcome).toEqual({ state: 'failed', reason: 'test.cancelled', offline: false })
  const late = new AbortController()
  const second = await sendTo({ onMessage: () => late.abort() }, { signal: late.signal })
  expect(second.outcome).toMatchObject({ state: 'unknown' })
  const before = new AbortController()
  before.abort()
  const third = await sendTo({}, { signal: before.signal })
  expect(third.outcome).toMatchObject({ state: 'failed', reason: 'test.cancelled' })
  expect(third.server.lines).toEqual([])
})

test('without a credential nothing is contacted', async () => {
  const access = { credential: async () => fail('vault-locked', {}, 'later') }
  const { outcome, server } = await sendTo({}, { access })
  expect(outcome).toEqual({ state: 'failed', reason: 'vault-locked', offline: false })
  expect(server.lines).toEqual([])
})

test('a token that a server refuses is renewed once, and the message goes with the new one', async () => {
  const asked: boolean[] = []
  const tokens = (second: string): Partial<MailAccess> => ({
    credential: async (_signal, renew = false) => {
      asked.push(renew)
      return ok({ kind: 'oauth', accessToken: renew ? second : 'an-old-token' })
    },
  })
  const old = Buffer.from('user=user1@a.test\u0001auth=Bearer an-old-token\u0001\u0001').toString('base64')
  const wishes: SmtpWishes = {
    mechanisms: 'XOAUTH2',
    answers: { [`AUTH XOAUTH2 ${old}`.toUpperCase()]: '535 5.7.8 no longer' },
  }
  const { outcome, mail } = await sendTo(wishes, { access: tokens('a-new-token') })
  expect(outcome).toMatchObject({ state: 'accepted' })
  expect(mail).toHaveLength(1)
  expect(asked).toEqual([false, true])
  const refusedAgain = await sendTo(
    { mechanisms: 'XOAUTH2', answers: { AUTH: '535 5.7.8 no' } },
    { access: tokens('a-new-token') },
  )
  expect(refusedAgain.outcome).toMatchObject(refused('login', 535))
  expect(asked).toEqual([false, true, false, true])
})

test('a password that a server gives back is in no line', async () => {
  const { outcome } = await sendTo(answering('AUTH', `535 5.7.8 not ${canary('mail-1')}`))
  expect(outcome).toMatchObject({ state: 'refused', at: 'login' })
  expect(JSON.stringify(outcome)).not.toContain(canary('mail-1'))
})

test('the password goes nowhere unencrypted unless that is allowed', async () => {
  const server = await startSmtp()
  const access = mailAccess(1, { smtpPort: server.port, imapPort: 1, allowPlain: false })
  const outcome = await loopbackWorld({ waits }).send(access, outgoing('a@a.test', 'b@b.test'), noSignal)
  await server.close()
  expect(outcome).toEqual({ state: 'failed', reason: 'tls.plain-not-allowed', offline: false })
  expect(server.lines.join('\n')).not.toMatch(/AUTH/i)
})

test('a server that is not there, and a name that is none', async () => {
  const world = loopbackWorld({ waits })
  const message = outgoing('a@a.test', 'b@b.test')
  const closed = mailAccess(1, { smtpPort: await freePort(), imapPort: 1 })
  expect(await world.send(closed, message, noSignal)).toMatchObject(failed('net.refused'))
  const unknown = mailAccess(1, { smtpPort: 25, imapPort: 1, host: 'smtp.a.test' })
  expect(await world.send(unknown, message, noSignal)).toMatchObject(failed('dns.not-found'))
  const offline = loopbackWorld({
    waits,
    addressesOf: async () => ({ state: 'unavailable', reason: 'network-unreachable' }),
  })
  expect(await offline.send(unknown, message, noSignal)).toMatchObject({ state: 'failed', offline: true })
})

test('a host gets no more connections at once than it may', async () => {
  const mail: Mail[] = []
  const open = new Set<Socket>()
  let most = 0
  const server = await startSmtp({
    mail,
    greeting: socket => void setTimeout(() => socket.write('220 mail.test\r\n'), 20),
    answers: {
      // By its first word, which comes a while after the end of the connection in whose place it came.
      EHLO: socket => {
        open.add(socket)
        most = Math.max(most, open.size)
        socket.once('close', () => open.delete(socket))
        socket.write('250-mail.test\r\n250 AUTH PLAIN LOGIN\r\n')
      },
      QUIT: socket => {
        open.delete(socket)
        socket.end('221 2.0.0 bye\r\n')
      },
    },
  })
  const world = loopbackWorld({ waits, sendsPerHost: 3 })
  const access = mailAccess(1, { smtpPort: server.port, imapPort: 1 })
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, () => world.send(access, outgoing('a@a.test', 'b@b.test'), noSignal)),
  )
  await server.close()
  expect(outcomes.every(({ state }) => state === 'accepted')).toBe(true)
  expect(new Set(mail.map(({ id }) => id)).size).toBe(12)
  expect(most).toBe(3)
})
