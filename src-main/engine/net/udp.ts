import { createSocket, type Socket } from 'node:dgram'
import { randomInt } from 'node:crypto'
import { isIP } from 'node:net'
import type { UnavailableReason } from '#shared/model/lookup.ts'
import { reasonOfSocketError } from './classify.ts'
import { limits } from './limits.ts'
import {
  answersQuestion,
  decodeMessage,
  encodeQuestion,
  type Envelope,
  type Message,
  type Question,
  readEnvelope,
  repeatedEnvelope,
  repeatsQuestion,
} from './message.ts'
import type { ServerAddress } from './resolve.ts'
import type { Stop } from './stop.ts'

/** What came of one message sent: an answer to this very question, or why there is none. */
export type Reply =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: UnavailableReason; readonly detail: string | null }

export type Transport = {
  /** Sends one question and waits at most `waitMs`. Never rejects; ends with `cancelled` when it is stopped. */
  ask(
    server: ServerAddress,
    question: Question,
    options: { waitMs: number; edns: boolean; stop: Stop },
  ): Promise<Reply>
  close(): void
}

type Pending = {
  readonly question: Question
  readonly sent: Buffer
  /** By the clock of `performance`. */
  readonly dueAt: number
  /** What arrived and was not the answer; it names the reason if nothing better arrives in time. */
  suspicion: 'malformed' | 'mismatched' | null
  settle(reply: Reply): void
}

type AskOptions = { waitMs: number; edns: boolean; stop: Stop }

type Port = {
  ask(question: Question, options: AskOptions): Promise<Reply>
  /** Takes no more questions; closes when the last one is settled. */
  retire(): void
  isUsable(): boolean
}

/**
 * UDP. A few connected sockets per server, so that the kernel drops what comes from elsewhere and reports ICMP errors;
 * each question takes a random one of them and a random id, and sockets, with their random ports, are renewed often
 * (RFC 5452 §9.2). What does not answer the question is passed over until time is up, so a guess ends nothing.
 */
export function createUdpTransport(): Transport {
  const portsOf = new Map<string, (Port | undefined)[]>()
  const known = new WeakMap<ServerAddress, (Port | undefined)[]>()
  const portsFor = (server: ServerAddress) => {
    const key = `${server.host} ${server.port}`
    const ports = portsOf.get(key) ?? []
    portsOf.set(key, ports)
    known.set(server, ports)
    return ports
  }
  return {
    ask: (server, question, options) => {
      const ports = known.get(server) ?? portsFor(server)
      const slot = randomInt(limits.dnsSocketsPerServer)
      let port = ports[slot]
      if (port === undefined || !port.isUsable()) {
        port = openPort(server)
        ports[slot] = port
      }
      return port.ask(question, options)
    },
    close: () => {
      for (const ports of portsOf.values()) for (const port of ports.splice(0)) port?.retire()
      portsOf.clear()
    },
  }
}

function openPort(server: ServerAddress): Port {
  const family = isIP(server.host) === 6 ? 6 : 4
  const socket: Socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // Hosts are addresses; the default look-up would take a turn of the thread pool for each socket.
    lookup: (host, _options, callback) => callback(null, host, family),
  })
  const pending = new Map<number, Pending>()
  const unsent: { readonly id: number; readonly bytes: Buffer }[] = []
  let isConnected = false
  let asked = 0
  let retired = false
  let closed = false

  const closeWhenDone = () => {
    if (!retired || closed || pending.size > 0) return
    closed = true
    clearTimeout(renewal)
    clearTimeout(timer ?? undefined)
    socket.close()
  }
  const retire = () => {
    retired = true
    closeWhenDone()
  }
  const renewal = setTimeout(retire, limits.dnsSocketMs)
  renewal.unref()

  // One timer for all that wait: a timer for each of thousands a second would cost more than asking.
  let timer: NodeJS.Timeout | null = null
  let timerAt = Number.POSITIVE_INFINITY
  const watch = (dueAt: number, now: number) => {
    timer?.ref()
    if (timer !== null && timerAt <= dueAt) return
    clearTimeout(timer ?? undefined)
    timerAt = dueAt
    timer = setTimeout(expire, Math.max(0, dueAt - now))
  }
  const expire = () => {
    timer = null
    timerAt = Number.POSITIVE_INFINITY
    const now = performance.now()
    let nextAt = Number.POSITIVE_INFINITY
    for (const waiting of pending.values()) {
      // A timer may fire a little early.
      if (waiting.dueAt > now + 1) nextAt = Math.min(nextAt, waiting.dueAt)
      else waiting.settle({ ok: false, reason: waiting.suspicion ?? 'timeout', detail: null })
    }
    if (!closed && nextAt < Number.POSITIVE_INFINITY) watch(nextAt, now)
  }

  const failAll = (error: Error) => {
    const reply: Reply = { ok: false, ...reasonOfSocketError(error) }
    for (const waiting of pending.values()) waiting.settle(reply)
    retire()
  }
  socket.on('error', failAll)
  socket.on('message', message => receive(message, pending))
  socket.unref()
  const sendAll = () => {
    if (!isConnected) return
    for (const { id, bytes } of unsent.splice(0)) {
      // Without a callback an error comes as the socket's own, and it concerns all that share it.
      if (!closed && pending.get(id)?.sent === bytes) socket.send(bytes)
    }
  }
  socket.connect(server.port, server.host, () => {
    isConnected = true
    sendAll()
  })

  return {
    retire,
    isUsable: () => !retired,
    ask: (question, options) =>
      new Promise(resolve => {
        if (options.stop.stopped) return resolve({ ok: false, reason: 'cancelled', detail: null })
        asked++
        if (asked >= limits.dnsQuestionsPerSocket) retired = true
        let id = randomInt(0x10000)
        while (pending.has(id)) id = randomInt(0x10000)
        const bytes = encodeQuestion(id, question, options.edns)
        const settle = (reply: Reply) => {
          if (!pending.delete(id)) return
          options.stop.callOff(cancel)
          // Only somebody who waits keeps the process alive.
          if (pending.size === 0) timer?.unref()
          resolve(reply)
          closeWhenDone()
        }
        const cancel = () => settle({ ok: false, reason: 'cancelled', detail: null })
        const now = performance.now()
        const dueAt = now + options.waitMs
        pending.set(id, { question, sent: bytes, dueAt, suspicion: null, settle })
        watch(dueAt, now)
        options.stop.onStop(cancel)
        // What is asked in one turn of the event loop leaves together: a server that rests is woken once, not for each.
        if (unsent.push({ id, bytes }) === 1) setImmediate(sendAll)
      }),
  }
}

function receive(bytes: Buffer, pending: ReadonlyMap<number, Pending>): void {
  const asked = bytes.length < 2 ? undefined : pending.get(bytes.readUInt16BE(0))
  if (asked !== undefined && repeatsQuestion(bytes, asked.sent)) {
    settleBy(asked, bytes, repeatedEnvelope(bytes, asked.question, asked.sent))
    return
  }
  const envelope = readEnvelope(bytes)
  if (envelope === null) {
    for (const waiting of pending.values()) waiting.suspicion ??= 'malformed'
    return
  }
  const waiting = pending.get(envelope.id)
  if (waiting === undefined) {
    // A late answer to a question that was given up has an unknown id too: only its question tells whom it concerns.
    for (const other of pending.values())
      if (answersQuestion(envelope, other.question)) other.suspicion = 'mismatched'
    return
  }
  if (!answersQuestion(envelope, waiting.question)) {
    waiting.suspicion = 'mismatched'
    return
  }
  settleBy(waiting, bytes, envelope)
}

function settleBy(waiting: Pending, bytes: Buffer, envelope: Envelope): void {
  const decoded = decodeMessage(bytes, envelope)
  waiting.settle(decoded.ok ? decoded : { ok: false, reason: decoded.reason, detail: null })
}
