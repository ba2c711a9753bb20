import type { MailHandle, SeenMessage } from '../net/mail-world.ts'
import type { Writes } from '../storage/open.ts'
import type { Placement } from '#shared/model/warmup-view.ts'
import { countRefusedTokens, noteActivity } from './activity.ts'
import { adopt, knowOurs } from './adopt.ts'
import type { WarmupContext } from './context.ts'
import { count, countPlacement } from './days.ts'
import {
  findMessage,
  type LedgerMessage,
  planChore,
  writeFound,
  writePlace,
  writeReplyDue,
} from './ledger.ts'
import { addressOf, settleSent, touchRows } from './outcomes.ts'
import type { Participant } from './roster.ts'
import { type Random, randomOf } from './random.ts'
import { dwellMs, replyStaleMs, replyTo } from './replies.ts'
import { knowGuest, noteHeard, readGuestText, writeGuestMessage } from './partners/arrivals.ts'
import { isGuest } from './partners/store.ts'
import { readReportIn } from './reports.ts'
import type { TokenKeys } from './token-keys.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Refused tokens that are told of one mailbox in a day; whoever forges them sends many. */
const refusalsTold = 20
/** How long a person takes to open a message, at least and at most. */
const opened = { leastMs: 2 * minuteMs, mostMs: 45 * minuteMs }

/**
 * What has arrived in a mailbox. Only a message whose token holds is ours: it is noted where it lies, and what is to be
 * done about it is planned. A report is matched with the books. Everything else is a person's own mail and left alone.
 */
export async function takeMessage(
  context: WarmupContext,
  no: number,
  seen: SeenMessage,
  mail: MailHandle,
  signal: AbortSignal,
): Promise<void> {
  const { store, roster, platform } = context
  const keys = context.keys()
  const recipient = roster.of(no)
  if (keys === null || recipient === null) return
  const now = platform.clock.now()
  const ours = knowOurs(seen, recipient.mailbox.address, keys, now)
  if (!ours.ok && ours.reason === 'other-mailbox' && isForAnother(context, seen, keys, now)) return
  if (!ours.ok && ours.reason === 'missing') {
    const isTheirs = await takeFromGuest(context, recipient, seen, mail, signal)
    return isTheirs ? undefined : readReportIn(context, no, seen, mail, signal)
  }
  store.write(writes => {
    if (!ours.ok) return noteRefused(writes, no, ours.reason, now)
    const message = findMessage(writes, ours.messageId) ?? adopt(context, writes, keys, no, seen)
    if (message === null || message.toNo !== no) return noteRefused(writes, no, 'other-mailbox', now)
    takeArrival(context, writes, message, seen, now)
  })
  context.wake()
}

/**
 * Whether a message is one of ours to another mailbox of the pool: both may be names of one account, or one hands on to the
 * other. It is that one's to find, and nobody's forgery.
 */
function isForAnother({ roster }: WarmupContext, seen: SeenMessage, keys: TokenKeys, now: number): boolean {
  const written = (seen.headers.get('to') ?? '').toLowerCase()
  const other = roster.all().find(({ mailbox }) => written.includes(mailbox.address.toLowerCase()))
  return other !== undefined && knowOurs(seen, other.mailbox.address, keys, now).ok
}

/** Takes what a partner's mailbox wrote; false when the message says nothing of one. */
async function takeFromGuest(
  context: WarmupContext,
  recipient: Participant,
  seen: SeenMessage,
  mail: MailHandle,
  signal: AbortSignal,
): Promise<boolean> {
  const { store, platform } = context
  const { no } = recipient.member
  const known = knowGuest(context, recipient, seen, platform.clock.now())
  if (known.kind === 'none') return false
  const isNew = known.kind === 'ours' && findMessage(store, known.message.headers.messageId) === null
  const text = isNew ? await readGuestText(context, seen, mail, signal) : null
  const now = platform.clock.now()
  store.write(writes => {
    if (known.kind === 'refused') return noteRefused(writes, no, known.reason, now)
    if (known.kind === 'early') return noteHeard(context, writes, known.partnerId, now)
    const message = writeGuestMessage(context, writes, recipient, known.message, seen, text, now)
    if (message === null) return noteRefused(writes, no, 'other-message', now)
    noteHeard(context, writes, known.message.guest.partnerId, now)
    // Their thread rests the pair as one of ours does.
    if (isNew && message.kind === 'new') context.roster.record(message.fromNo, no, message.intentAt)
    takeArrival(context, writes, message, seen, now)
  })
  context.wake()
  return true
}

function noteRefused(writes: Writes, no: number, reason: string, now: number): void {
  if (countRefusedTokens(writes, no, now - dayMs, refusalsTold) >= refusalsTold) return
  noteActivity(writes, no, 'token-refused', { reason }, now)
}

/** Notes where a message of ours lies. Told again of the same one it changes nothing; a second copy is left alone. */
export function takeArrival(
  context: WarmupContext,
  writes: Writes,
  message: LedgerMessage,
  seen: SeenMessage,
  now: number,
): void {
  const place = placeOf(seen)
  if (message.foundAt !== null) {
    if (message.place === place) return
    // Under another UIDVALIDITY the folder was numbered anew, and its messages come again.
    const isSecondCopy =
      message.place?.startsWith(`${seen.folder}\n${seen.uidValidity}\n`) === true &&
      message.rescuedAt === null
    if (isSecondCopy) return noteRefused(writes, message.toNo, 'replayed', now)
    return writePlace(writes, message.id, seen.folder, place)
  }
  settleSent(context, writes, message, now)
  noteFound(context, writes, message, seen, now)
  planWhatFollows(context, writes, message, seen, now)
  touchRows(context, writes, message, now)
}

export function placeOf({ folder, uidValidity, uid }: SeenMessage): string {
  return `${folder}\n${uidValidity}\n${uid}`
}

function noteFound(
  context: WarmupContext,
  writes: Writes,
  message: LedgerMessage,
  seen: SeenMessage,
  now: number,
): void {
  const { roster, dates } = context
  const sender = roster.of(message.fromNo)
  const recipient = roster.of(message.toNo)
  const isOwn = !isGuest(message.fromNo)
  const placement = placementOf(seen)
  const providers = {
    fromNo: message.fromNo,
    fromProvider: sender?.mailbox.provider ?? 'other',
    toProvider: recipient?.mailbox.provider ?? 'other',
  }
  if (message.placement !== null && message.placedDate !== null) {
    // It was called missing, and has come after all.
    countPlacement(writes, { ...providers, date: message.placedDate, placement: message.placement }, -1)
  }
  const placedDate = sender === null ? message.date : dates.dateOf(now, sender.member.settings.timeZone)
  writeFound(writes, message.id, {
    foundAt: now,
    placement,
    placedDate,
    folder: seen.folder,
    place: placeOf(seen),
    receivedId: seen.messageId === message.messageId ? null : seen.messageId,
  })
  // Where a guest's mail lies is for the partner to count; the answer tells.
  if (isOwn) countPlacement(writes, { ...providers, date: placedDate, placement }, 1)
  if (recipient !== null) {
    const { no, settings } = recipient.member
    count(writes, no, dates.dateOf(now, settings.timeZone), 'received')
  }
  if (!isOwn) return
  const code = `found-in-${placement === 'missing' ? 'inbox' : placement}` as const
  noteActivity(writes, message.fromNo, code, { to: addressOf(context, message.toNo) }, now)
}

/** Where a filter of the recipient moved it is a place of its choice, so it counts as the inbox. */
function placementOf({ role }: SeenMessage): Placement {
  return role === 'junk' || role === 'category' ? role : 'inbox'
}

/** Rescue, reading and filing each after a human time, and whether an answer is due. */
function planWhatFollows(
  context: WarmupContext,
  writes: Writes,
  message: LedgerMessage,
  seen: SeenMessage,
  now: number,
): void {
  // A person threw it away.
  if (seen.role === 'trash') return planChore(writes, message.id, null, null)
  const random = randomOf(context.seed, 'opened', message.messageId)
  const openedAt = now + openedAfterMs(random)
  const readAt = openedAt + dwellMs(wordsOf(message, seen), random)
  if (seen.role === 'junk') planChore(writes, message.id, 'rescue', openedAt)
  else planChore(writes, message.id, 'read', readAt)
  const recipient = context.roster.of(message.toNo)
  if (recipient === null || message.body === null || message.bouncedAt !== null) return
  if (now - message.intentAt >= replyStaleMs || context.reputation.isAutomatic(seen.headers)) return
  const { replyRate } = recipient.member.settings
  const { threadId, depth } = message
  const answer = replyTo({ seed: context.seed, threadId, depth, replyRate })
  if (answer.answers) writeReplyDue(writes, message.id, Math.max(now + answer.delayMs, readAt))
}

function openedAfterMs(random: Random): number {
  const { leastMs, mostMs } = opened
  return Math.round(leastMs * (mostMs / leastMs) ** random())
}

function wordsOf({ body }: LedgerMessage, { sizeBytes }: SeenMessage): number {
  return Math.min(400, body === null ? sizeBytes / 8 : body.split(/\s+/).length)
}
