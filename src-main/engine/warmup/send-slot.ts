import { randomBytes } from 'node:crypto'
import type { OutgoingMessage, Writer } from '../net/mail-world.ts'
import { composeMessage } from './compose.ts'
import type { WarmupContext } from './context.ts'
import { closeSlot } from './days.ts'
import { type Intent, writeIntent } from './intents.ts'
import { type LedgerMessage, owedReply } from './ledger.ts'
import { answerIdOf, lookFirst } from './look-first.ts'
import { messageIdOf, threadHeaders, threadIdOf } from './message-headers.ts'
import { keepOutcome } from './outcomes.ts'
import { idHeader, idValue } from './own-id.ts'
import { choosePartner } from './pairing.ts'
import { guestsFor, isGuestWelcome } from './partners/may-write.ts'
import { reportHeader, signReport } from './partners/report.ts'
import { randomOf } from './random.ts'
import { replyStaleMs } from './replies.ts'
import type { Correspondent, Participant } from './roster.ts'
import { gateOf } from './send-gate.ts'
import { lateMs } from './slots.ts'
import { languageBetween, parsedTemplates, printsFor, writePrint } from './texts.ts'
import type { TextPrint } from './text-print.ts'
import { signToken, tokenHeader } from './token.ts'
import type { TokenKeys } from './token-keys.ts'

const dayMs = 24 * 60 * 60_000
/** A message that arrives later than this is not known as ours any more. */
const tokenLifeMs = 30 * dayMs

type Due = {
  readonly sender: Participant
  readonly recipient: Correspondent
  readonly answers: LedgerMessage | null
}

/**
 * Fills one slot of a mailbox: the reply it owes longest, else a new thread, else nothing. The message stands in the
 * books, under its final Message-ID, before a server hears of it; how that ended is written down after.
 */
export async function sendSlot(
  context: WarmupContext,
  slot: { readonly no: number; readonly at: number },
  signal: AbortSignal,
): Promise<void> {
  const { store, platform, world, mailboxes } = context
  const keys = context.keys()
  const first = choose(context, slot)
  if (keys === null || first === null) return close(context, slot, 'empty')
  if (first.answers !== null && first.answers.intentAt < context.startedAt) {
    const isFree = await lookFirst(context, keys, first.answers, signal)
    if (!isFree) return close(context, slot, 'empty')
  }
  // Nothing is awaited between this choice and the intent, so that no other slot can take the same partner.
  const due = choose(context, slot)
  const access = due === null ? null : mailboxes.access(due.sender.member.mailboxId)
  if (due === null || access === null || due.answers?.id !== first.answers?.id)
    return close(context, slot, 'empty')
  const made = compose(context, keys, due, slot)
  if (made === null) return close(context, slot, 'empty')
  const { message, intent, print } = made
  const id = store.write(writes => {
    const written = writeIntent(writes, intent)
    closeSlot(writes, slot.no, slot.at, written === null ? 'empty' : 'used')
    if (written !== null) writePrint(writes, { ...intent, print, at: intent.intentAt })
    return written
  })
  if (id === null) return
  if (intent.kind === 'new') context.roster.record(intent.fromNo, intent.toNo, platform.clock.now())
  context.inFlight.add(id)
  try {
    const outcome = await world.send(access, message, signal)
    store.write(writes => keepOutcome(context, writes, id, outcome))
  } finally {
    // What could not be written down is settled by looking for it.
    context.inFlight.delete(id)
  }
}

function close(context: WarmupContext, slot: { no: number; at: number }, state: 'empty' | 'dropped'): void {
  const mailboxId = context.roster.of(slot.no)?.member.mailboxId
  context.store.write(writes => {
    closeSlot(writes, slot.no, slot.at, state)
    // The row tells when the next message goes.
    if (mailboxId !== undefined) writes.changed('warmup', mailboxId, 'put')
  })
}

/** What goes out now, or null when nothing may. */
function choose(context: WarmupContext, { no, at }: { no: number; at: number }): Due | null {
  const { store, roster, dates, platform, watches } = context
  const now = platform.clock.now()
  const sender = roster.of(no)
  if (sender === null || now - at > lateMs || context.isHeld()) return null
  if (!context.vault.isReady() || !watches.isReady(no)) return null
  const gate = gateOf(store, sender, { roster, dates, now, ofDomain: context.ofDomain })
  if (!gate.isOpen) return null
  const reachable = guestsFor(roster, sender.member.mailboxId, now)
  // Who is not watched is not written to: nobody would see the message, and old books could not be known as such.
  const isWelcome = (toNo: number) => {
    const guest = reachable.find(one => one.no === toNo)
    if (guest !== undefined) return isGuestWelcome(store, guest, context.partnerKeys, now)
    const recipient = roster.of(toNo)
    return recipient !== null && watches.isReady(toNo) && isWelcomeNow(recipient, now)
  }
  const answers = owedReply(store, no, { now, staleMs: replyStaleMs }, isWelcome)
  if (answers !== null) {
    const recipient = roster.correspondent(answers.fromNo)
    return recipient === null ? null : { sender, recipient, answers }
  }
  if (!gate.mayBegin) return null
  const own = roster.all().map(({ mailbox, member, effect, isUsable }) => ({
    no: member.no,
    domain: mailbox.domainName,
    provider: mailbox.provider,
    isOpen: isUsable && effect.takesThreads && isWelcome(member.no),
  }))
  const guests = roster
    .guests()
    .map(({ no, domain, provider }) => ({ no, domain, provider, isOpen: isWelcome(no) }))
  const pool = [...own, ...guests]
  const random = randomOf(context.seed, 'partner', sender.mailbox.address, at)
  const place = choosePartner({
    pool,
    from: roster.placeOf(no),
    at: now,
    history: roster.history(now),
    random,
  })
  const chosen = place === null ? undefined : pool[place]
  const recipient = chosen === undefined ? null : roster.correspondent(chosen.no)
  return recipient === null ? null : { sender, recipient, answers: null }
}

function isWelcomeNow({ member, isUsable }: Participant, now: number): boolean {
  return isUsable && (member.evidence.unwelcomeUntilAt ?? 0) <= now
}

type Made = {
  readonly message: OutgoingMessage
  readonly intent: Intent
  readonly print: TextPrint
}

function compose(
  context: WarmupContext,
  keys: TokenKeys,
  { sender, recipient, answers }: Due,
  slot: { readonly at: number },
): Made | null {
  const { store, seed, platform, dates } = context
  const now = platform.clock.now()
  const from = writerOf(sender)
  const to = { name: recipient.name, address: recipient.address }
  // A new one is never made from the seed: books put back from a backup would make it again.
  const messageId =
    answers === null
      ? messageIdOf(randomBytes(16).toString('hex'), from.address)
      : answerIdOf(keys, answers.messageId, from.address)
  const headers = threadHeaders(
    messageId,
    answers === null
      ? null
      : {
          messageId: answers.receivedId ?? answers.messageId,
          inReplyTo: answers.references.at(-1) ?? null,
          references: answers.references,
        },
  )
  const threadId = answers?.threadId ?? messageId
  const fromNo = sender.member.no
  const toNo = recipient.no
  const { timeZone } = sender.member.settings
  const language = answers?.language ?? languageBetween(timeZone, recipient.timeZone ?? '')
  const input = {
    language,
    from,
    to,
    seed,
    messageKey: messageId,
    now,
    timeZone,
    history: printsFor(store, fromNo, toNo, now),
    ...(answers === null
      ? {}
      : { earlier: { subject: answers.subject, text: answers.body ?? '', from: to } }),
  }
  const own = composeMessage({ ...input, templates: parsedTemplates(store) })
  // A small set of own templates is used up soon; then the grammar writes.
  const text = own.ok ? own : composeMessage(input)
  if (!text.ok) return null
  const { guest } = recipient
  const key = guest === null ? keys[0] : context.partnerKeys.keyOf(guest.partnerId)
  if (key === null) return null
  const expiresAt = now + tokenLifeMs
  const token = signToken(
    { messageId, sender: from.address, recipient: to.address, threadId: threadIdOf(headers) },
    expiresAt,
    key,
  )
  return {
    message: {
      from,
      to,
      subject: text.subject,
      text: text.text,
      messageId,
      inReplyTo: headers.inReplyTo,
      references: headers.references,
      headers: {
        [tokenHeader(key)]: token,
        [idHeader(key)]: idValue(messageId, answers?.messageId ?? null),
        ...(guest === null ? {} : headersForGuest(key, messageId, language, answers)),
      },
      at: now,
    },
    intent: {
      messageId,
      threadId,
      parent: answers?.id ?? null,
      fromNo,
      toNo,
      kind: answers === null ? 'new' : 'reply',
      depth: (answers?.depth ?? 0) + 1,
      references: headers.references,
      slotAt: slot.at,
      date: dates.dateOf(now, timeZone),
      intentAt: now,
      expiresAt,
      language,
      subject: text.subject,
      body: text.text,
      tokenId: token.slice(-16),
    },
    print: text.print,
  }
}

/** What a partner cannot see for itself: the language of the thread, and where the message that is answered lay. */
function headersForGuest(
  key: Uint8Array,
  messageId: string,
  language: string,
  answers: LedgerMessage | null,
): Record<string, string> {
  const placement = answers?.placement ?? null
  return {
    'Content-Language': language,
    ...(answers === null || placement === null || placement === 'missing'
      ? {}
      : { [reportHeader(key)]: signReport(placement, { messageId, answered: answers.messageId }, key) }),
  }
}

function writerOf({ mailbox }: Participant): Writer {
  return { name: mailbox.senderName, address: mailbox.address }
}
