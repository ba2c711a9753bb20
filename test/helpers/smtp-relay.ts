import { connect, createServer, type Socket } from 'node:net'
import { eachLine } from './each-line.ts'

/** What becomes of one message on its way: it goes on, the server asks to wait, or it is taken and comes back. */
export type RelayFate = 'pass' | 'limit' | 'bounce'

export type SmtpRelay = {
  readonly port: number
  /** Messages taken that never went on, by Message-ID. */
  readonly bounced: string[]
  readonly limited: () => number
  /** Reports still on their way. */
  busy(): number
  close(): Promise<void>
}

/** Stands before a plain SMTP server on 127.0.0.1 and decides the fate of each message. */
export async function startSmtpRelay(
  serverPort: number,
  fateOf: (envelope: string) => RelayFate,
): Promise<SmtpRelay> {
  const sockets = new Set<Socket>()
  const bounced: string[] = []
  let limited = 0
  let busy = 0
  const server = createServer(client => {
    const upstream = connect(serverPort, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
      socket.on('error', () => socket.destroy())
    }
    let fate: RelayFate | null = null
    let isBody = false
    let sender = ''
    let recipient = ''
    const reader = eachLine(line => {
      if (isBody) {
        const id = /^Message-ID:\s*(<[^>]+>)/i.exec(line)?.[1]
        if (id !== undefined) bounced.push(id)
        if (line !== '.') return
        isBody = false
        client.write('250 2.0.0 queued\r\n')
        busy += 1
        void returnToSender(serverPort, sender, recipient, bounced.at(-1) ?? '').finally(() => (busy -= 1))
      } else if (/^DATA/i.test(line)) {
        isBody = true
        client.write('354 go on\r\n')
      } else {
        sender = /^MAIL FROM:<([^>]*)>/i.exec(line)?.[1] ?? sender
        recipient = /^RCPT TO:<([^>]*)>/i.exec(line)?.[1] ?? recipient
        client.write(/^QUIT/i.test(line) ? '221 2.0.0 bye\r\n' : '250 2.1.0 fine\r\n')
      }
    })
    upstream.on('data', (chunk: Buffer) => {
      if (fate !== 'bounce' && fate !== 'limit') client.write(chunk)
    })
    client.on('data', (chunk: Buffer) => {
      if (fate === null && /^MAIL FROM/im.test(chunk.toString('latin1'))) {
        fate = fateOf(chunk.toString('latin1'))
        if (fate === 'limit') {
          limited += 1
          return void client.end('421 4.7.28 Our system has detected an unusual rate of mail\r\n')
        }
      }
      if (fate !== 'bounce') return void upstream.write(chunk)
      reader.take(chunk)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    bounced,
    limited: () => limited,
    busy: () => busy,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

/** Delivers a report as RFC 3464 describes it. */
async function returnToSender(
  port: number,
  sender: string,
  recipient: string,
  messageId: string,
): Promise<void> {
  const report = [
    'From: Mail Delivery System <mailer-daemon@a.test>',
    `To: ${sender}`,
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <report.${messageId.slice(1)}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    `The message to ${recipient} was not delivered: 550 5.1.1 no such user`,
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mail.a.test',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 no such user',
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${messageId}`,
    `From: ${sender}`,
    `To: ${recipient}`,
    '',
    '--b--',
    '.',
  ].join('\r\n')
  const steps = ['EHLO localhost', 'MAIL FROM:<>', `RCPT TO:<${sender}>`, 'DATA', report, 'QUIT']
  await new Promise<void>(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (!/(?:^|\n)\d{3} [^\n]*\n$/.test(text)) return
      text = ''
      const step = steps.shift()
      if (step === undefined) socket.end()
      else socket.write(`${step}\r\n`)
    })
  })
}
