import type { TextLanguage } from '#shared/model/warmup.ts'
import type { Placement } from '#shared/model/warmup-view.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'

export type SendState = 'intent' | 'accepted' | 'refused' | 'failed' | 'unknown' | 'dropped' | 'bounced'

/** What is still to be done about a message; always in the mailbox of its recipient. */
export type Chore = 'settle' | 'seek' | 'rescue' | 'read' | 'file'

/** A message in the books. Times are epoch milliseconds. */
export type LedgerMessage = {
  readonly id: number
  /** With its angle brackets. */
  readonly messageId: string
  /** The Message-ID it lies at its recipient under, where a server gave it another; else null. */
  readonly receivedId: string | null
  /** The Message-ID that began the thread. */
  readonly threadId: string
  readonly parent: number | null
  readonly fromNo: number
  readonly toNo: number
  readonly kind: 'new' | 'reply'
  readonly depth: number
  /** Message-IDs before it in its thread, the first one first. */
  readonly references: readonly string[]
  readonly slotAt: number | null
  /** Local date of the sender. */
  readonly date: string
  readonly state: SendState
  readonly intentAt: number
  readonly outcomeAt: number | null
  readonly line: string | null
  readonly expiresAt: number
  readonly language: TextLanguage
  readonly subject: string
  /** Null once nothing quotes it any more. */
  readonly body: string | null
  readonly foundAt: number | null
  readonly placement: Placement | null
  readonly placedDate: string | null
  /** Where it was last seen: folder, UIDVALIDITY and UID. */
  readonly place: string | null
  readonly rescuedAt: number | null
  readonly readAt: number | null
  readonly replyDueAt: number | null
  readonly repliedBy: number | null
  readonly bouncedAt: number | null
  readonly complainedAt: number | null
  readonly chore: Chore | null
  readonly choreAt: number | null
  readonly choreTries: number
}

type MessageRow = Row & {
  id: number
  message_id: string
  received_id: string | null
  thread_id: string
  parent: number | null
  from_no: number
  to_no: number
  kind: 'new' | 'reply'
  depth: number
  refs: string
  slot_at: number | null
  date: string
  state: SendState
  intent_at: number
  outcome_at: number | null
  line: string | null
  expires_at: number
  language: TextLanguage
  subject: string
  body: string | null
  found_at: number | null
  placement: Placement | null
  placed_date: string | null
  place: string | null
  rescued_at: number | null
  read_at: number | null
  reply_due_at: number | null
  replied_by: number | null
  bounced_at: number | null
  complained_at: number | null
  chore: Chore | null
  chore_at: number | null
  chore_tries: number
}

function toMessage(row: MessageRow): LedgerMessage {
  return {
    id: row.id,
    messageId: row.message_id,
    receivedId: row.received_id,
    threadId: row.thread_id,
    parent: row.parent,
    fromNo: row.from_no,
    toNo: row.to_no,
    kind: row.kind,
    depth: row.depth,
    references: JSON.parse(row.refs),
    slotAt: row.slot_at,
    date: row.date,
    state: row.state,
    intentAt: row.intent_at,
    outcomeAt: row.outcome_at,
    line: row.line,
    expiresAt: row.expires_at,
    language: row.language,
    subject: row.subject,
    body: row.body,
    foundAt: row.found_at,
    placement: row.placement,
    placedDate: row.placed_date,
    place: row.place,
    rescuedAt: row.rescued_at,
    readAt: row.read_at,
    replyDueAt: row.reply_due_at,
    repliedBy: row.replied_by,
    bouncedAt: row.bounced_at,
    complainedAt: row.complained_at,
    chore: row.chore,
    choreAt: row.chore_at,
    choreTries: row.chore_tries,
  }
}

/** The message that was sent under this Message-ID, or else was received under it. */
export function findMessage(reads: Reads, messageId: string): LedgerMessage | null {
  const row =
    reads.get<MessageRow>('SELECT * FROM warmup_messages WHERE message_id = ?', messageId) ??
    reads.get<MessageRow>('SELECT * FROM warmup_messages WHERE received_id = ? LIMIT 1', messageId)
  return row === undefined ? null : toMessage(row)
}

export function messageById(reads: Reads, id: number): LedgerMessage | null {
  const row = reads.get<MessageRow>('SELECT * FROM warmup_messages WHERE id = ?', id)
  return row === undefined ? null : toMessage(row)
}

export function writeOutcome(
  writes: Writes,
  id: number,
  state: Exclude<SendState, 'intent'>,
  line: string | null,
  now: number,
): void {
  writes.run(
    'UPDATE warmup_messages SET state = ?, outcome_at = ?, line = ? WHERE id = ?',
    state,
    now,
    line === null ? null : line.slice(0, 300),
    id,
  )
}

/** What it answered may be answered again, because this certainly did not leave. */
export function releaseParent(writes: Writes, { id, parent }: Pick<LedgerMessage, 'id' | 'parent'>): void {
  if (parent === null) return
  writes.run('UPDATE warmup_messages SET replied_by = NULL WHERE id = ? AND replied_by = ?', parent, id)
}

export function planChore(
  writes: Writes,
  id: number,
  chore: Chore | null,
  at: number | null,
  tries = 0,
): void {
  writes.run(
    'UPDATE warmup_messages SET chore = ?, chore_at = ?, chore_tries = ? WHERE id = ?',
    chore,
    chore === null ? null : at,
    tries,
    id,
  )
}

/** Messages something is due about, at most a hundred, those that wait longest first. */
export function dueChores(reads: Reads, now: number): Pick<LedgerMessage, 'id' | 'toNo'>[] {
  // A parameter for the limit would be a new statement each time: SQLite plans anew when it is bound.
  return reads.all<Row & { id: number; toNo: number }>(
    'SELECT id, to_no AS "toNo" FROM warmup_messages WHERE chore_at <= ? ORDER BY chore_at LIMIT 100',
    now,
  )
}

export function nextChoreAt(reads: Reads, after: number): number | null {
  const sql = 'SELECT min(chore_at) AS next FROM warmup_messages WHERE chore_at > ?'
  return reads.get<{ next: number | null }>(sql, after)?.next ?? null
}

/** Intents that an earlier process left open; their outcome is not known. */
export function openIntents(reads: Reads): LedgerMessage[] {
  return reads.all<MessageRow>("SELECT * FROM warmup_messages WHERE state = 'intent'").map(toMessage)
}

export function writeFound(
  writes: Writes,
  id: number,
  found: {
    readonly foundAt: number
    readonly placement: Placement
    readonly placedDate: string
    readonly folder: string
    readonly place: string
    readonly receivedId: string | null
  },
): void {
  writes.run(
    `UPDATE warmup_messages SET found_at = ?, placement = ?, placed_date = ?, folder = ?, place = ?,
       received_id = ? WHERE id = ?`,
    found.foundAt,
    found.placement,
    found.placedDate,
    found.folder,
    found.place,
    found.receivedId,
    id,
  )
}

/** A partner answered it, so it arrived; where it lay is null unless they said so. */
export function writeReported(
  writes: Writes,
  id: number,
  placement: Placement | null,
  date: string,
  now: number,
): void {
  writes.run(
    'UPDATE warmup_messages SET found_at = coalesce(found_at, ?), placement = ?, placed_date = ? WHERE id = ?',
    now,
    placement,
    placement === null ? null : date,
    id,
  )
}

export function writeMissing(writes: Writes, id: number, date: string): void {
  writes.run("UPDATE warmup_messages SET placement = 'missing', placed_date = ? WHERE id = ?", date, id)
}

export function writePlace(writes: Writes, id: number, folder: string, place: string): void {
  writes.run('UPDATE warmup_messages SET folder = ?, place = ? WHERE id = ?', folder, place, id)
}

const stamps = ['rescued_at', 'read_at', 'filed_at', 'bounced_at', 'complained_at'] as const

/** Notes that something happened to a message. */
export function stamp(writes: Writes, id: number, column: (typeof stamps)[number], now: number): void {
  // The names are ours, from a closed list.
  writes.run(`UPDATE warmup_messages SET ${column} = ? WHERE id = ?`, now, id)
}

export function writeReplyDue(writes: Writes, id: number, dueAt: number | null): void {
  writes.run('UPDATE warmup_messages SET reply_due_at = ? WHERE id = ?', dueAt, id)
}

/** The reply a mailbox owes that has waited longest; those that would come too late are forgotten. */
export function owedReply(
  reads: Reads,
  no: number,
  { now, staleMs }: { readonly now: number; readonly staleMs: number },
  isWelcome: (toNo: number) => boolean,
): LedgerMessage | null {
  const rows = reads.all<MessageRow>(
    `SELECT * FROM warmup_messages WHERE to_no = ? AND reply_due_at <= ? AND reply_due_at > ?
       AND replied_by IS NULL AND body IS NOT NULL ORDER BY reply_due_at LIMIT 20`,
    no,
    now,
    now - staleMs,
  )
  const row = rows.find(({ from_no }) => isWelcome(from_no))
  return row === undefined ? null : toMessage(row)
}
