import type { Reads, Row } from '../storage/open.ts'

/** How many replies a mailbox owes, also those that are not due yet. */
export function countOwed(reads: Reads, no: number, since: number): number {
  const sql = `SELECT count(*) AS count FROM warmup_messages
    WHERE to_no = ? AND reply_due_at > ? AND replied_by IS NULL`
  return reads.get<{ count: number }>(sql, no, since)?.count ?? 0
}

/** Those that left, or may have. */
const mayHaveLeft = "state NOT IN ('failed', 'dropped')"

/** Messages of a mailbox that left, or may have, on one of its dates. */
export function sentOn(
  reads: Reads,
  no: number,
  date: string,
  since: number,
): { readonly all: number; readonly threads: number } {
  const row = reads.get<{ all_sent: number; threads: number | null }>(
    `SELECT count(*) AS all_sent, sum(kind = 'new') AS threads FROM warmup_messages
       WHERE from_no = ? AND intent_at >= ? AND date = ? AND ${mayHaveLeft}`,
    no,
    since,
    date,
  )
  return { all: row?.all_sent ?? 0, threads: row?.threads ?? 0 }
}

/** When a mailbox sent, or may have, within a stretch of time. */
export function sentBetween(reads: Reads, no: number, fromAt: number, toAt: number): number {
  const sql = `SELECT count(*) AS count FROM warmup_messages
    WHERE from_no = ? AND intent_at > ? AND intent_at < ? AND ${mayHaveLeft}`
  return reads.get<{ count: number }>(sql, no, fromAt, toAt)?.count ?? 0
}

/**
 * How many messages each mailbox of the pool sent, or may have, since a moment, and since a later one. The plus sign keeps
 * SQLite from reading all messages in the order of their senders.
 */
export function sendsSince(
  reads: Reads,
  since: number,
  later: number,
): { readonly no: number; readonly all: number; readonly lately: number }[] {
  return reads.all<Row & { no: number; all: number; lately: number }>(
    `SELECT from_no AS no, count(*) AS "all", sum(intent_at > ?) AS lately FROM warmup_messages
       WHERE intent_at > ? AND ${mayHaveLeft} GROUP BY +from_no`,
    later,
    since,
  )
}

export type BegunThread = { readonly fromNo: number; readonly toNo: number; readonly at: number }

/** Threads that were begun since a moment, in the order of time. */
export function threadsSince(reads: Reads, since: number): BegunThread[] {
  return reads
    .all<{ from_no: number; to_no: number; at: number }>(
      `SELECT from_no, to_no, intent_at AS at FROM warmup_messages
         WHERE intent_at > ? AND kind = 'new' AND ${mayHaveLeft} ORDER BY intent_at`,
      since,
    )
    .map(({ from_no, to_no, at }) => ({ fromNo: from_no, toNo: to_no, at }))
}

/** What became of a mailbox's messages that were sent since a moment. */
export function deliveriesSince(
  reads: Reads,
  no: number,
  since: number,
): { sent: number; bounced: number; seen: number; inInbox: number } {
  const row = reads.get<{ sent: number; bounced: number; seen: number; in_inbox: number }>(
    `SELECT coalesce(sum(state IN ('accepted', 'bounced') OR bounced_at IS NOT NULL), 0) AS sent,
       coalesce(sum(bounced_at IS NOT NULL), 0) AS bounced,
       coalesce(sum(placement IS NOT NULL), 0) AS seen,
       coalesce(sum(placement IN ('inbox', 'category')), 0) AS in_inbox
     FROM warmup_messages WHERE from_no = ? AND intent_at >= ?`,
    no,
    since,
  )
  return {
    sent: row?.sent ?? 0,
    bounced: row?.bounced ?? 0,
    seen: row?.seen ?? 0,
    inInbox: row?.in_inbox ?? 0,
  }
}

/** The newest message that a mailbox is known to have sent, and to whom. */
export function newestAccepted(
  reads: Reads,
  no: number,
): { readonly messageId: string; readonly toNo: number } | null {
  const sql = `SELECT message_id AS "messageId", to_no AS "toNo" FROM warmup_messages
    WHERE from_no = ? AND state = 'accepted' ORDER BY intent_at DESC LIMIT 1`
  return reads.get<Row & { messageId: string; toNo: number }>(sql, no) ?? null
}
