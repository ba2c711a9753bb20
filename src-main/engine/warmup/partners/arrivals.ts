import { type TextLanguage, textLanguages, type TokenRefusal } from '#shared/model/warmup.ts'
import { limits } from '../../net/limits.ts'
import type { MailHandle, SeenMessage } from '../../net/mail-world.ts'
import type { Writes } from '../../storage/open.ts'
import type { WarmupContext } from '../context.ts'
import { countPlacement } from '../days.ts'
import { writeAdopted } from '../intents.ts'
import { findMessage, type LedgerMessage, messageById, planChore, writeReported } from '../ledger.ts'
import { type ThreadHeaders, threadIdOf } from '../message-headers.ts'
import { verifyReceived } from '../own-id.ts'
import { noteActivity } from '../activity.ts'
import { settleSent, touchRows } from '../outcomes.ts'
import { deepestThread } from '../pool.ts'
import type { Participant } from '../roster.ts'
import { readReport, reportHeader } from './report.ts'
import { countWith, findPartner, type Guest, putPartner } from './store.ts'

export type GuestMessage = {
  readonly guest: Guest
  readonly headers: ThreadHeaders
  /** The Message-ID that what it answers was sent under. */
  readonly answeredId: string | null
  readonly tokenId: string
  readonly key: Uint8Array
}

export type KnownMessage =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly reason: TokenRefusal }
  /** The person here has not compared the check number yet: nothing is done but that it is known. */
  | { readonly kind: 'early'; readonly partnerId: string }
  | { readonly kind: 'ours'; readonly message: GuestMessage }

/**
 * Whether a message comes from a partner: its token holds under the key of that pair, its sender is one of theirs, and the
 * mailbox it lies in is one we let them have. Everything else gets nothing.
 */
export function knowGuest(
  context: WarmupContext,
  { member, mailbox }: Participant,
  seen: SeenMessage,
  now: number,
): KnownMessage {
  const owner = context.partnerKeys.ownerOf(seen.headers)
  const partner = owner === null ? undefined : context.roster.partners().find(({ id }) => id === owner.id)
  if (owner === null || partner === undefined || partner.stage !== 'agreed') return { kind: 'none' }
  const token = seen.headers.get(owner.header) ?? null
  const recipient = mailbox.address
  const read = verifyReceived(seen.headers, { token, recipient, keys: [owner.key], now })
  if (read === null) return { kind: 'refused', reason: 'other-message' }
  const { verdict, headers, answeredId } = read
  if (!verdict.ok) return { kind: 'refused', reason: verdict.reason }
  const sender = read.sender.toLowerCase()
  const guest = context.roster
    .guests()
    .find(one => one.partnerId === partner.id && one.address === sender && one.isIn)
  const isOffered = partner.own.mailboxIds.includes(member.mailboxId)
  if (guest === undefined || !isOffered) return { kind: 'refused', reason: 'other-mailbox' }
  if (partner.confirmedAt === null) return { kind: 'early', partnerId: partner.id }
  return { kind: 'ours', message: { guest, headers, answeredId, tokenId: verdict.tokenId, key: owner.key } }
}

/** A partner has written: whatever silence there was is over. */
export function noteHeard(context: WarmupContext, writes: Writes, partnerId: string, now: number): void {
  const partner = findPartner(writes, partnerId)
  if (partner === null) return
  const isNews = partner.heardAt === null || partner.silentAt !== null
  putPartner(writes, {
    ...partner,
    heardAt: now,
    silentAt: null,
    sinceAt: isNews ? now : partner.sinceAt,
    // They have our answer, or they would not know our half of the key.
    text: partner.text?.kind === 'answer' ? null : partner.text,
  })
  context.roster.touchPartners()
}

export type ReadGuestText = { readonly subject: string; readonly text: string } | null

/** What a guest wrote, for the answer to quote; null when it cannot be read, and then there is no answer. */
export async function readGuestText(
  context: WarmupContext,
  seen: SeenMessage,
  mail: MailHandle,
  signal: AbortSignal,
): Promise<ReadGuestText> {
  const raw = await mail.read(seen, limits.mailGuestTextBytes, signal)
  return raw.ok ? context.reputation.readText(raw.value) : null
}

/**
 * Takes a message of a guest into the books, where it may be answered from; null when its Message-ID is that of a message
 * somebody else sent. What it answers has arrived, and where, if the partner says so.
 */
export function writeGuestMessage(
  context: WarmupContext,
  writes: Writes,
  recipient: Participant,
  { guest, headers, answeredId: answered, tokenId, key }: GuestMessage,
  seen: SeenMessage,
  text: ReadGuestText,
  now: number,
): LedgerMessage | null {
  const { member } = recipient
  const known = findMessage(writes, headers.messageId)
  if (known !== null) return known.fromNo === guest.no && known.toNo === member.no ? known : null
  const parent = answered === null ? null : findMessage(writes, answered)
  const isAnswer = parent !== null && parent.fromNo === member.no && parent.toNo === guest.no
  const depth = isAnswer ? parent.depth + 1 : headers.references.length + 1
  const at = Math.min(now, seen.receivedAt)
  const isTooDeep = headers.references.length > deepestThread
  const id = writeAdopted(writes, {
    messageId: headers.messageId,
    threadId: threadIdOf(headers),
    parent: isAnswer ? parent.id : null,
    fromNo: guest.no,
    toNo: member.no,
    kind: answered === null ? 'new' : 'reply',
    depth,
    references: isTooDeep ? [] : headers.references,
    slotAt: null,
    date: context.dates.dateOf(at, member.settings.timeZone),
    intentAt: at,
    expiresAt: now,
    language: languageOf(seen),
    subject: (text?.subject ?? '').slice(0, 200),
    body: isTooDeep || text === null || text.text.trim() === '' ? null : text.text,
    tokenId,
  })
  countWith(writes, guest.no, 'received')
  if (isAnswer) noteArrived(context, writes, parent, { headers, key }, seen, now)
  return messageById(writes, id)
}

/** What was answered has arrived; where it lay is known only if the partner says so in a report that holds. */
function noteArrived(
  context: WarmupContext,
  writes: Writes,
  message: LedgerMessage,
  { headers, key }: Pick<GuestMessage, 'headers' | 'key'>,
  seen: SeenMessage,
  now: number,
): void {
  settleSent(context, writes, message, now)
  if (message.chore === 'settle' || message.chore === 'seek') planChore(writes, message.id, null, null)
  const sender = context.roster.of(message.fromNo)
  const subject = { messageId: headers.messageId, answered: message.messageId }
  const placement = readReport(seen.headers.get(reportHeader(key).toLowerCase()), subject, key)
  if (sender === null || message.placement !== null) return
  const date = context.dates.dateOf(now, sender.member.settings.timeZone)
  writeReported(writes, message.id, placement, date, now)
  const to = context.roster.correspondent(message.toNo)
  if (placement === null || to === null) return
  countPlacement(
    writes,
    {
      date,
      fromNo: message.fromNo,
      fromProvider: sender.mailbox.provider,
      toProvider: to.provider,
      placement,
    },
    1,
  )
  noteActivity(writes, message.fromNo, `found-in-${placement}`, { to: to.address }, now)
  touchRows(context, writes, message, now)
}

/** The language a message says it is in (RFC 3282), where it is one that we write. */
function languageOf({ headers }: SeenMessage): TextLanguage {
  const said = (headers.get('content-language') ?? '').trim().slice(0, 2).toLowerCase()
  return textLanguages.find(language => language === said) ?? 'en'
}
