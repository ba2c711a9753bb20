import { createHmac } from 'node:crypto'
import type { Result } from '#shared/failure.ts'
import type { SeenMessage } from '../net/mail-world.ts'
import { adopt } from './adopt.ts'
import { keysWith, type WarmupContext } from './context.ts'
import { type LedgerMessage, writeReplyDue } from './ledger.ts'
import { newestAccepted } from './ledger-counts.ts'
import { messageIdOf } from './message-headers.ts'
import { soughtOf } from './own-id.ts'
import { isGuest } from './partners/store.ts'
import type { TokenKeys } from './token-keys.ts'

/**
 * Whether a message from before this process began is still to be answered. The books may be older than what was sent,
 * so its answer, whose Message-ID follows from it, is looked for at its recipient first.
 */
export async function lookFirst(
  context: WarmupContext,
  keys: TokenKeys,
  answers: LedgerMessage,
  signal: AbortSignal,
): Promise<boolean> {
  if (isGuest(answers.fromNo)) return lookAmongSent(context, keys, answers, signal)
  const writer = context.roster.of(answers.toNo)
  const mail = context.watches.mailOf(answers.fromNo)
  if (writer === null || mail === null) return false
  const messageId = answerIdOf(keys, answers.messageId, writer.mailbox.address)
  const looked: Result<SeenMessage | null> = await mail.find(soughtOf({ messageId }, keys), signal)
  if (!looked.ok) return false
  const seen = looked.value
  if (seen === null) return true
  context.store.write(writes => adopt(context, writes, keys, answers.fromNo, seen))
  return false
}

/**
 * The same for an answer to a guest, into whose mailbox nobody here can look. Only our own server can tell, and only one
 * that keeps copies: the newest message this mailbox is known to have sent must be among them. Else it is left out.
 */
async function lookAmongSent(
  context: WarmupContext,
  keys: TokenKeys,
  answers: LedgerMessage,
  signal: AbortSignal,
): Promise<boolean> {
  const { store, roster, watches } = context
  const writer = roster.of(answers.toNo)
  const mail = watches.mailOf(answers.toNo)
  if (writer === null || mail === null) return false
  const leaveOut = () => {
    store.write(writes => writeReplyDue(writes, answers.id, null))
    return false
  }
  const messageId = answerIdOf(keys, answers.messageId, writer.mailbox.address)
  const sent = await mail.findSent(soughtOf({ messageId }, keysWith(context, answers.fromNo)), signal)
  if (!sent.ok) return false
  const witness = newestAccepted(store, answers.toNo)
  if (sent.value !== null || witness === null) return leaveOut()
  const { messageId: known, toNo } = witness
  const kept = await mail.findSent(soughtOf({ messageId: known }, keysWith(context, toNo)), signal)
  if (!kept.ok) return false
  return kept.value === null ? leaveOut() : true
}

/** The Message-ID of the answer to a message: the same every time, so that it cannot go out twice unnoticed. */
export function answerIdOf(keys: TokenKeys, answered: string, writerAddress: string): string {
  const unique = createHmac('sha256', keys[0]).update(`answer\0${answered}\0${writerAddress.toLowerCase()}`)
  return messageIdOf(unique.digest('hex').slice(0, 32), writerAddress)
}
