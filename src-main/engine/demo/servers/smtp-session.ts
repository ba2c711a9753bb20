import type { Socket } from 'node:net'
import { limits } from '../../net/limits.ts'
import type { PostOffice } from './post-office.ts'

const addressIn = /^<([^<>\s]{1,320})>/

/** One client of the demo's SMTP server: AUTH PLAIN, then one message to one recipient at a time (RFC 5321, 4954). */
export function serveSmtp(socket: Socket, office: PostOffice): void {
  let user: string | null = null
  let from: string | null = null
  let to: string | null = null
  let unread = ''
  let isInData = false
  const say = (...lines: readonly string[]) => void socket.write(`${lines.join('\r\n')}\r\n`)

  const logIn = (initial: string | undefined) => {
    const [, name = '', password = ''] = Buffer.from(initial ?? '', 'base64')
      .toString('utf8')
      .split('\0')
    if (!office.rules.mayLogIn(name, password)) return say('535 5.7.8 The demo refuses this password')
    user = name
    say('235 2.7.0 Welcome')
  }

  const commands: Readonly<Record<string, (rest: string) => void>> = {
    EHLO: () =>
      say(
        '250-demo mail',
        '250-AUTH PLAIN',
        '250-8BITMIME',
        `250-SIZE ${limits.demoMessageBytes}`,
        '250 ENHANCEDSTATUSCODES',
      ),
    HELO: () => say('250 demo mail'),
    AUTH: rest => {
      const [mechanism = '', initial] = rest.split(' ')
      if (mechanism.toUpperCase() !== 'PLAIN' || !initial) return say('504 5.5.4 AUTH PLAIN with its answer')
      logIn(initial)
    },
    MAIL: rest => {
      if (user === null) return say('530 5.7.0 Log in first')
      from = addressIn.exec(rest.replace(/^FROM:\s*/i, ''))?.[1] ?? null
      to = null
      if (from?.toLowerCase() === user.toLowerCase()) return say('250 2.1.0 Ok')
      from = null
      say('553 5.7.1 This is not the address of your login')
    },
    RCPT: rest => {
      if (from === null) return say('503 5.5.1 MAIL comes first')
      if (to !== null) return say('452 4.5.3 One recipient at a time')
      to = addressIn.exec(rest.replace(/^TO:\s*/i, ''))?.[1] ?? null
      if (to !== null && office.foldersOf(to) !== null) return say('250 2.1.5 Ok')
      to = null
      say('550 5.1.1 Nobody here has this address')
    },
    DATA: () => {
      if (to === null) return say('503 5.5.1 RCPT comes first')
      isInData = true
      say('354 Go ahead')
    },
    RSET: () => {
      from = null
      to = null
      say('250 2.0.0 Ok')
    },
    NOOP: () => say('250 2.0.0 Ok'),
    QUIT: () => {
      say('221 2.0.0 Bye')
      socket.end()
    },
  }

  const takeMessage = () => {
    const end = unread.startsWith('.\r\n') ? 0 : unread.indexOf('\r\n.\r\n') + 2
    if (end === 1) return false
    const raw = Buffer.from(unread.slice(0, end).replace(/^\.\./gm, '.'), 'latin1')
    unread = unread.slice(end + 3)
    isInData = false
    say(office.take({ from: from ?? '', to: to ?? '', raw }))
    from = null
    to = null
    return true
  }

  const takeLine = () => {
    const end = unread.indexOf('\n')
    if (end < 0) return false
    const line = unread.slice(0, end).trimEnd()
    unread = unread.slice(end + 1)
    const [verb = ''] = line.split(/[ :]/, 1)
    const command = commands[verb.toUpperCase()]
    if (command === undefined) say('502 5.5.1 Not known here')
    else command(line.slice(verb.length).trim())
    return true
  }

  socket.on('data', (chunk: Buffer) => {
    unread += chunk.toString('latin1')
    while (!socket.destroyed && (isInData ? takeMessage() : takeLine()));
    if (unread.length > (isInData ? limits.demoMessageBytes : limits.demoLineBytes)) socket.destroy()
  })
  say('220 demo mail ESMTP')
}
