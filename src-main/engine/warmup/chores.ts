import type { MailHandle, SeenMessage } from '../net/mail-world.ts'
import type { Writes } from '../storage/open.ts'
import { noteActivity } from './activity.ts'
import { placeOf, takeArrival } from './arrivals.ts'
import { keysWith, type WarmupContext } from './context.ts'
import { count, countPlacement, reviseSlot } from './days.ts'
import {
  type Chore,
  findMessage,
  type LedgerMessage,
  messageById,
  planChore,
  stamp,
  writeMissing,
  writeOutcome,
  writePlace,
} from './ledger.ts'
import { addressOf, settleSent, settleWaitsMs, touchRows } from './outcomes.ts'
import { soughtOf } from './own-id.ts'
import { isGuest } from './partners/store.ts'
import { randomOf } from './random.ts'
import { dwellMs } from './replies.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Looks and chores wait this long when the recipient cannot be reached, longer each time. */
const firstWaitMs = 5 * minuteMs
const longestWaitMs = 6 * hourMs
/** A mailbox that was away longer than this is not tidied up after any more. */
const givenUpAfterMs = 14 * dayMs
/** How likely a message is flagged, and marked important: now and then, as a person does. */
const flaggedShare = 0.08
const importantShare = 0.12

/** Does what is due about a message in its recipient's mailbox, and plans what comes after. Doing it twice is harmless. */
export async function doChore(
  context: WarmupContext,
  due: Pick<LedgerMessage, 'id'>,
  signal: AbortSignal,
): Promise<void> {
  const { store, platform, watches } = context
  const message = messageById(store, due.id)
  if (message === null || message.chore === null) return
  // A partner's mailbox is not ours to look into; our own server may have kept a copy.
  const isTheirs = isGuest(message.toNo)
  const mail = watches.mailOf(isTheirs ? message.fromNo : message.toNo)
  const sought = soughtOf(message, keysWith(context, isTheirs ? message.toNo : message.fromNo))
  const found =
    mail === null ? null : await (isTheirs ? mail.findSent(sought, signal) : mail.find(sought, signal))
  if (mail === null || found === null || !found.ok) {
    return store.write(writes => putOff(writes, message, platform.clock.now()))
  }
  const seen = found.value
  const done = seen === null || isTheirs ? true : await act(context, message, seen, mail, signal)
  if (signal.aborted) return
  store.write(writes => {
    const now = platform.clock.now()
    const current = messageById(writes, message.id)
    // It arrived, or came back, while this was under way.
    if (current === null || current.chore !== message.chore) return
    if (!done) return putOff(writes, current, now)
    if (seen === null) noteNotThere(context, writes, current, now)
    else noteDone(context, writes, current, seen, now)
  })
}

/** The effect itself; false when the server could not do it now. */
async function act(
  context: WarmupContext,
  message: LedgerMessage,
  seen: SeenMessage,
  mail: MailHandle,
  signal: AbortSignal,
): Promise<boolean> {
  switch (message.chore) {
    case 'rescue':
      return seen.role !== 'junk' || (await mail.rescue(seen, signal)).ok
    case 'read': {
      const random = randomOf(context.seed, 'marks', message.messageId)
      const marks = { flagged: random() < flaggedShare, important: random() < importantShare }
      return seen.isRead || (await mail.markRead(seen, marks, signal)).ok
    }
    case 'file':
      return seen.role === 'ours' || (await mail.file(seen, signal)).ok
    default:
      return true
  }
}

function noteDone(
  context: WarmupContext,
  writes: Writes,
  message: LedgerMessage,
  seen: SeenMessage,
  now: number,
): void {
  const facts = { from: addressOf(context, message.fromNo) }
  const random = randomOf(context.seed, 'after', message.messageId, message.chore ?? '')
  const toNo = message.toNo
  const recipient = context.roster.of(toNo)
  const date =
    recipient === null ? message.date : context.dates.dateOf(now, recipient.member.settings.timeZone)
  const next = (chore: Chore | null, at: number | null) => planChore(writes, message.id, chore, at)
  switch (message.chore) {
    case 'settle':
    case 'seek':
      if (isGuest(toNo)) {
        next(null, null)
        settleSent(context, writes, message, now)
        break
      }
      takeArrival(context, writes, message, seen, now)
      break
    case 'rescue':
      stamp(writes, message.id, 'rescued_at', now)
      count(writes, toNo, date, 'rescued')
      noteActivity(writes, toNo, 'rescued', facts, now)
      next('read', now + dwellMs((message.body ?? '').split(/\s+/).length, random))
      touchRows(context, writes, message, now)
      break
    case 'read':
      stamp(writes, message.id, 'read_at', now)
      writePlace(writes, message.id, seen.folder, placeOf(seen))
      next('file', now + Math.round((20 + 70 * random()) * minuteMs))
      break
    case 'file':
      stamp(writes, message.id, 'filed_at', now)
      noteActivity(writes, toNo, 'filed', facts, now)
      next(null, null)
      break
    case null:
      break
  }
}

/** The mailbox was looked through, and the message lies nowhere in it. */
function noteNotThere(context: WarmupContext, writes: Writes, message: LedgerMessage, now: number): void {
  switch (message.chore) {
    case 'settle':
      return settleLook(context, writes, message, now)
    case 'seek':
      return noteMissing(context, writes, message, now)
    default:
      // A person deleted it.
      return planChore(writes, message.id, null, null)
  }
}

/** Looked for several times over two days it is certainly absent; before that mail may still be on its way. */
function settleLook(context: WarmupContext, writes: Writes, message: LedgerMessage, now: number): void {
  const tries = message.choreTries + 1
  const waitMs = settleWaitsMs[tries]
  if (waitMs !== undefined) return planChore(writes, message.id, 'settle', now + waitMs, tries)
  planChore(writes, message.id, null, null)
  if (isGuest(message.toNo)) {
    // No copy proves nothing: not every server keeps one. It stays unknown, and is never sent again.
    const facts = { to: addressOf(context, message.toNo), line: message.line ?? '' }
    return noteActivity(writes, message.fromNo, 'settled-unknown', facts, now)
  }
  writeOutcome(writes, message.id, 'dropped', message.line, now)
  if (message.slotAt !== null) reviseSlot(writes, message.fromNo, message.slotAt, 'dropped')
  const facts = { to: addressOf(context, message.toNo), line: message.line ?? '' }
  noteActivity(writes, message.fromNo, 'settled-not-sent', facts, now)
}

function noteMissing(context: WarmupContext, writes: Writes, message: LedgerMessage, now: number): void {
  const { roster, dates } = context
  const sender = roster.of(message.fromNo)
  planChore(writes, message.id, null, null)
  if (sender === null || message.placement !== null) return
  const date = dates.dateOf(now, sender.member.settings.timeZone)
  writeMissing(writes, message.id, date)
  const toProvider = roster.of(message.toNo)?.mailbox.provider ?? 'other'
  const fromProvider = sender.mailbox.provider
  countPlacement(writes, { date, fromNo: message.fromNo, fromProvider, toProvider, placement: 'missing' }, 1)
  noteActivity(writes, message.fromNo, 'not-found', { to: addressOf(context, message.toNo) }, now)
  touchRows(context, writes, message, now)
}

function putOff(writes: Writes, message: LedgerMessage, now: number): void {
  if (message.chore === null) return
  if (now - message.intentAt > givenUpAfterMs) return planChore(writes, message.id, null, null)
  const isLook = message.chore === 'settle' || message.chore === 'seek'
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(10, message.choreTries))
  // A look that could not be made is not one of those that show that a message is absent.
  const tries = isLook ? message.choreTries : message.choreTries + 1
  planChore(writes, message.id, message.chore, now + (isLook ? 3 * firstWaitMs : waitMs), tries)
}

/** Deletes what lies in the folder of ours for longer than a person wants it kept; tells how many messages. */
export async function tidyMailbox(context: WarmupContext, no: number, signal: AbortSignal): Promise<void> {
  const { store, platform, watches, settings } = context
  const mail = watches.mailOf(no)
  if (mail === null) return
  const now = platform.clock.now()
  const isOurs = ({ messageId }: SeenMessage) =>
    messageId !== null && findMessage(store, messageId)?.toNo === no
  const tidied = await mail.tidy(now - settings().tidyAfterDays * dayMs, 200, isOurs, signal)
  if (!tidied.ok || tidied.value === 0) return
  store.write(writes => noteActivity(writes, no, 'tidied', { count: tidied.value }, now))
}
