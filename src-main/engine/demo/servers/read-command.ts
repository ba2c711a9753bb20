import type { Socket } from 'node:net'
import { limits } from '../../net/limits.ts'

export type Argument = string | readonly Argument[]

/** One command of an IMAP client (RFC 9051 §2.2.1), literals read and quotes taken off. */
export type ImapCommand = { readonly tag: string; readonly name: string; readonly args: readonly Argument[] }

const word = /\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|((?:[^\s()"[]|\[[^\]]*\])+))/y
const literal = /\{(\d{1,9})(\+?)\}$/

/**
 * Reads commands from a socket and hands each over whole; octets stand for characters one to one. A line or literal beyond
 * `limits` ends the connection.
 */
export function readCommands(
  socket: Socket,
  handlers: { onLine(line: string): boolean; onCommand(command: ImapCommand): void },
): void {
  let unread = ''
  let parts: { readonly text: string; readonly isLiteral: boolean }[] = []
  let wanted: number | null = null

  const next = (): boolean => {
    if (wanted !== null) {
      if (unread.length < wanted) return false
      parts.push({ text: unread.slice(0, wanted), isLiteral: true })
      unread = unread.slice(wanted)
      wanted = null
      return true
    }
    const end = unread.indexOf('\n')
    if (end < 0) return false
    const line = unread.slice(0, end).replace(/\r$/, '')
    unread = unread.slice(end + 1)
    if (parts.length === 0 && handlers.onLine(line)) return true
    const [whole = '', octets, plus] = literal.exec(line) ?? []
    parts.push({ text: octets === undefined ? line : line.slice(0, -whole.length), isLiteral: false })
    if (octets === undefined) {
      const command = parseCommand(parts)
      parts = []
      if (command !== null) handlers.onCommand(command)
      return true
    }
    wanted = Number(octets)
    if (wanted > limits.demoMessageBytes) socket.destroy()
    else if (plus === '') socket.write('+ go ahead\r\n')
    return true
  }

  socket.on('data', (chunk: Buffer) => {
    unread += chunk.toString('latin1')
    while (!socket.destroyed && next());
    const most = wanted === null ? limits.demoLineBytes : limits.demoMessageBytes
    if (unread.length > most || parts.length > limits.demoLiterals) socket.destroy()
  })
}

function parseCommand(parts: readonly { readonly text: string; readonly isLiteral: boolean }[]) {
  const open: Argument[][] = [[]]
  for (const { text, isLiteral } of parts) {
    if (isLiteral) {
      open.at(-1)?.push(text)
      continue
    }
    word.lastIndex = 0
    for (let match = word.exec(text); match !== null; match = word.exec(text)) {
      const [, begins, ends, quoted, atom] = match
      if (begins !== undefined) open.push([])
      else if (ends === undefined) open.at(-1)?.push(quoted?.replace(/\\(.)/g, '$1') ?? atom ?? '')
      else {
        const list = open.length > 1 ? open.pop() : undefined
        if (list !== undefined) open.at(-1)?.push(list)
      }
    }
  }
  const [tag, name, ...args] = open[0] ?? []
  return typeof tag === 'string' && typeof name === 'string' ? { tag, name: name.toUpperCase(), args } : null
}
