import { createServer, type Socket } from 'node:net'
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'

export type SmtpServer = { readonly port: number; readonly lines: string[]; close(): Promise<void> }

export type SmtpScript = {
  readonly greeting?: string
  /** Lines after EHLO, without their codes; `STARTTLS` is offered when `secure` is given. */
  readonly extensions?: readonly string[]
  readonly startTlsReply?: string
  /** What STARTTLS leads to; `garbage` sends octets that are no TLS. */
  readonly secure?: SecureContextOptions | 'garbage'
  /** Says nothing at all. */
  readonly silent?: boolean
}

/** A mail server on 127.0.0.1 that knows greeting, EHLO, STARTTLS and QUIT. */
export async function startSmtpServer(script: SmtpScript): Promise<SmtpServer> {
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    if (script.silent) return
    const say = (text: string) => socket.write(`${text}\r\n`)
    say(script.greeting ?? '220 mx.test ESMTP')
    const onData = (chunk: Buffer) => {
      const line = chunk.toString('latin1').trim()
      lines.push(line)
      if (/^EHLO /i.test(line)) {
        const offered = [
          ...(script.extensions ?? ['SIZE 1000', 'PIPELINING']),
          ...(script.secure ? ['STARTTLS'] : []),
        ]
        say(
          ['mx.test', ...offered]
            .map((text, index) => `250${index === offered.length ? ' ' : '-'}${text}`)
            .join('\r\n'),
        )
      } else if (/^STARTTLS$/i.test(line)) {
        say(script.startTlsReply ?? '220 go ahead')
        socket.off('data', onData)
        if (script.secure === 'garbage') socket.write('this is no TLS at all\r\n')
        else if (script.secure) {
          const secure = new TLSSocket(socket, {
            isServer: true,
            secureContext: createSecureContext(script.secure),
          })
          secure.on('error', () => socket.destroy())
        }
      }
    }
    socket.on('data', onData)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    lines,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
