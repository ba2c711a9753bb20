import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

export type HttpProxy = {
  readonly url: string
  readonly port: number
  /** What was asked for, in order: `host:port`. */
  readonly tunnels: string[]
  /** Everything the proxy itself was told in clear. */
  readonly heard: string[]
  stop(): Promise<void>
}

/** A proxy on 127.0.0.1 that opens tunnels to `127.0.0.1` whatever host was named, refuses, or keeps callers waiting. */
export async function startHttpProxy(behaviour: 'works' | 'refuses' | 'silent'): Promise<HttpProxy> {
  const sockets = new Set<Duplex>()
  const keep = (socket: Duplex) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }
  const tunnels: string[] = []
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(JSON.stringify([request.url, request.headers]))
    response.writeHead(502).end()
  })
  server.on('connection', keep)
  server.on('connect', (request, socket: Duplex, head: Buffer) => {
    tunnels.push(request.url ?? '')
    heard.push(JSON.stringify([request.url, request.headers]))
    keep(socket)
    if (behaviour === 'silent') return
    if (behaviour === 'refuses') return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const far = connect({ host: '127.0.0.1', port: Number(request.url?.split(':').at(-1)) }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      far.write(head)
      socket.pipe(far).pipe(socket)
    })
    keep(far)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    tunnels,
    heard,
    stop: async () => {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
