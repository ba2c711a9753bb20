import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/**
 * Below the ports that systems give to outgoing connections and to whoever asks for any port, so that none of those takes
 * a port between the look at it and its use.
 */
const lowest = 10_000
const highest = 32_000

/** Where the next look begins: processes that run side by side begin far apart, and none looks at a port twice in a row. */
let next = lowest + ((process.pid * 61) % (highest - lowest))

/** A port of `host`, a loopback address, that is free for both UDP and TCP; no two calls of a process give the same. */
export async function freePort(host: '127.0.0.1' | '::1' = '127.0.0.1'): Promise<number> {
  for (let looks = 0; looks < highest - lowest; looks += 1) {
    const port = next
    next = port + 1 < highest ? port + 1 : lowest
    if ((await isFreeForTcp(port, host)) && (await isFreeForUdp(port, host))) return port
  }
  throw new Error('There is no free port.')
}

function isFreeForTcp(port: number, host: string): Promise<boolean> {
  const server = createServer()
  return new Promise(resolve => {
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

function isFreeForUdp(port: number, host: string): Promise<boolean> {
  const socket = createSocket(host === '::1' ? 'udp6' : 'udp4')
  return new Promise(resolve => {
    const settle = (isFree: boolean) => socket.close(() => resolve(isFree))
    socket.once('error', () => settle(false))
    socket.bind(port, host, () => settle(true))
  })
}
