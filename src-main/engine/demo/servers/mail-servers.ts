import { createServer, type Server, type Socket } from 'node:net'
import { limits } from '../../net/limits.ts'
import { serveImap } from './imap-session.ts'
import type { PostOffice } from './post-office.ts'
import { serveSmtp } from './smtp-session.ts'

export type DemoServers = {
  readonly smtpPort: number
  readonly imapPort: number
  close(): Promise<void>
}

/** Serves a post office over SMTP and IMAP, on 127.0.0.1 alone, on ports that the system chooses. Rejects when it cannot. */
export async function startDemoServers(office: PostOffice): Promise<DemoServers> {
  const smtp = await listen(socket => serveSmtp(socket, office))
  const imap = await listen(socket => serveImap(socket, office))
  return {
    smtpPort: smtp.port,
    imapPort: imap.port,
    close: async () => {
      await Promise.all([smtp.close(), imap.close()])
    },
  }
}

async function listen(serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server: Server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    serve(socket)
  })
  server.maxConnections = limits.demoConnections
  server.unref()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: async () => {
      const closed = new Promise<void>(resolve => {
        server.close(() => resolve())
      })
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
