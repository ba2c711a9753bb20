import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import {
  type Answer,
  AUTHENTIC_DATA,
  decode,
  encode,
  type Question,
  RECURSION_AVAILABLE,
  TRUNCATED_RESPONSE,
} from 'dns-packet'
import { freePort } from './ports.ts'

export type DnsQuestion = {
  readonly id: number
  /** Lower case, without the trailing dot. */
  readonly name: string
  readonly type: string
  readonly protocol: 'udp' | 'tcp'
  readonly edns: boolean
  readonly fromPort: number
  readonly bytes: Buffer
  /** How often this name and type were asked before, over either protocol. */
  readonly earlier: number
}

/** What the server does with a question. An empty `answers` list is NODATA without an SOA. */
export type DnsReply =
  | 'drop'
  /** TCP only: closes the connection, after `bytes` of the answer if that is given. */
  | {
      readonly close: true
      readonly after?: { readonly answers: readonly DnsRecord[]; readonly bytes: number }
    }
  | {
      readonly answers?: readonly DnsRecord[]
      readonly authorities?: readonly DnsRecord[]
      readonly additionals?: readonly DnsRecord[]
      /** The lower four bits. */
      readonly rcode?: number
      readonly truncated?: boolean
      readonly authoritative?: boolean
      readonly authenticated?: boolean
      /** Added to the id of the question. */
      readonly idOffset?: number
      /** Replaces the question in the answer; null leaves it out. */
      readonly question?: { readonly name: string; readonly type: string } | null
      readonly delayMs?: number
      /** TCP only: sends the answer in pieces of this size. */
      readonly pieceBytes?: number
    }
  /** These very bytes; over TCP with the length put before them. */
  | { readonly raw: Buffer; readonly delayMs?: number }
  /** Several datagrams, one after the other. */
  | readonly DnsReply[]

export type DnsRecord = { name: string; type: string; ttl?: number; data: unknown }

export type DnsServer = {
  host: string
  port: number
  /** Every question in the order of arrival. */
  questions: DnsQuestion[]
  close(): Promise<void>
}

/** A DNS server on loopback, UDP and TCP on one port, that answers as `script` says. */
export async function startDnsServer(
  script: (question: DnsQuestion) => DnsReply,
  host: '127.0.0.1' | '::1' = '127.0.0.1',
): Promise<DnsServer> {
  const port = await freePort(host)
  const questions: DnsQuestion[] = []
  const timers = new Set<NodeJS.Timeout>()
  const connections = new Set<Socket>()

  const later = (delayMs: number | undefined, act: () => void) => {
    if (!delayMs) return act()
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, delayMs)
    timers.add(timer)
  }

  const read = (bytes: Buffer, protocol: 'udp' | 'tcp', fromPort: number): DnsQuestion | null => {
    const packet = decode(bytes)
    const asked = packet.questions?.[0]
    if (!asked) return null
    const name = asked.name.toLowerCase()
    const earlier = questions.filter(known => known.name === name && known.type === asked.type).length
    const edns = (packet.additionals ?? []).some(record => record.type === 'OPT')
    const question = { id: packet.id ?? 0, name, type: asked.type, protocol, edns, fromPort, bytes, earlier }
    questions.push(question)
    return question
  }

  const udp = createSocket(host === '::1' ? 'udp6' : 'udp4')
  udp.on('message', (bytes, from) => {
    const question = read(bytes, 'udp', from.port)
    if (!question) return
    const reply = (what: DnsReply): void => {
      if (what === 'drop' || 'close' in what) return
      if (Array.isArray(what)) return what.forEach(reply)
      const answer = what as Exclude<DnsReply, 'drop' | { close: true } | readonly DnsReply[]>
      later(answer.delayMs, () =>
        udp.send('raw' in answer ? answer.raw : encodeReply(question, answer), from.port, from.address),
      )
    }
    reply(script(question))
  })

  const tcp = createServer(connection => {
    connections.add(connection)
    connection.on('close', () => connections.delete(connection))
    connection.on('error', () => connection.destroy())
    let received = Buffer.alloc(0)
    connection.on('data', chunk => {
      received = Buffer.concat([received, chunk])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      const question = read(
        received.subarray(2, 2 + received.readUInt16BE(0)),
        'tcp',
        connection.remotePort ?? 0,
      )
      received = Buffer.alloc(0)
      if (!question) return
      const reply = script(question)
      if (reply === 'drop' || Array.isArray(reply)) return
      if ('close' in reply) {
        if (reply.after)
          connection.write(framed(encodeReply(question, reply.after)).subarray(0, reply.after.bytes))
        connection.end()
        return
      }
      const answer = reply as Exclude<DnsReply, 'drop' | { close: true } | readonly DnsReply[]>
      const bytes = framed('raw' in answer ? answer.raw : encodeReply(question, answer))
      const pieceBytes = 'raw' in answer ? undefined : answer.pieceBytes
      later(answer.delayMs, () => writePieces(connection, bytes, pieceBytes ?? bytes.length))
    })
  })

  await new Promise<void>(resolve => udp.bind(port, host, resolve))
  await new Promise<void>(resolve => tcp.listen(port, host, resolve))
  return {
    host,
    port,
    questions,
    close: async () => {
      for (const timer of timers) clearTimeout(timer)
      for (const connection of connections) connection.destroy()
      await new Promise<void>(resolve => udp.close(() => resolve()))
      await new Promise<void>(resolve => tcp.close(() => resolve()))
    },
  }
}

type ScriptedAnswer = Exclude<DnsReply, 'drop' | { close: true } | { raw: Buffer } | readonly DnsReply[]>

/** The bytes of an answer to this question, for scripts that want to damage them before sending. */
export function encodeReply(
  question: Pick<DnsQuestion, 'id' | 'name' | 'type'>,
  reply: ScriptedAnswer,
): Buffer {
  const asked = reply.question === undefined ? question : reply.question
  return encode({
    type: 'response',
    id: (question.id + (reply.idOffset ?? 0)) & 0xffff,
    flags:
      RECURSION_AVAILABLE |
      0x0100 |
      (reply.truncated ? TRUNCATED_RESPONSE : 0) |
      (reply.authoritative ? 0x0400 : 0) |
      (reply.authenticated ? AUTHENTIC_DATA : 0) |
      (reply.rcode ?? 0),
    questions: asked ? [{ name: asked.name, type: asked.type as Question['type'] }] : [],
    answers: copyRecords(reply.answers),
    authorities: copyRecords(reply.authorities),
    additionals: copyRecords(reply.additionals),
  })
}

/** The encoder turns the strings of a TXT record into buffers in place. */
function copyRecords(records: readonly DnsRecord[] | undefined): Answer[] {
  return (records ?? []).map(record => ({
    ...record,
    data: Array.isArray(record.data) ? [...record.data] : record.data,
  })) as Answer[]
}

function framed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function writePieces(connection: Socket, bytes: Buffer, pieceBytes: number): void {
  if (connection.destroyed || bytes.length === 0) return
  connection.write(bytes.subarray(0, pieceBytes), () =>
    setImmediate(writePieces, connection, bytes.subarray(pieceBytes), pieceBytes),
  )
}
