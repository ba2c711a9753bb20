import type { SoughtMessage } from '../net/mail-world.ts'
import {
  addressOfHeader,
  messageIdOf,
  readThreadHeaders,
  type ThreadHeaders,
  threadIdOf,
} from './message-headers.ts'
import { keyedHeader, type TokenVerdict, verifyToken } from './token.ts'

/*
 * Outlook.com, Amazon SES and others give a message another Message-ID when they take it. So it carries its own in a
 * header as well, the one in use first and then that of the message it answers, without the domains, which are those of
 * its sender and its recipient. Only a token that holds makes anything of it.
 */

/** The name of the header with the Message-ID a message was sent under, made from the key as that of the token is. */
export function idHeader(key: Uint8Array): string {
  return keyedHeader(key, 'id')
}

/** What stands in that header. */
export function idValue(messageId: string, answered: string | null): string {
  return answered === null ? uniqueIn(messageId) : `${uniqueIn(messageId)} ${uniqueIn(answered)}`
}

export type Verified = {
  readonly verdict: TokenVerdict
  /** The thread as it was received, but under the Message-ID the message was sent under. */
  readonly headers: ThreadHeaders
  readonly threadId: string
  /** The Message-ID it lies there under, where that is another. */
  readonly receivedId: string | null
  /** The Message-ID that what it answers was sent under; null when it begins a thread. */
  readonly answeredId: string | null
  readonly sender: string
}

/** Whether the token of a received message holds, under whatever Message-ID it arrived; null when it has none. Pure. */
export function verifyReceived(
  received: ReadonlyMap<string, string>,
  how: {
    readonly token: string | null
    readonly recipient: string
    readonly keys: readonly Uint8Array[]
    readonly now: number
  },
): Verified | null {
  const read = readThreadHeaders(received)
  if (read === null) return null
  const { token, recipient, keys, now } = how
  const sender = addressOfHeader(received.get('from') ?? '')
  const [own, answered] = idsIn(received, keys)
  const messageId = own === undefined ? read.messageId : messageIdOf(own, sender)
  const headers: ThreadHeaders = { ...read, messageId }
  const threadId = threadIdOf(headers)
  const subject = { messageId, sender, recipient, threadId }
  const named = read.references.at(-1) ?? read.inReplyTo
  return {
    verdict: verifyToken({ token, subject, now, keys, isSeen: () => false }),
    headers,
    threadId,
    receivedId: messageId === read.messageId ? null : read.messageId,
    answeredId: answered === undefined || named === null ? named : messageIdOf(answered, recipient),
    sender,
  }
}

/** By what a message of ours is looked for, wherever it lies. */
export function soughtOf(
  { messageId, receivedId }: { readonly messageId: string; readonly receivedId?: string | null },
  keys: readonly Uint8Array[],
): SoughtMessage {
  const marks = keys.map(key => ({ header: idHeader(key).toLowerCase(), value: uniqueIn(messageId) }))
  return { messageId: receivedId ?? messageId, marks }
}

/** The Message-ID of the message by `sender` that is given back in a report, where the report shows its headers. */
export function idInReport(raw: Uint8Array, sender: string, keys: readonly Uint8Array[]): string | null {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1')
  for (const key of keys) {
    const found = new RegExp(`^[ \\t>]*${idHeader(key)}[ \\t]*:\\s*([\\w.-]{1,100})`, 'im').exec(text)?.[1]
    if (found !== undefined) return messageIdOf(found, sender)
  }
  return null
}

function idsIn(received: ReadonlyMap<string, string>, keys: readonly Uint8Array[]): string[] {
  const value = keys.map(key => received.get(idHeader(key).toLowerCase())).find(one => one !== undefined)
  const words = (value ?? '').trim().slice(0, 300).split(/\s+/)
  return words.every(word => /^[\w.-]{1,100}$/.test(word)) ? words : []
}

function uniqueIn(messageId: string): string {
  return messageId.slice(1, messageId.lastIndexOf('@'))
}
