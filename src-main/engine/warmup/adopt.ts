import type { SeenMessage } from '../net/mail-world.ts'
import type { Writes } from '../storage/open.ts'
import type { WarmupContext } from './context.ts'
import { countSent } from './members.ts'
import { count } from './days.ts'
import { writeAdopted } from './intents.ts'
import { findMessage, type LedgerMessage, messageById } from './ledger.ts'
import { verifyReceived } from './own-id.ts'
import type { TokenKeys } from './token-keys.ts'
import { tokenHeader } from './token.ts'
import type { TokenRefusal } from '#shared/model/warmup.ts'

export type OurMessage =
  | {
      readonly ok: true
      readonly messageId: string
      readonly threadId: string
      readonly references: readonly string[]
      /** The Message-ID that what it answers was sent under. */
      readonly answeredId: string | null
      readonly sender: string
      readonly tokenId: string
    }
  | { readonly ok: false; readonly reason: TokenRefusal }

/** Whether a message that lies in a mailbox is one of ours, by its token alone. Pure. */
export function knowOurs(seen: SeenMessage, recipient: string, keys: TokenKeys, now: number): OurMessage {
  const token = tokenIn(seen, keys)
  if (token === null) return { ok: false, reason: 'missing' }
  const read = verifyReceived(seen.headers, { token, recipient, keys, now })
  if (read === null) return { ok: false, reason: 'other-message' }
  const { verdict, headers, threadId, answeredId, sender } = read
  if (!verdict.ok) return verdict
  const { messageId, references } = headers
  return { ok: true, messageId, threadId, references, answeredId, sender, tokenId: verdict.tokenId }
}

function tokenIn({ headers }: SeenMessage, keys: TokenKeys): string | null {
  const names = keys.map(key => tokenHeader(key).toLowerCase())
  return names.map(name => headers.get(name)).find(value => value !== undefined) ?? null
}

/**
 * Takes a message whose token holds into the books, which do not know it: they were put back from a backup, or another
 * copy of this data sends as well. Null when its sender is none of ours any more.
 */
export function adopt(
  context: WarmupContext,
  writes: Writes,
  keys: TokenKeys,
  toNo: number,
  seen: SeenMessage,
): LedgerMessage | null {
  const { roster, dates, platform } = context
  const now = platform.clock.now()
  const recipient = roster.of(toNo)
  if (recipient === null) return null
  const ours = knowOurs(seen, recipient.mailbox.address, keys, now)
  if (!ours.ok) return null
  const known = findMessage(writes, ours.messageId)
  if (known !== null) return known
  const key = ours.sender.toLowerCase()
  const sender = roster.all().find(({ mailbox }) => mailbox.address.toLowerCase() === key)
  if (sender === undefined) return null
  const parent = ours.answeredId === null ? null : findMessage(writes, ours.answeredId)
  const at = Math.min(now, seen.receivedAt)
  const date = dates.dateOf(at, sender.member.settings.timeZone)
  const id = writeAdopted(writes, {
    messageId: ours.messageId,
    threadId: parent?.threadId ?? ours.threadId,
    parent: parent?.id ?? null,
    fromNo: sender.member.no,
    toNo,
    kind: ours.references.length === 0 ? 'new' : 'reply',
    depth: ours.references.length + 1,
    references: ours.references,
    slotAt: null,
    date,
    intentAt: at,
    expiresAt: now,
    language: 'en',
    subject: '',
    // Unknown, so nothing will quote it and it is not answered again.
    body: null,
    tokenId: ours.tokenId,
  })
  count(writes, sender.member.no, date, 'sent')
  countSent(writes, sender.member.no)
  context.noteRestored(at)
  return messageById(writes, id)
}
