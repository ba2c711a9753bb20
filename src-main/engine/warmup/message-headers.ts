/** The headers that put a message into its thread (RFC 5322 §3.6.4). */
export type ThreadHeaders = {
  readonly messageId: string
  /** The message that is answered; null for one that begins a thread. */
  readonly inReplyTo: string | null
  /** Every message before it, the first one first. */
  readonly references: readonly string[]
}

/** Room for every thread of ours and for one that a person goes on with; the first always stays, as RFC 5537 §3.4.4 asks. */
const mostReferences = 50

/** A Message-ID under the sender's domain. `unique` must be so for all messages of the domain; anything else is left out. */
export function messageIdOf(unique: string, senderAddress: string): string {
  const domain = senderAddress.slice(senderAddress.lastIndexOf('@') + 1).toLowerCase()
  return `<${unique.replace(/[^\w.-]/g, '')}@${domain}>`
}

/**
 * The headers of an answer: In-Reply-To is the parent's Message-ID, References the parent's References, or failing these
 * its one In-Reply-To, and then its Message-ID. Without a parent the message begins a thread. Pure.
 */
export function threadHeaders(messageId: string, parent: ThreadHeaders | null): ThreadHeaders {
  if (parent === null) return { messageId, inReplyTo: null, references: [] }
  const before =
    parent.references.length > 0 ? parent.references : parent.inReplyTo === null ? [] : [parent.inReplyTo]
  const chain = [...new Set([...before, parent.messageId])]
  const references =
    chain.length <= mostReferences ? chain : [...chain.slice(0, 1), ...chain.slice(1 - mostReferences)]
  return { messageId, inReplyTo: parent.messageId, references }
}

/** The thread headers of a received message; null when it has no Message-ID. */
export function readThreadHeaders(headers: ReadonlyMap<string, string>): ThreadHeaders | null {
  const [messageId] = idsIn(headers.get('message-id'))
  if (messageId === undefined) return null
  // Several In-Reply-To say nothing about the order, so RFC 5322 asks to take none of them.
  const answered = idsIn(headers.get('in-reply-to'))
  const inReplyTo = answered.length === 1 ? (answered[0] ?? null) : null
  return { messageId, inReplyTo, references: idsIn(headers.get('references')) }
}

/** The message that began a thread. */
export function threadIdOf({ messageId, inReplyTo, references }: ThreadHeaders): string {
  return references[0] ?? inReplyTo ?? messageId
}

/** The address in a From header with one author. */
export function addressOfHeader(value: string): string {
  return (/<([^<>]{1,320})>\s*$/.exec(value)?.[1] ?? value).trim()
}

function idsIn(value: string | undefined): string[] {
  return (value ?? '').slice(0, 50_000).match(/<[^<>\s]{1,400}>/g) ?? []
}
