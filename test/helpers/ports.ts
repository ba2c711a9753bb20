import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/** A port of `host`, a loopback address, that is free for both UDP and TCP at this moment. */
export async function freePort(host: '127.0.0.1' | '::1' = '127.0.0.1'): Promise<number> {
  for (;;) {
    const tcp = createServer()
    const port = await new Promise<number>((resolve, reject) => {
      tcp.once('error', reject)
      tcp.listen(0, host, () => {
        const address = tcp.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })
    const udp = createSocket(host === '::1' ? 'udp6' : 'udp4')
    const free = await new Promise<boolean>(resolve => {
      udp.once('error', () => resolve(false))
      udp.bind(port, host, () => resolve(true))
    })
    udp.close()
    await new Promise(resolve => tcp.close(resolve))
    if (free) return port
  }
}
