import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'
import { eachLine } from './each-line.ts'

/** A line, or what a scripted server does in place of one. */
export type Answer = string | ((socket: Socket) => void)

export const drop = (socket: Socket): void => void socket.destroy()
export const hang = (): void => {}

export type ScriptedServer = {
  readonly port: number
  /** Every line a client sent, credentials included. */
  readonly lines: string[]
  /** Connections open at this moment. */
  open(): number
  close(): Promise<void>
}

export type Mail = { readonly id: string; readonly headers: string }

type Secured = { readonly from: 'start' | 'starttls'; readonly context: SecureContextOptions }

export type SmtpWishes = {
  readonly greeting?: Answer
  readonly extensions?: readonly string[]
  readonly mechanisms?: string
  readonly secure?: Secured
  /** Answers by the first words of a command, such as `AUTH` or `MAIL FROM`; `.` is the end of the message. */
  readonly answers?: Readonly<Record<string, Answer>>
  /** Where accepted messages go. */
  readonly mail?: Mail[]
  /** In place of the answer to the end of the message. */
  readonly onMessage?: (socket: Socket, messageId: string) => void
  /** Fields that the receiving side puts above the message. */
  readonly headers?: string
}

export type ImapWishes = {
  readonly greeting?: Answer
  readonly capabilities?: string
  readonly secure?: Secured
  /** Answers by command, `TAG` standing for the tag; the defaults are those of a healthy server. */
  readonly answers?: Readonly<Record<string, Answer>>
  readonly mail?: readonly Mail[]
  /** The folder that holds the mail; INBOX unless given. */
  readonly arrivesIn?: string
}

/** An SMTP server on 127.0.0.1 that does as it is told and is healthy otherwise. */
export function startSmtp(wishes: SmtpWishes = {}): Promise<ScriptedServer> {
  return start(wishes.secure, (socket, lines, isSecure) => {
    let body: string[] | null = null
    let step: 'user' | 'pass' | null = null
    const talk = talker(socket, lines, {
      line: line => {
        if (body !== null) {
          if (line !== '.') return void body.push(line)
          const id = /^Message-ID:\s*(<[^>]+>)/im.exec(body.join('\n'))?.[1] ?? ''
          body = null
          if (wishes.onMessage) return wishes.onMessage(socket, id)
          const answer = wishes.answers?.['.'] ?? '250 2.0.0 taken'
          if (typeof answer === 'string' && answer.startsWith('2'))
            wishes.mail?.push({ id, headers: wishes.headers ?? '' })
          return talk.answer(answer)
        }
        if (step !== null) {
          const last = step !== 'user'
          step = last ? null : 'pass'
          return talk.answer(last ? (wishes.answers?.['AUTH'] ?? '235 2.7.0 in') : '334 UGFzc3dvcmQ6')
        }
        const wished = Object.entries(wishes.answers ?? {}).find(
          ([start]) => start !== '.' && line.toUpperCase().startsWith(start),
        )?.[1]
        if (/^EHLO /i.test(line)) return talk.answer(wished ?? hello())
        if (/^STARTTLS$/i.test(line)) {
          if (wished !== undefined) return talk.answer(wished)
          talk.answer('220 2.0.0 go ahead')
          return talk.upgrade()
        }
        if (/^AUTH LOGIN$/i.test(line)) {
          step = 'user'
          return talk.answer('334 VXNlcm5hbWU6')
        }
        if (/^AUTH XOAUTH2 /i.test(line) && typeof wished === 'string' && wished.startsWith('334')) {
          const [challenge = '', refusal = ''] = wished.split('|')
          wishesAfterToken = refusal
          return talk.answer(challenge)
        }
        if (wishesAfterToken !== null && line === '') return talk.answer(wishesAfterToken)
        if (/^AUTH /i.test(line)) return talk.answer(wished ?? '235 2.7.0 in')
        if (/^DATA$/i.test(line)) {
          talk.answer(wished ?? '354 go on')
          if (wished === undefined) body = []
          return
        }
        if (/^QUIT$/i.test(line)) {
          talk.answer(wished ?? '221 2.0.0 bye')
          return void socket.end()
        }
        talk.answer(wished ?? '250 2.1.0 fine')
      },
      secure: wishes.secure,
      again: isSecure,
    })
    let wishesAfterToken: string | null = null
    const hello = () => {
      const offers = [
        ...(wishes.extensions ?? ['PIPELINING', 'SIZE 1000000', 'ENHANCEDSTATUSCODES']),
        ...(wishes.secure?.from === 'starttls' && !talk.isSecure() ? ['STARTTLS'] : []),
        ...(wishes.mechanisms === '' ? [] : [`AUTH ${wishes.mechanisms ?? 'PLAIN LOGIN'}`]),
      ]
      return ['mail.test', ...offers]
        .map((text, index) => `250${index === offers.length ? ' ' : '-'}${text}`)
        .join('\r\n')
    }
    talk.answer(wishes.greeting ?? '220 mail.test ESMTP ready')
  })
}

/** An IMAP server on 127.0.0.1 that does as it is told and is healthy otherwise. */
export function startImap(wishes: ImapWishes = {}): Promise<ScriptedServer> {
  return start(wishes.secure, (socket, lines, isSecure) => {
    let pending: string | null = null
    let selected = 'INBOX'
    const capabilities = () =>
      `IMAP4rev1 ${wishes.secure?.from === 'starttls' && !talk.isSecure() ? 'STARTTLS ' : ''}${wishes.capabilities ?? 'AUTH=PLAIN'}`.trim()
    const talk = talker(socket, lines, {
      line: line => {
        const [tag = '', ...words] = pending === null ? line.split(' ') : [pending]
        const command = pending === null ? words.join(' ') : 'CREDENTIALS'
        const wished = Object.entries(wishes.answers ?? {}).find(([start]) =>
          command.toUpperCase().startsWith(start),
        )?.[1]
        if (wished !== undefined) {
          pending = null
          return talk.answer(typeof wished === 'string' ? wished.replaceAll('TAG', tag) : wished)
        }
        pending = null
        if (/^AUTHENTICATE (?:PLAIN|LOGIN)$/i.test(command)) {
          pending = tag
          return talk.answer('+ ')
        }
        if (/^STARTTLS$/i.test(command)) {
          talk.answer(`${tag} OK go ahead`)
          return talk.upgrade()
        }
        talk.answer([...untagged(command), `${tag} OK done`].join('\r\n'))
        if (/^LOGOUT$/i.test(command)) socket.end()
      },
      secure: wishes.secure,
      again: isSecure,
    })
    const untagged = (command: string): string[] => {
      const opened = /^(?:SELECT|EXAMINE) "?([^"]+)"?/i.exec(command)?.[1]
      selected = opened ?? selected
      const mail = selected === (wishes.arrivesIn ?? 'INBOX') ? (wishes.mail ?? []) : []
      if (/^CAPABILITY/i.test(command)) return [`* CAPABILITY ${capabilities()}`]
      if (/^LIST "" ""/i.test(command)) return ['* LIST (\\Noselect) "/" ""']
      if (/^LIST\b/i.test(command)) {
        return ['* LIST () "/" INBOX', '* LIST (\\Junk) "/" Junk', '* LIST (\\Sent) "/" Sent']
      }
      if (/^(?:SELECT|EXAMINE)/i.test(command)) {
        return [`* ${mail.length} EXISTS`, '* OK [UIDVALIDITY 1] x', `* OK [UIDNEXT ${mail.length + 1}] x`]
      }
      if (/^STATUS (\S+)/i.test(command)) {
        return [`* STATUS ${command.split(' ')[1]} (UIDNEXT ${mail.length + 1})`]
      }
      if (/^UID FETCH .*ENVELOPE/i.test(command)) {
        return mail.map(({ id }, index) => {
          const envelope = `("Mon, 1 Jan 2024 00:00:00 +0000" "test" NIL NIL NIL NIL NIL NIL NIL "${id}")`
          return `* ${index + 1} FETCH (UID ${index + 1} ENVELOPE ${envelope})`
        })
      }
      if (/^UID FETCH .*HEADER/i.test(command)) {
        return mail.map(({ headers }, index) => {
          const text = `${headers}\r\n\r\n`
          const section = 'BODY[HEADER.FIELDS (AUTHENTICATION-RESULTS)]'
          return `* ${index + 1} FETCH (UID ${index + 1} ${section} {${text.length}}\r\n${text})`
        })
      }
      return []
    }
    talk.answer(wishes.greeting ?? '* OK mail.test ready')
  })
}

/** A server that does one thing to whoever connects. */
export function startRaw(onConnect: (socket: Socket) => void): Promise<ScriptedServer> {
  return start(undefined, socket => onConnect(socket))
}

type Talk = { answer(answer: Answer): void; upgrade(): void; isSecure(): boolean }

function talker(
  plain: Socket,
  lines: string[],
  { line, secure, again }: { line(text: string): void; secure: Secured | undefined; again: boolean },
): Talk {
  let socket = plain
  let isSecure = again
  const reader = eachLine(one => {
    lines.push(one)
    line(one)
  })
  socket.on('data', reader.take)
  return {
    answer: answer => {
      if (typeof answer === 'string') socket.write(`${answer}\r\n`)
      else answer(socket)
    },
    upgrade: () => {
      socket.removeAllListeners('data')
      socket = new TLSSocket(plain, {
        isServer: true,
        secureContext: createSecureContext(secure?.context),
      })
      socket.on('error', () => plain.destroy())
      reader.forget()
      isSecure = true
      socket.on('data', reader.take)
    },
    isSecure: () => isSecure,
  }
}

async function start(
  secure: Secured | undefined,
  talk: (socket: Socket, lines: string[], isSecure: boolean) => void,
): Promise<ScriptedServer> {
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer(plain => {
    sockets.add(plain)
    plain.on('close', () => sockets.delete(plain))
    plain.on('error', () => plain.destroy())
    if (secure?.from !== 'start') return talk(plain, lines, false)
    const socket = new TLSSocket(plain, {
      isServer: true,
      secureContext: createSecureContext(secure.context),
    })
    socket.on('error', () => plain.destroy())
    socket.once('secure', () => talk(socket, lines, true))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    lines,
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
