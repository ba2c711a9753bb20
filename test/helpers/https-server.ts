import { createServer, type ServerOptions } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Certificate } from './certificates.ts'

export type HttpsServer = { readonly port: number; readonly asked: string[]; close(): Promise<void> }

/** A real HTTPS server on 127.0.0.1 that answers as `script` says. */
export async function startHttpsServer(
  certificate: Certificate,
  script: (request: IncomingMessage, response: ServerResponse) => void,
  options: ServerOptions = {},
): Promise<HttpsServer> {
  const asked: string[] = []
  const sockets = new Set<Duplex>()
  const server = createServer(
    { cert: certificate.pem, key: certificate.keyPem, ...options },
    (request, response) => {
      asked.push(`${request.headers.host} ${request.url}`)
      script(request, response)
    },
  )
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
