import type { Writes } from '../storage/open.ts'
import { findMessage, type LedgerMessage } from './ledger.ts'

/** A message as it goes into the books. */
export type Intent = Pick<
  LedgerMessage,
  | 'messageId'
  | 'threadId'
  | 'parent'
  | 'fromNo'
  | 'toNo'
  | 'kind'
  | 'depth'
  | 'references'
  | 'slotAt'
  | 'date'
  | 'intentAt'
  | 'expiresAt'
  | 'language'
  | 'subject'
  | 'body'
> & { readonly tokenId: string }

/**
 * Writes down that a message is about to be sent, before any server hears of it; null when it was sent already, or may
 * have been. A reply that certainly did not leave is tried again under its own Message-ID. What it answers is marked in
 * the same transaction, so that nothing is answered twice.
 */
export function writeIntent(writes: Writes, intent: Intent): number | null {
  const row = writes.get<{ id: number }>(
    `INSERT INTO warmup_messages (message_id, thread_id, parent, from_no, to_no, kind, depth, refs, slot_at, date,
       state, intent_at, token_id, expires_at, language, subject, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'intent', ?, ?, ?, ?, ?, ?)
     ON CONFLICT (message_id) DO UPDATE SET state = 'intent', slot_at = excluded.slot_at, date = excluded.date,
       intent_at = excluded.intent_at, outcome_at = NULL, line = NULL, token_id = excluded.token_id,
       expires_at = excluded.expires_at, subject = excluded.subject, body = excluded.body
       WHERE state IN ('failed', 'refused') AND bounced_at IS NULL
     RETURNING id`,
    intent.messageId,
    intent.threadId,
    intent.parent,
    intent.fromNo,
    intent.toNo,
    intent.kind,
    intent.depth,
    JSON.stringify(intent.references),
    intent.slotAt,
    intent.date,
    intent.intentAt,
    intent.tokenId,
    intent.expiresAt,
    intent.language,
    intent.subject,
    intent.body,
  )
  if (row === undefined) return null
  if (intent.parent !== null) {
    writes.run('UPDATE warmup_messages SET replied_by = ? WHERE id = ?', row.id, intent.parent)
  }
  return row.id
}

/** A message of ours that the books do not know: they are older than what was sent. */
export function writeAdopted(writes: Writes, adopted: Intent): number {
  writes.run(
    `INSERT INTO warmup_messages (message_id, thread_id, parent, from_no, to_no, kind, depth, refs, date, state,
       intent_at, outcome_at, token_id, expires_at, language, subject, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'accepted', ?, ?, ?, ?, ?, ?, ?)`,
    adopted.messageId,
    adopted.threadId,
    adopted.parent,
    adopted.fromNo,
    adopted.toNo,
    adopted.kind,
    adopted.depth,
    JSON.stringify(adopted.references),
    adopted.date,
    adopted.intentAt,
    adopted.intentAt,
    adopted.tokenId,
    adopted.expiresAt,
    adopted.language,
    adopted.subject,
    adopted.body,
  )
  const id = findMessage(writes, adopted.messageId)?.id ?? 0
  if (adopted.parent !== null) {
    writes.run(
      'UPDATE warmup_messages SET replied_by = ? WHERE id = ? AND replied_by IS NULL',
      id,
      adopted.parent,
    )
  }
  return id
}
