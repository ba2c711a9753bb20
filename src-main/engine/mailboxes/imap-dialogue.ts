import type { Socket } from 'node:net'
import { limits } from '../net/limits.ts'
import type { Lines } from '../net/lines.ts'
import { meaningOfImapRefusal } from '../net/imap-replies.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import { foreignTrouble, readTrouble } from './foreign.ts'
import type { TestContext } from './options.ts'

type Waiting = Pick<TestContext, 'deadline' | 'waits'>

/** Lines that a server may say before the answer to a command; capabilities are one. */
const mostUntagged = 50

export type ImapGreeting = {
  readonly text: string
  /** Some servers list them in the greeting, and then need not be asked. */
  readonly capabilities: readonly string[] | null
  /** The server counts us as logged in already, as on a tunnel. */
  readonly preauthenticated: boolean
}

/** Reads the greeting (RFC 9051 §7.1), and tells another protocol by its first line. */
export async function readImapGreeting(
  lines: Lines,
  { deadline }: Waiting,
  waitMs: number,
): Promise<Stage<ImapGreeting>> {
  const read = await lines.next(deadline, waitMs)
  if (read.kind === 'ended') {
    const foreign =
      read.partial === '' || read.why === 'late' || read.why === 'too-much'
        ? null
        : foreignTrouble(read.partial, 'imap')
    return foreign ?? readTrouble(read, lines.heard())
  }
  const foreign = foreignTrouble(read.text, 'imap')
  if (foreign) return foreign
  if (/\{\d+\+?\}$/.test(read.text)) return trouble('server.misbehaves', read.text)
  const status = /^\* (\w+)/.exec(read.text)?.[1]?.toUpperCase()
  if (status === 'BYE') {
    const words = read.text.slice(6)
    const responseCode = /\[([A-Z-]+)/i.exec(words)?.[1] ?? null
    const code = meaningOfImapRefusal('greeting', { status, responseCode, words, host: '', oauth: false })
    return trouble(code, read.text)
  }
  const listed = /\[CAPABILITY ([^\]]*)\]/i.exec(read.text)?.[1]
  return done({
    text: read.text,
    capabilities: listed === undefined ? null : words(listed),
    preauthenticated: status === 'PREAUTH',
  })
}

type Answer = { readonly untagged: readonly string[]; readonly text: string }

/** Sends one command and reads up to its tagged answer. A literal has no business here and is not followed. */
async function command(
  socket: Socket,
  lines: Lines,
  { deadline, waits }: Waiting,
  tag: string,
  line: string,
): Promise<Stage<Answer>> {
  socket.write(`${tag} ${line}\r\n`)
  const untagged: string[] = []
  let size = 0
  for (;;) {
    const read = await lines.next(deadline, waits.replyMs)
    if (read.kind === 'ended') return readTrouble(read, lines.heard())
    size += read.text.length
    if (untagged.length > mostUntagged || size > limits.mailReplyBytes) return trouble('net.too-much-data')
    if (/\{\d+\+?\}$/.test(read.text)) return trouble('server.misbehaves', read.text)
    if (read.text.startsWith(`${tag} `)) {
      const text = read.text.slice(tag.length + 1)
      return /^OK\b/i.test(text) ? done({ untagged, text }) : trouble('server.misbehaves', read.text)
    }
    if (/^\* BYE\b/i.test(read.text)) return trouble('server.unavailable', read.text)
    if (!/^[*+]/.test(read.text)) return trouble('server.misbehaves', read.text)
    untagged.push(read.text)
  }
}

/** Asks for the capabilities, upper case. */
export async function askCapabilities(
  socket: Socket,
  lines: Lines,
  waiting: Waiting,
  tag = 'R1',
): Promise<Stage<readonly string[]>> {
  const answer = await command(socket, lines, waiting, tag, 'CAPABILITY')
  if (!answer.ok) return answer
  const listed = answer.value.untagged.find(line => /^\* CAPABILITY /i.test(line))
  return listed === undefined
    ? trouble('server.misbehaves', answer.value.text)
    : done(words(listed.slice(13)))
}

/** Asks for TLS. Whatever stands after the answer was put there by somebody else: `tls.starttls-injected`. */
export async function startImapTls(socket: Socket, lines: Lines, waiting: Waiting): Promise<Stage<string>> {
  const answer = await command(socket, lines, waiting, 'R2', 'STARTTLS')
  if (!answer.ok) {
    return answer.trouble.code === 'server.misbehaves' &&
      /^R2 (?:NO|BAD)\b/i.test(answer.trouble.evidence ?? '')
      ? trouble('tls.starttls-refused', answer.trouble.evidence)
      : answer
  }
  return lines.unread() > 0 ? trouble('tls.starttls-injected', answer.value.text) : done(answer.value.text)
}

function words(text: string): string[] {
  return text
    .toUpperCase()
    .split(/\s+/)
    .filter(word => word !== '')
}
