import { createSocket, type Socket } from 'node:dgram'
import { connect, createServer, type Socket as Connection } from 'node:net'
import { freePort } from '../helpers/ports.ts'

export type Delay = { readonly host: string; readonly port: number; close(): Promise<void> }

/** A relay before a DNS server on loopback, UDP and TCP: every answer comes so much later, as from a server far away. */
export async function startDelay(server: { host: string; port: number }, delayMs: number): Promise<Delay> {
  const host = '127.0.0.1'
  const port = await freePort()
  const timers = new Set<NodeJS.Timeout>()
  const later = (work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, delayMs)
    timers.add(timer)
  }

  const udp = createSocket('udp4')
  // A way back for each port that asks, as in a router, so that ids need not be changed.
  const ways = new Map<number, Socket>()
  udp.on('message', (question, { port: from }) => {
    let way = ways.get(from)
    if (way === undefined) {
      way = createSocket('udp4')
      way.on('message', answer => later(() => udp.send(answer, from, host)))
      way.on('error', () => undefined)
      ways.set(from, way)
    }
    way.send(question, server.port, server.host)
  })

  const connections = new Set<Connection>()
  const tcp = createServer(asking => {
    const onward = connect(server.port, server.host)
    for (const connection of [asking, onward]) {
      connections.add(connection)
      connection.on('close', () => connections.delete(connection))
      connection.on('error', () => connection.destroy())
    }
    asking.on('data', question => onward.write(question))
    onward.on('data', answer => later(() => asking.write(answer)))
    asking.on('end', () => onward.end())
    onward.on('end', () => later(() => asking.end()))
  })

  await new Promise<void>(resolve => udp.bind(port, host, resolve))
  await new Promise<void>(resolve => tcp.listen(port, host, resolve))
  return {
    host,
    port,
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      for (const connection of connections) connection.destroy()
      for (const way of ways.values()) way.close()
      await new Promise<void>(resolve => udp.close(() => resolve()))
      await new Promise<void>(resolve => tcp.close(() => resolve()))
    },
  }
}
