import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/** A port of 127.0.0.1 that is free for both UDP and TCP at this moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const tcp = createServer()
    const port = await new Promise<number>((resolve, reject) => {
      tcp.once('error', reject)
      tcp.listen(0, '127.0.0.1', () => {
        const address = tcp.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })
    const udp = createSocket('udp4')
    const free = await new Promise<boolean>(resolve => {
      udp.once('error', () => resolve(false))
      udp.bind(port, '127.0.0.1', () => resolve(true))
    })
    udp.close()
    await new Promise(resolve => tcp.close(resolve))
    if (free) return port
  }
}
