import { createSocket } from 'node:dgram'
import { connect, createServer, type Socket } from 'node:net'
import { decode } from 'dns-packet'
import { type DnsRecord, encodeReply } from './dns-server.ts'
import { freePort } from './ports.ts'

/** What becomes of a question: on to the server behind, lost, on after a while, or answered here. */
export type Fate =
  | 'pass'
  | 'drop'
  | { readonly delayMs: number }
  | {
      readonly answers: readonly DnsRecord[]
      readonly rcode?: number
      readonly delayMs?: number
      /** The answer is held back until then. */
      readonly after?: Promise<unknown>
    }

export type FilteredQuestion = {
  /** Lower case, without the trailing dot. */
  readonly name: string
  readonly type: string
  readonly askedAt: number
  /** When the answer left, or null while none has. Epoch milliseconds. */
  answeredAt: number | null
}

type Rule = (question: { name: string; type: string }) => Fate
const passAll: Rule = () => 'pass'

export type DnsFilter = {
  readonly address: string
  /** Asked over UDP, in the order of arrival. */
  readonly questions: FilteredQuestion[]
  /** Takes effect with the next question. */
  decide(rule: Rule): void
  close(): Promise<void>
}

/** Stands before a real DNS server on 127.0.0.1 and loses, delays or answers what a test wants it to. */
export async function startDnsFilter(upstream: { host: string; port: number }): Promise<DnsFilter> {
  const port = await freePort()
  const questions: FilteredQuestion[] = []
  const timers = new Set<NodeJS.Timeout>()
  const connections = new Set<Socket>()
  let rule: Rule = passAll
  let isOpen = true

  const udp = createSocket('udp4')
  udp.on('message', (bytes, from) => {
    const packet = decode(bytes)
    const asked = packet.questions?.[0]
    if (!asked) return
    const question = { id: packet.id ?? 0, name: asked.name.toLowerCase(), type: asked.type }
    const noted: FilteredQuestion = {
      name: question.name,
      type: question.type,
      askedAt: Date.now(),
      answeredAt: null,
    }
    questions.push(noted)
    const answer = (reply: Buffer) => {
      // The server behind may answer when nobody wants it any more.
      if (!isOpen) return
      noted.answeredAt = Date.now()
      udp.send(reply, from.port, from.address)
    }
    const act = (fate: Exclude<Fate, 'drop'>) => {
      if (typeof fate === 'object' && 'answers' in fate) answer(encodeReply(question, fate))
      else ask(bytes, upstream, answer)
    }
    const fate = rule(question)
    if (fate === 'drop') return
    if (typeof fate === 'object' && 'after' in fate && fate.after) {
      void fate.after.then(() => act(fate))
      return
    }
    const delayMs = typeof fate === 'object' ? (fate.delayMs ?? 0) : 0
    if (delayMs === 0) return act(fate)
    const timer = setTimeout(() => {
      timers.delete(timer)
      act(fate)
    }, delayMs)
    timers.add(timer)
  })

  const tcp = createServer(connection => {
    const onward = connect(upstream.port, upstream.host)
    for (const socket of [connection, onward]) {
      connections.add(socket)
      socket.on('close', () => connections.delete(socket))
      socket.on('error', () => socket.destroy())
    }
    connection.pipe(onward).pipe(connection)
  })
  await new Promise<void>(resolve => udp.bind(port, '127.0.0.1', resolve))
  await new Promise<void>(resolve => tcp.listen(port, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${port}`,
    questions,
    decide: next => {
      rule = next
    },
    close: async () => {
      isOpen = false
      for (const timer of timers) clearTimeout(timer)
      for (const connection of connections) connection.destroy()
      await new Promise<void>(resolve => udp.close(() => resolve()))
      await new Promise<void>(resolve => tcp.close(() => resolve()))
    },
  }
}

function ask(bytes: Buffer, upstream: { host: string; port: number }, answer: (reply: Buffer) => void): void {
  const socket = createSocket('udp4')
  const timer = setTimeout(() => socket.close(), 5_000)
  socket.once('error', () => undefined)
  socket.once('message', reply => {
    clearTimeout(timer)
    socket.close()
    answer(reply)
  })
  socket.send(bytes, upstream.port, upstream.host)
}

/** Records by name and type; every other name below these domains does not exist. */
export type LiteralZone = Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>

/** The fate of a question about one of the zone's domains by what the zone holds; null for other domains. */
export function answerFrom(zone: LiteralZone, question: { name: string; type: string }): Fate | null {
  const { name, type } = question
  const domains = Object.keys(zone)
  if (!domains.some(domain => name === domain || name.endsWith(`.${domain}`))) return null
  const exists = domains.some(domain => domain === name || domain.endsWith(`.${name}`))
  const values = zone[name]?.[type] ?? []
  return {
    answers: values.map(data => ({ name, type, ttl: 60, data })),
    ...(exists ? {} : { rcode: 3 }),
  }
}
