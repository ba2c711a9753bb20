import type { MailboxEvent, MailboxEventCode } from '#shared/model/mailbox.ts'
import { limits } from '../net/limits.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'

type EventRow = Row & { at: number; code: MailboxEventCode; facts: string }

/** Notes what happened to a mailbox, in the caller's transaction; the oldest go beyond `limits.mailboxEventsKept`. */
export function noteEvent(
  writes: Writes,
  mailboxId: string,
  code: MailboxEventCode,
  facts: MailboxEvent['facts'],
  now: number,
): void {
  writes.run(
    'INSERT INTO mailbox_events (mailbox_id, at, code, facts) VALUES (?, ?, ?, ?)',
    mailboxId,
    now,
    code,
    JSON.stringify(facts),
  )
  writes.run(
    `DELETE FROM mailbox_events WHERE mailbox_id = ? AND id <=
       (SELECT id FROM mailbox_events WHERE mailbox_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
    mailboxId,
    mailboxId,
    limits.mailboxEventsKept,
  )
}

/**
 * Grows whenever the servers or the password of a mailbox change. What was found out under another mark is about a login
 * that is no longer in use.
 */
export function loginMarkOf(reads: Reads, mailboxId: string): number {
  const sql = `SELECT coalesce(max(id), 0) AS newest FROM mailbox_events WHERE mailbox_id = ?
    AND code IN ('added', 'imported', 'credential-changed', 'servers-changed')`
  return reads.get<{ newest: number }>(sql, mailboxId)?.newest ?? 0
}

/** What happened to a mailbox, newest first. */
export function eventsOf(reads: Reads, mailboxId: string): MailboxEvent[] {
  const sql = 'SELECT at, code, facts FROM mailbox_events WHERE mailbox_id = ? ORDER BY id DESC'
  return reads
    .all<EventRow>(sql, mailboxId)
    .map(({ at, code, facts }) => ({ at, code, facts: JSON.parse(facts) }))
}
