import type { MailReport } from '#shared/model/mail-report.ts'
import { isPacing, readingOfCategory } from '../net/classify-reply.ts'
import { limits } from '../net/limits.ts'
import type { MailHandle, SeenMessage } from '../net/mail-world.ts'
import type { Writes } from '../storage/open.ts'
import { noteActivity } from './activity.ts'
import type { WarmupContext } from './context.ts'
import { count } from './days.ts'
import { limitStepAt } from './health.ts'
import { findMessage, type LedgerMessage, planChore, stamp, writeOutcome, writeReplyDue } from './ledger.ts'
import { findMember } from './members.ts'
import { idInReport } from './own-id.ts'
import { addressOf, isAboutRecipient, noteReading, touchRows } from './outcomes.ts'

/**
 * Reads what may be a bounce, a complaint or an automatic answer, as much of it as `limits.mailReadBytes` allows, and
 * keeps it if it is about a message this mailbox sent. Anything else in the mailbox is not read.
 */
export async function readReportIn(
  context: WarmupContext,
  no: number,
  seen: SeenMessage,
  mail: MailHandle,
  signal: AbortSignal,
): Promise<void> {
  const { reputation, store, platform } = context
  const isAutomatic = reputation.isAutomatic(seen.headers)
  if (isAutomatic) {
    const answered = (seen.headers.get('in-reply-to') ?? seen.headers.get('references') ?? '').match(
      /<[^<>\s]{1,400}>/g,
    )
    const about = (answered ?? []).map(id => findMessage(store, id)).find(one => one?.fromNo === no)
    if (about !== undefined && about !== null) {
      const facts = { to: addressOf(context, about.toNo) }
      store.write(writes => noteActivity(writes, no, 'automatic-answer', facts, platform.clock.now()))
    }
  }
  if (!mayReport(seen)) return
  const raw = await mail.read(seen, limits.mailReadBytes, signal)
  if (!raw.ok) return
  const report = await reputation.readReport(raw.value)
  if (report.kind !== 'bounce' && report.kind !== 'complaint') return
  const sender = context.roster.of(no)?.mailbox.address ?? ''
  // The server that took the message may have given it another Message-ID, and then names that.
  const own = idInReport(raw.value, sender, [...(context.keys() ?? []), ...context.partnerKeys.all()])
  store.write(writes => keepReport(context, writes, no, { ...report, ownId: own }))
  context.wake()
}

/** Whether the headers are those of a report; the content of a person's own mail is none of our business. */
function mayReport({ headers }: SeenMessage): boolean {
  const type = headers.get('content-type') ?? ''
  if (/multipart\/report/i.test(type)) return true
  if (/^\s*<>\s*$/.test(headers.get('return-path') ?? '')) return true
  return /\b(?:mailer-daemon|postmaster|mail-daemon|maildelivery)@/i.test(headers.get('from') ?? '')
}

/** A report about a message that is not in the books, or that another mailbox sent, is none: anybody can write one. */
function keepReport(
  context: WarmupContext,
  writes: Writes,
  no: number,
  report: MailReport & { readonly ownId: string | null },
): void {
  const now = context.platform.clock.now()
  const message = [report.originalMessageId, report.ownId]
    .map(id => (id === null ? null : findMessage(writes, id)))
    .find(one => one !== null && one.fromNo === no)
  if (message === undefined || message === null) return
  if (report.kind === 'complaint') keepComplaint(context, writes, message, now)
  else keepBounce(context, writes, message, report, now)
}

function keepComplaint(context: WarmupContext, writes: Writes, message: LedgerMessage, now: number): void {
  if (message.complainedAt !== null) return
  stamp(writes, message.id, 'complained_at', now)
  writeReplyDue(writes, message.id, null)
  count(writes, message.fromNo, todayOf(context, message, now), 'complaints')
  noteActivity(writes, message.fromNo, 'complained', { to: addressOf(context, message.toNo) }, now)
  touchRows(context, writes, message, now)
}

function keepBounce(
  context: WarmupContext,
  writes: Writes,
  message: LedgerMessage,
  report: MailReport,
  now: number,
): void {
  if (message.bouncedAt !== null) return
  const failed = report.recipients.find(({ action }) => action === 'failed') ?? report.recipients[0]
  const said = failed?.category ?? 'unknown'
  const category = said === 'complaint' ? 'unknown' : said
  const status = failed?.status ?? null
  const sender = findMember(writes, message.fromNo)
  const step = sender === null ? 0 : limitStepAt(sender.health, sender.evidence.sentSinceLimit, now)
  const reading = readingOfCategory(category, failed?.permanent ?? true, step)
  writeOutcome(writes, message.id, 'bounced', message.line, message.outcomeAt ?? now)
  planChore(writes, message.id, null, null)
  writeReplyDue(writes, message.id, null)
  const facts = { to: addressOf(context, message.toNo), category, status: status ?? '' }
  noteActivity(writes, message.fromNo, 'bounced', facts, now)
  // What came too fast comes back, too; that is a matter of pace, not of the address.
  if (!isPacing(category)) {
    stamp(writes, message.id, 'bounced_at', now)
    count(writes, message.fromNo, todayOf(context, message, now), 'bounced')
  }
  // A server that gave up after days of trying blames nobody, but it may name an address that takes no mail.
  if (reading.permanent || reading.wait !== null || isAboutRecipient(reading)) {
    noteReading(context, writes, { fromNo: message.fromNo, toNo: message.toNo, reading }, now)
  }
  touchRows(context, writes, message, now)
}

function todayOf(context: WarmupContext, { fromNo, date }: LedgerMessage, now: number): string {
  const sender = context.roster.of(fromNo)
  return sender === null ? date : context.dates.dateOf(now, sender.member.settings.timeZone)
}
