import type { ReplyReading } from '#shared/model/reply.ts'
import { classifyReply, isPacing, statusIn } from '../net/classify-reply.ts'
import type { SendOutcome } from '../net/mail-world.ts'
import type { Writes } from '../storage/open.ts'
import { noteActivity } from './activity.ts'
import type { WarmupContext } from './context.ts'
import { count, reviseSlot } from './days.ts'
import { limitStepAt } from './health.ts'
import { type LedgerMessage, messageById, planChore, releaseParent, stamp, writeOutcome } from './ledger.ts'
import { dateAfter, isSendingDay, localDay, windowSpans } from './local-day.ts'
import { askForLook, countSent, findMember, type Member, noteEvidence } from './members.ts'
import { countWith, isGuest, noteUnwelcome } from './partners/store.ts'
import { randomOf } from './random.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** A message nobody has seen after this long is called missing. */
const missingAfterMs = 72 * hourMs
/** When an unknown outcome is looked into at the recipient, counted from the look before. */
export const settleWaitsMs = [1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60].map(minutes => minutes * minuteMs)
/** Nobody writes to an address that refused mail for this long. */
const unwelcomeMs = 24 * hourMs

/** Keeps how sending ended, and what follows from it for the mailbox. Called once for each intent. */
export function keepOutcome(context: WarmupContext, writes: Writes, id: number, outcome: SendOutcome): void {
  const now = context.platform.clock.now()
  const message = messageById(writes, id)
  if (message === null || message.state !== 'intent') return
  const sender = findMember(writes, message.fromNo)
  if (sender === null) return
  // What was seen at the recipient has been sent, whatever the server said.
  const state = message.foundAt === null ? outcome.state : 'accepted'
  const line = 'line' in outcome ? outcome.line : 'reason' in outcome ? outcome.reason : null
  writeOutcome(writes, id, state, line, now)
  switch (state) {
    case 'accepted':
      noteSent(context, writes, message, now)
      break
    case 'refused':
      if (outcome.state === 'refused') noteRefused(context, writes, message, sender, outcome, now)
      break
    case 'failed':
      noteNotSent(context, writes, message, line ?? 'not reached', now)
      break
    case 'unknown':
      planChore(writes, id, 'settle', now + (settleWaitsMs[0] ?? minuteMs))
      break
  }
  writes.changed('warmup', sender.mailboxId, 'put')
  context.roster.touch([message.fromNo, message.toNo])
}

/** What lies at its recipient was sent, whatever the books say of it. One that is being sent right now tells so itself. */
export function settleSent(
  context: WarmupContext,
  writes: Writes,
  message: LedgerMessage,
  now: number,
): void {
  const isOpen = ['intent', 'unknown', 'failed', 'refused', 'dropped'].includes(message.state)
  if (!isOpen || context.inFlight.has(message.id)) return
  writeOutcome(writes, message.id, 'accepted', null, now)
  noteSent(context, writes, { ...message, foundAt: now }, now)
  noteActivity(writes, message.fromNo, 'settled-sent', { to: addressOf(context, message.toNo) }, now)
}

/** The message is on its way: it counts, and is looked for if nobody sees it in time. */
function noteSent(context: WarmupContext, writes: Writes, message: LedgerMessage, now: number): void {
  count(writes, message.fromNo, message.date, 'sent')
  if (message.kind === 'reply') count(writes, message.fromNo, message.date, 'replied')
  countSent(writes, message.fromNo)
  if (isGuest(message.toNo)) countWith(writes, message.toNo, 'sent')
  else if (message.foundAt === null) planChore(writes, message.id, 'seek', message.intentAt + missingAfterMs)
  const { subject, depth } = message
  const facts = { to: addressOf(context, message.toNo), depth, ...(subject === '' ? {} : { subject }) }
  noteActivity(writes, message.fromNo, message.kind === 'reply' ? 'replied' : 'sent', facts, now)
}

/** It certainly did not leave: the slot is over, and what it answered may still be answered. */
function noteNotSent(
  context: WarmupContext,
  writes: Writes,
  message: LedgerMessage,
  reason: string,
  now: number,
): void {
  releaseParent(writes, message)
  if (message.slotAt !== null) reviseSlot(writes, message.fromNo, message.slotAt, 'dropped')
  const facts = { to: addressOf(context, message.toNo), line: reason.slice(0, 200) }
  noteActivity(writes, message.fromNo, 'settled-not-sent', facts, now)
}

function noteRefused(
  context: WarmupContext,
  writes: Writes,
  message: LedgerMessage,
  sender: Member,
  outcome: Extract<SendOutcome, { state: 'refused' }>,
  now: number,
): void {
  const { evidence, health } = sender
  const step = limitStepAt(health, evidence.sentSinceLimit, now)
  const provider = context.roster.of(sender.no)?.mailbox.provider ?? null
  const reply = { provider, code: outcome.code, status: statusIn(outcome.line), text: outcome.line }
  const reading = classifyReply(reply, step)
  const facts = {
    to: addressOf(context, message.toNo),
    category: reading.category,
    line: outcome.line.slice(0, 300),
  }
  noteActivity(writes, sender.no, 'refused', facts, now)
  // A temporary answer (RFC 4954 §6) says nothing about the password.
  if (outcome.at === 'login' && outcome.code >= 500 && !isPacing(reading.category)) {
    releaseParent(writes, message)
    context.mailboxes.loginRefused(writes, sender.mailboxId, outcome.line)
    noteEvidence(writes, sender.no, {}, now)
    return
  }
  if (!reading.permanent) releaseParent(writes, message)
  else if (isReturned(reading)) {
    stamp(writes, message.id, 'bounced_at', now)
    count(writes, sender.no, message.date, 'bounced')
  }
  noteReading(context, writes, { fromNo: sender.no, toNo: message.toNo, reading }, now)
}

/** What a refusal or a bounce says about the mailbox that sent and the one written to. */
export function noteReading(
  context: WarmupContext,
  writes: Writes,
  { fromNo, toNo, reading }: { fromNo: number; toNo: number; reading: ReplyReading },
  now: number,
): void {
  const { action, permanent, wait } = reading
  const isBlocked = action === 'pause' || (action === 'fix-records' && permanent)
  const sender = findMember(writes, fromNo)
  if (sender === null) return
  const limited =
    wait === null
      ? null
      : wait.until === 'time'
        ? { at: now, reason: 'rate-limited' as const, untilAt: now + wait.ms }
        : { at: now, reason: 'daily-quota' as const, untilAt: nextWindowAt(context, sender, now) }
  const isSoft = action === 'slow' || (action === 'fix-records' && !permanent)
  noteEvidence(
    writes,
    fromNo,
    {
      ...(isBlocked ? { policyBlockedAt: now } : {}),
      ...(isSoft ? { softBlockedAt: now } : {}),
      ...(limited === null ? {} : { limited, sentSinceLimit: 0 }),
    },
    now,
  )
  if (action === 'drop-recipient' || isAboutRecipient(reading)) {
    if (isGuest(toNo)) {
      noteUnwelcome(writes, toNo, now + unwelcomeMs)
      context.roster.touchPartners()
    } else noteEvidence(writes, toNo, { unwelcomeUntilAt: now + unwelcomeMs }, now)
  }
}

/** Whether a refusal counts as mail that came back: for good, and not because it came too fast. */
function isReturned(reading: ReplyReading): boolean {
  return reading.permanent && !isPacing(reading.category)
}

export function isAboutRecipient({ category }: ReplyReading): boolean {
  return ['no-such-mailbox', 'no-such-domain', 'mailbox-disabled', 'mailbox-full'].includes(category)
}

/** A daily allowance is there again when the window of the next sending day opens, some minutes later for each mailbox. */
function nextWindowAt(context: WarmupContext, { settings, mailboxId }: Member, now: number): number {
  const jitterMs = Math.floor(randomOf(context.seed, 'window', mailboxId, now)() * 20) * minuteMs
  let date = context.dates.dateOf(now, settings.timeZone)
  for (let days = 0; days < 400; days += 1) {
    date = dateAfter(date, 1)
    if (!isSendingDay(date, settings)) continue
    const [span] = windowSpans(localDay(date, settings.timeZone), settings.window)
    if (span !== undefined) return span.fromAt + jitterMs
  }
  return now + 24 * hourMs
}

export function addressOf(context: WarmupContext, no: number): string {
  return context.roster.correspondent(no)?.address ?? ''
}

/** Both rows of the overview changed, and the sender's health may have. */
export function touchRows(context: WarmupContext, writes: Writes, message: LedgerMessage, now: number): void {
  for (const no of [message.fromNo, message.toNo]) {
    const participant = context.roster.of(no)
    if (participant !== null) writes.changed('warmup', participant.member.mailboxId, 'put')
  }
  context.roster.touch([message.fromNo, message.toNo])
  askForLook(writes, message.fromNo, now)
}
