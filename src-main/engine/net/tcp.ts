import { randomInt } from 'node:crypto'
import { connect } from 'node:net'
import { reasonOfSocketError } from './classify.ts'
import { answersQuestion, decodeMessage, encodeQuestion, readEnvelope } from './message.ts'
import type { Reply, Transport } from './udp.ts'

/**
 * TCP, one connection a question (RFC 7766): for answers that do not fit a datagram. The length prefix bounds an
 * answer at 64 KiB. A connection that closes before the answer is complete is `connection-reset`.
 */
export function createTcpTransport(): Transport {
  const open = new Set<() => void>()
  return {
    ask: (server, question, options) =>
      new Promise(resolve => {
        if (options.stop.stopped) return resolve({ ok: false, reason: 'cancelled', detail: null })
        const id = randomInt(0x10000)
        const socket = connect({ host: server.host, port: server.port, noDelay: true })
        let received: Buffer = Buffer.alloc(0)
        const settle = (reply: Reply) => {
          clearTimeout(timer)
          options.stop.callOff(cancel)
          open.delete(cancel)
          socket.destroy()
          resolve(reply)
        }
        const cancel = () => settle({ ok: false, reason: 'cancelled', detail: null })
        const timer = setTimeout(
          () => settle({ ok: false, reason: 'timeout', detail: 'tcp' }),
          options.waitMs,
        )
        options.stop.onStop(cancel)
        open.add(cancel)
        socket.on('connect', () => {
          const bytes = encodeQuestion(id, question, options.edns)
          const length = Buffer.alloc(2)
          length.writeUInt16BE(bytes.length)
          socket.write(Buffer.concat([length, bytes]))
        })
        const chunks: Buffer[] = []
        let total = 0
        let wanted = 2
        socket.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          total += chunk.length
          if (total < wanted) return
          received = Buffer.concat(chunks)
          wanted = 2 + received.readUInt16BE(0)
          if (total >= wanted) settle(readReply(received.subarray(2, wanted)))
        })
        socket.on('error', error => settle({ ok: false, ...reasonOfSocketError(error) }))
        socket.on('close', () => settle({ ok: false, reason: 'connection-reset', detail: 'closed early' }))

        function readReply(bytes: Buffer): Reply {
          const envelope = readEnvelope(bytes)
          if (envelope === null) return { ok: false, reason: 'malformed', detail: null }
          if (envelope.id !== id || !answersQuestion(envelope, question)) {
            return { ok: false, reason: 'mismatched', detail: null }
          }
          const decoded = decodeMessage(bytes, envelope)
          if (!decoded.ok) return { ok: false, reason: decoded.reason, detail: null }
          if (decoded.message.truncated)
            return { ok: false, reason: 'too-large', detail: 'truncated over tcp' }
          return decoded
        }
      }),
    close: () => {
      for (const cancel of open) cancel()
    },
  }
}
