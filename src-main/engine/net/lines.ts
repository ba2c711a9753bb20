import type { Socket } from 'node:net'
import { type Deadline, partOf } from './deadline.ts'
import { limits } from './limits.ts'

export type LineRead =
  | { readonly kind: 'line'; readonly text: string }
  | {
      readonly kind: 'ended'
      readonly why: 'late' | 'cancelled' | 'closed' | 'too-much' | 'error'
      readonly error: Error | null
      /** What had come of a line that never ended. */
      readonly partial: string
    }

export type Lines = {
  /** The next line without its end, as Latin-1. `waitMs` bounds this one read within the deadline. */
  next(deadline: Deadline, waitMs: number): Promise<LineRead>
  /** Octets that came and were not read. */
  unread(): number
  /** Whether anything came at all. */
  heard(): boolean
  /** Leaves the socket to somebody else; the unread octets are theirs. */
  release(): Buffer
}

/**
 * Reads lines from a socket. More than `limits.mailLineBytes` without a line's end, or `limits.mailReplyBytes` that
 * nobody has read, stop the reading and destroy the socket: whoever floods us is not listened to. `hasSpoken` tells that the
 * server was heard before on the same connection.
 */
export function readLines(socket: Socket, hasSpoken = false): Lines {
  let chunks: Buffer[] = []
  let size = 0
  let heard = hasSpoken
  let broken: { why: 'closed' | 'too-much' | 'error'; error: Error | null } | null = null
  let wake: (() => void) | null = null

  const wakeUp = () => wake?.()
  const stop = (why: 'closed' | 'too-much' | 'error', error: Error | null) => {
    broken ??= { why, error }
    wake?.()
  }
  const onData = (chunk: Buffer) => {
    heard = true
    chunks.push(chunk)
    size += chunk.length
    if (size > limits.mailReplyBytes) {
      stop('too-much', null)
      socket.destroy()
    }
    wake?.()
  }
  const onError = (error: Error) => stop('error', error)
  const onEnd = () => stop('closed', null)
  socket.on('data', onData)
  socket.on('error', onError)
  socket.on('end', onEnd)
  socket.on('close', onEnd)
  if (socket.destroyed || socket.readableEnded) onEnd()

  /** One buffer of all that waits; the bound on its size keeps this cheap. */
  const gathered = (): Buffer => {
    if (chunks.length > 1) chunks = [Buffer.concat(chunks)]
    return chunks[0] ?? Buffer.alloc(0)
  }
  const take = (): LineRead | null => {
    const waiting = gathered()
    const end = waiting.indexOf(0x0a)
    if (end > limits.mailLineBytes || (end < 0 && waiting.length > limits.mailLineBytes)) {
      stop('too-much', null)
      socket.destroy()
    } else if (end >= 0) {
      const rest = waiting.subarray(end + 1)
      chunks = rest.length > 0 ? [rest] : []
      size = rest.length
      return { kind: 'line', text: waiting.toString('latin1', 0, end).replace(/\r$/, '') }
    }
    if (broken === null) return null
    const partial = waiting.toString('latin1', 0, limits.mailLineBytes)
    chunks = []
    size = 0
    return { kind: 'ended', ...broken, partial }
  }

  return {
    next: async (deadline, waitMs) => {
      const own = partOf(deadline, waitMs)
      own.signal.addEventListener('abort', wakeUp, { once: true })
      try {
        for (;;) {
          const read = take()
          if (read !== null) return read
          if (own.signal.aborted) {
            const partial = gathered().toString('latin1', 0, limits.mailLineBytes)
            return { kind: 'ended', why: own.ended() ?? 'late', error: null, partial }
          }
          await new Promise<void>(resolve => {
            wake = resolve
          })
          wake = null
        }
      } finally {
        own.signal.removeEventListener('abort', wakeUp)
        own.end()
      }
    },
    unread: () => size,
    heard: () => heard,
    release: () => {
      socket.off('data', onData)
      socket.off('error', onError)
      socket.off('end', onEnd)
      socket.off('close', onEnd)
      socket.pause()
      return gathered()
    },
  }
}
