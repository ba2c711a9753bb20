import type { Result } from '#shared/failure.ts'
import type { Credential } from '#shared/model/connection.ts'
import type { MailboxConnection } from '#shared/model/mailbox.ts'

export type Writer = { readonly name: string; readonly address: string }

/** How the exchange reaches one mailbox. The credential is read when it is needed and never kept. */
export type MailAccess = {
  readonly mailboxId: string
  readonly address: string
  readonly connection: MailboxConnection
  /** With `renew` another token in place of one that a server refused; a password is what it is. */
  credential(signal: AbortSignal, renew?: boolean): Promise<Result<Credential>>
}

/** A message of ours, complete before it is sent: its Message-ID stands in the books before a server hears of it. */
export type OutgoingMessage = {
  readonly from: Writer
  readonly to: Writer
  readonly subject: string
  readonly text: string
  /** RFC 5322 §3.6.4: what is answered, and every message before it, the first one first. */
  readonly messageId: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  /** The signed token and what else the pool adds. */
  readonly headers: Readonly<Record<string, string>>
  readonly at: number
}

/**
 * How sending ended. `refused` and `failed` say that the server has not taken it; after `unknown` it may have, so only a
 * look into the recipient's mailbox can tell.
 */
export type SendOutcome =
  | { readonly state: 'accepted'; readonly line: string }
  /** The server said no: its reply, for `classifyReply`, and to what; `greeting` is everything before the login. */
  | {
      readonly state: 'refused'
      readonly at: 'greeting' | 'login' | 'envelope' | 'message'
      readonly line: string
      readonly code: number
    }
  /** The server was not reached or hung up before it had the message. */
  | { readonly state: 'failed'; readonly reason: string; readonly offline: boolean }
  | { readonly state: 'unknown'; readonly reason: string }

export type FolderRole = 'inbox' | 'category' | 'junk' | 'sent' | 'trash' | 'archive' | 'ours' | 'other'

/** Where a message lies, and enough of it to tell whether it is ours. Headers are unfolded, names in lower case, bounded. */
export type SeenMessage = {
  readonly folder: string
  readonly role: FolderRole
  readonly uidValidity: string
  readonly uid: number
  readonly messageId: string | null
  readonly headers: ReadonlyMap<string, string>
  readonly sizeBytes: number
  readonly isRead: boolean
  readonly receivedAt: number
}

/** By what a message is looked for. */
export type SoughtMessage = {
  readonly messageId: string
  /** Headers, names in lower case, whose first word is its own: known by one where a server gave it another Message-ID. */
  readonly marks?: readonly { readonly header: string; readonly value: string }[]
}

/**
 * What can be asked of a mailbox that is watched. No call throws: each fails with `mailbox-unreachable` {reason} (try later),
 * `message-gone` (it lies there no more; `find` may know where), `timed-out` or `cancelled`.
 */
export type MailHandle = {
  /**
   * Looks for this message in inbox, junk and the folder of ours, then, because a person's filter may have moved it, in
   * the others but those of the sender; null when it is in none of them.
   */
  find(sought: SoughtMessage, signal: AbortSignal): Promise<Result<SeenMessage | null>>
  /** Looks for this message where the server keeps copies of what was sent; null when it is not there. */
  findSent(sought: SoughtMessage, signal: AbortSignal): Promise<Result<SeenMessage | null>>
  /** The raw message, at most `mostBytes` octets of it. */
  read(seen: SeenMessage, mostBytes: number, signal: AbortSignal): Promise<Result<Uint8Array>>
  /** Out of junk into the inbox, `$NotJunk` set and `$Junk` taken away; tells where it lies then. */
  rescue(seen: SeenMessage, signal: AbortSignal): Promise<Result<SeenMessage | null>>
  markRead(
    seen: SeenMessage,
    marks: { flagged: boolean; important: boolean },
    signal: AbortSignal,
  ): Promise<Result<null>>
  /** Into the folder of ours, which is made when it is not there. */
  file(seen: SeenMessage, signal: AbortSignal): Promise<Result<null>>
  /**
   * Deletes messages from the folder of ours that arrived before this moment and of which `isOurs` holds, for a person may
   * have put other mail there; `most` at once. Tells how many.
   */
  tidy(
    before: number,
    most: number,
    isOurs: (seen: SeenMessage) => boolean,
    signal: AbortSignal,
  ): Promise<Result<number>>
}

export type WatchEvents = {
  /**
   * A message that is new since the last place; called one after the other. The place moves on when it resolves; when it
   * rejects, the message comes again later. One may come twice, after a crash or when a server numbers its messages anew.
   */
  onMessage(seen: SeenMessage, mail: MailHandle): Promise<void>
  /** The place reached in a folder, to be kept and given back at the next start. */
  onPlace(place: FolderPlace): void
  /** Whether the mailbox can be reached; `line` is the server's own. After `refused` nothing is tried until watched anew. */
  onState(state: {
    readonly kind: 'watching' | 'polling' | 'offline' | 'refused'
    readonly line: string | null
  }): void
}

export type FolderPlace = { readonly folder: string; readonly uidValidity: string; readonly lastUid: number }

/** The effects on mail, so that a world in memory can stand in for servers in simulations. */
export type MailWorld = {
  send(access: MailAccess, message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>
  /** Watches inbox, its categories and junk until stopped. */
  watch(
    access: MailAccess,
    places: readonly FolderPlace[],
    events: WatchEvents,
  ): { readonly mail: MailHandle; stop(): Promise<void> }
}
