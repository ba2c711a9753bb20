import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Credential, MailServer } from '#shared/model/connection.ts'
import { smtpTroubleOf } from '../net/classify.ts'
import { readLines } from '../net/lines.ts'
import { meaningOfTokenStatus } from '../net/imap-replies.ts'
import { partOf } from '../net/deadline.ts'
import { limits } from '../net/limits.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import type { SmtpConnection } from './connect-smtp.ts'
import type { TestContext } from './options.ts'
import { ownName, readReply, refusal } from './smtp-dialogue.ts'

export type SmtpSession = {
  /** MAIL FROM and RCPT TO without a message (RFC 5321 §3.3), taken back with RSET. */
  tryEnvelope(address: string): Promise<Stage<string>>
  /** Hands a message over. `send.unconfirmed` when it was sent whole and the server's word about it never came. */
  send(from: string, to: string, message: Buffer): Promise<Stage<string>>
  /** Says QUIT and closes. */
  close(): Promise<void>
}

const passwordMechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5']
const quitMs = 1_000
const pieceBytes = 16_384
const tokenMethod = 'TOKEN'

/** Logs in with nodemailer on the connection that was looked at. Fails with an `auth.`, `limit.` or `net.` code. */
export async function logInSmtp(
  connection: SmtpConnection,
  { user }: MailServer,
  credential: Credential,
  context: TestContext,
): Promise<Stage<{ readonly session: SmtpSession; readonly mechanism: string }>> {
  const mechanism = mechanismFor(connection, credential)
  if (!mechanism.ok) return mechanism
  const { socket, server, lines } = connection
  const { deadline, waits } = context
  const unread = lines.release()
  // The library greets anew, so it is given the greeting again; a second EHLO is allowed at any time (RFC 5321 §4.1.4).
  socket.unshift(
    Buffer.concat([
      Buffer.from(`${connection.greeting.text.replaceAll('\n', '\r\n')}\r\n`, 'latin1'),
      unread,
    ]),
  )
  let tokenStatus: string | null = null
  const library = new SMTPConnection({
    connection: socket,
    host: server.host,
    port: server.port,
    secure: connection.encrypted,
    secured: connection.encrypted,
    ignoreTLS: true,
    name: ownName(socket),
    connectionTimeout: waits.replyMs,
    greetingTimeout: waits.replyMs,
    // Each call has its own time; in between the connection may idle for as long as IMAP needs.
    socketTimeout: waits.testMs,
    socketCloseTimeout: quitMs,
    maxResponseSize: limits.mailReplyBytes,
    logger: false,
    customAuth: {
      // The library would ask for another token and try again; one attempt is enough to know. Under its own name it would
      // take whatever else the server offers first.
      [tokenMethod]: async ({ auth, sendCommand, resolve, reject }) => {
        const answer = await sendCommand(`AUTH XOAUTH2 ${xoauth2(user, String(auth['accessToken']))}`)
        if (answer.status === 235) return resolve()
        if (answer.status === 334) {
          tokenStatus = tokenStatusIn(answer.text)
          await sendCommand('')
        }
        reject(new Error('refused'))
      },
    },
  })
  let broken: Error | null = null
  const listeners = new Set<(error: Error) => void>()
  library.on('error', (error: Error) => {
    broken ??= error
    for (const listener of listeners) listener(error)
  })
  const end = () => {
    library.close()
    socket.destroy()
  }
  deadline.signal.addEventListener('abort', end, { once: true })

  /** One call of the library, ended also by an error of the connection or by the deadline. */
  const call = <T>(
    moment: Parameters<typeof smtpTroubleOf>[1],
    work: (settle: (error: Error | null | undefined, value?: T) => void) => void,
    waitMs = waits.replyMs,
  ): Promise<Stage<T | undefined>> =>
    new Promise(resolve => {
      const own = partOf(deadline, waitMs)
      const settle = (error: Error | null | undefined, value?: T) => {
        listeners.delete(settle)
        own.signal.removeEventListener('abort', onAbort)
        own.end()
        if (own.signal.aborted) return resolve(overdue())
        resolve(error ? { ok: false, trouble: smtpTroubleOf(error, moment) } : done(value))
      }
      const onAbort = () => settle(null)
      if (broken !== null || own.signal.aborted) return settle(broken)
      listeners.add(settle)
      own.signal.addEventListener('abort', onAbort, { once: true })
      work(settle)
    })
  const overdue = () => trouble(deadline.ended() === 'cancelled' ? 'test.cancelled' : 'net.no-reply')

  const ready = await call('hello', settle => library.connect(error => settle(error)))
  if (!ready.ok) {
    end()
    return ready
  }
  const auth =
    credential.kind === 'oauth'
      ? { user, accessToken: credential.accessToken, method: tokenMethod }
      : { user, method: mechanism.value, credentials: { user, pass: credential.password } }
  const loggedIn = await call('login', settle => library.login(auth, error => settle(error)))
  if (!loggedIn.ok) {
    end()
    const { code, evidence, facts } = loggedIn.trouble
    const told = { ...facts, mechanism: mechanism.value }
    if (tokenStatus !== null && code === 'auth.bad-credentials') {
      return trouble(meaningOfTokenStatus(tokenStatus), evidence, { ...told, status: tokenStatus })
    }
    const means = credential.kind === 'oauth' && code === 'auth.bad-credentials' ? 'auth.token-expired' : code
    return trouble(means, evidence, told)
  }
  return done({ session: { tryEnvelope, send, close }, mechanism: mechanism.value })

  async function tryEnvelope(address: string): Promise<Stage<string>> {
    // The library knows no MAIL without a message: its ears are taken off for the length of three commands.
    const theirs = socket.listeners('data')
    for (const listener of theirs) socket.off('data', listener as (chunk: Buffer) => void)
    const own = readLines(socket, true)
    try {
      return await sayEnvelope(address)
    } finally {
      own.release()
      for (const listener of theirs) socket.on('data', listener as (chunk: Buffer) => void)
      socket.resume()
    }

    async function sayEnvelope(address: string): Promise<Stage<string>> {
      const utf8 = /\P{ASCII}/u.test(address) && connection.extensions.includes('SMTPUTF8') ? ' SMTPUTF8' : ''
      const commands = [
        ['mail', `MAIL FROM:<${address}>${utf8}`],
        ['rcpt', `RCPT TO:<${address}>`],
      ] as const
      let last = ''
      for (const [moment, line] of commands) {
        socket.write(`${line}\r\n`)
        const reply = await readReply(own, context)
        if (!reply.ok) return reply
        if (reply.value.code >= 400) return refusal(moment, reply.value)
        last = reply.value.text
      }
      socket.write('RSET\r\n')
      const reset = await readReply(own, context)
      return reset.ok ? done(last) : reset
    }
  }

  async function send(from: string, to: string, message: Buffer): Promise<Stage<string>> {
    let handedOver = false
    // In pieces, so that the end is not read before the beginning is on its way.
    const body = Readable.from(piecesOf(message))
    body.once('end', () => {
      handedOver = true
    })
    const sent = await call<{ response: string }>(
      'data',
      settle => library.send({ from, to: [to] }, body, (error, info) => settle(error, info)),
      waits.messageMs,
    )
    if (sent.ok) {
      const line = sent.value?.response ?? ''
      // A server that confirms before it has heard the end cannot mean this message.
      return handedOver ? done(line) : trouble('send.unconfirmed', line, { reason: 'server.misbehaves' })
    }
    const { code, evidence } = sent.trouble
    const lost = code.startsWith('net.') || code === 'test.cancelled'
    return handedOver && lost ? trouble('send.unconfirmed', evidence, { reason: code }) : sent
  }

  async function close(): Promise<void> {
    deadline.signal.removeEventListener('abort', end)
    if (!socket.destroyed && broken === null) {
      const closed = new Promise<void>(resolve => {
        socket.once('close', () => resolve())
        setTimeout(resolve, quitMs).unref()
      })
      library.quit()
      await closed
    }
    end()
  }
}

function* piecesOf(message: Buffer): Generator<Buffer> {
  for (let at = 0; at < message.length; at += pieceBytes) yield message.subarray(at, at + pieceBytes)
}

/** The mechanism to log in with, by what is offered (RFC 4954 §3) and what there is to log in with. */
function mechanismFor(
  { mechanisms, encrypted, extensions }: SmtpConnection,
  credential: Credential,
): Stage<string> {
  const offered = mechanisms.join(' ')
  if (mechanisms.length === 0) {
    return !encrypted && extensions.includes('STARTTLS')
      ? trouble('auth.encryption-required', extensions.join(', '))
      : trouble('auth.not-offered', extensions.join(', '))
  }
  if (credential.kind === 'oauth') {
    return mechanisms.includes('XOAUTH2')
      ? done('XOAUTH2')
      : trouble('auth.mechanism-unsupported', `AUTH ${offered}`, {
          wanted: 'XOAUTH2',
          offered: [...mechanisms],
        })
  }
  const mechanism = passwordMechanisms.find(name => mechanisms.includes(name))
  if (mechanism) return done(mechanism)
  return mechanisms.every(name => ['XOAUTH2', 'OAUTHBEARER'].includes(name))
    ? trouble('auth.oauth-required', `AUTH ${offered}`)
    : trouble('auth.mechanism-unsupported', `AUTH ${offered}`, {
        wanted: passwordMechanisms,
        offered: [...mechanisms],
      })
}

/** The initial response of XOAUTH2, as Google and Microsoft document it. */
function xoauth2(user: string, accessToken: string): string {
  return Buffer.from(`user=${user}\u0001auth=Bearer ${accessToken}\u0001\u0001`).toString('base64')
}

function tokenStatusIn(base64: string): string {
  try {
    const read: unknown = JSON.parse(Buffer.from(base64.trim(), 'base64').toString('utf8'))
    if (typeof read === 'object' && read !== null && 'status' in read) return String(read.status).slice(0, 40)
  } catch {
    // Not JSON: the refusal that follows says what there is to say.
  }
  return 'unknown'
}
