import type { Socket } from 'node:net'
import { replyFacts } from '../net/classify.ts'
import type { Lines } from '../net/lines.ts'
import { limits } from '../net/limits.ts'
import { addressLiteral } from '../net/smtp-probe.ts'
import { meaningOfSmtpReply, type SmtpMoment } from '../net/smtp-replies.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import { foreignTrouble, readTrouble } from './foreign.ts'
import type { TestContext } from './options.ts'

export type SmtpReply = { readonly code: number; readonly lines: readonly string[]; readonly text: string }

type Waiting = Pick<TestContext, 'deadline' | 'waits'>

/** Reads one reply of one or more lines (RFC 5321 §4.2.1). Fails with a `net.` code or `server.misbehaves`. */
export async function readReply(
  lines: Lines,
  { deadline, waits }: Waiting,
  waitMs = waits.replyMs,
): Promise<Stage<SmtpReply>> {
  const read: string[] = []
  let size = 0
  for (;;) {
    const next = await lines.next(deadline, waitMs)
    if (next.kind === 'ended') return readTrouble(next, lines.heard())
    size += next.text.length
    if (size > limits.mailReplyBytes) return trouble('net.too-much-data')
    const [, code = '', separator = ''] = /^(\d{3})([ -]|$)/.exec(next.text) ?? []
    if (code === '') return trouble('server.misbehaves', next.text)
    read.push(next.text)
    if (separator !== '-') return done({ code: Number(code), lines: read, text: read.join('\n') })
  }
}

/** A reply of class 4 or 5 as what it means at this moment. */
export function refusal(moment: SmtpMoment, reply: SmtpReply): ReturnType<typeof trouble> {
  const code = meaningOfSmtpReply(moment, reply.text)
  return { ok: false, trouble: { code, evidence: reply.text, facts: replyFacts(reply.text), moment } }
}

/** Reads the greeting, and tells another protocol by its first line. */
export async function readGreeting(
  lines: Lines,
  waiting: Waiting,
  waitMs: number,
): Promise<Stage<SmtpReply>> {
  const reply = await readReply(lines, waiting, waitMs)
  if (!reply.ok) {
    const { code, evidence } = reply.trouble
    const foreign = evidence === null ? null : foreignTrouble(evidence, 'smtp')
    return code === 'server.misbehaves' || code === 'net.closed' ? (foreign ?? reply) : reply
  }
  const foreign = foreignTrouble(reply.value.text, 'smtp')
  if (foreign) return foreign
  return reply.value.code === 220 ? reply : refusal('greeting', reply.value)
}

/** Says EHLO, greeting by our address because a desktop has no name of its own (RFC 5321 §4.1.3). */
export async function sayHello(socket: Socket, lines: Lines, waiting: Waiting): Promise<Stage<SmtpReply>> {
  socket.write(`EHLO ${ownName(socket)}\r\n`)
  const reply = await readReply(lines, waiting)
  if (!reply.ok) return reply
  return reply.value.code === 250 ? reply : refusal('hello', reply.value)
}

export function ownName(socket: Socket): string {
  return addressLiteral(socket.localAddress ?? '127.0.0.1')
}

/** The keywords of EHLO without the greeting, upper case. */
export function extensionsOf(hello: SmtpReply): string[] {
  return hello.lines.slice(1).map(line => line.slice(4).trim().toUpperCase())
}

/** The SASL mechanisms of EHLO (RFC 4954 §3), also in the old form with an equals sign. */
export function mechanismsOf(hello: SmtpReply): string[] {
  return extensionsOf(hello)
    .filter(line => /^AUTH[ =]/.test(line))
    .flatMap(line => line.slice(5).split(/\s+/))
    .filter(name => name !== '')
}

/**
 * Asks for TLS (RFC 3207). Whatever stands after the reply was put there by somebody else (RFC 3207 §6, CVE-2011-0411):
 * fails with `tls.starttls-injected`.
 */
export async function startTls(socket: Socket, lines: Lines, waiting: Waiting): Promise<Stage<SmtpReply>> {
  socket.write('STARTTLS\r\n')
  const reply = await readReply(lines, waiting)
  if (!reply.ok) return reply
  if (reply.value.code !== 220) return refusal('starttls', reply.value)
  return lines.unread() > 0 ? trouble('tls.starttls-injected', reply.value.text) : reply
}
