import type { Fact } from '#shared/model/finding.ts'
import type { WarmupActivity, WarmupActivityCode } from '#shared/model/warmup-view.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'

type ActivityRow = Row & {
  id: number
  at: number
  mailbox_id: string
  address: string | null
  code: WarmupActivityCode
  facts: string
}

/** Notes what happened to a mailbox, in the caller's transaction. */
export function noteActivity(
  writes: Writes,
  no: number,
  code: WarmupActivityCode,
  facts: Readonly<Record<string, Fact>>,
  now: number,
): void {
  writes.run(
    'INSERT INTO warmup_activity (at, no, code, facts) VALUES (?, ?, ?, ?)',
    now,
    no,
    code,
    JSON.stringify(facts),
  )
}

/** How often a token was refused of a mailbox's mail since a moment; counts to `most`, no further. */
export function countRefusedTokens(reads: Reads, no: number, since: number, most: number): number {
  // The code stands in the text, or the index of these entries is not used.
  const sql = `SELECT count(*) AS count FROM
    (SELECT 1 FROM warmup_activity WHERE no = ? AND code = 'token-refused' AND at >= ? LIMIT ?)`
  return reads.get<{ count: number }>(sql, no, since, most)?.count ?? 0
}

/** What happened, newest first, before the entry `before`; one more than `limit` where there is more. */
export function listActivity(
  reads: Reads,
  asked: {
    readonly mailboxId: string | null
    readonly codes: readonly WarmupActivityCode[] | null
    readonly before: number | null
    readonly limit: number
  },
): { entries: WarmupActivity[]; more: boolean } {
  const { mailboxId, codes, before, limit } = asked
  const rows = reads.all<ActivityRow>(
    `SELECT warmup_activity.id, warmup_activity.at, warmup_mailboxes.mailbox_id, mailboxes.address,
       warmup_activity.code, warmup_activity.facts
     FROM warmup_activity
     JOIN warmup_mailboxes ON warmup_mailboxes.no = warmup_activity.no
     LEFT JOIN mailboxes ON mailboxes.id = warmup_mailboxes.mailbox_id
     WHERE (?1 IS NULL OR warmup_activity.no = (SELECT no FROM warmup_mailboxes WHERE mailbox_id = ?1))
       AND (?2 IS NULL OR warmup_activity.code IN (SELECT value FROM json_each(?2)))
       AND warmup_activity.id < ?3
     ORDER BY warmup_activity.id DESC LIMIT ?4`,
    mailboxId,
    codes === null ? null : JSON.stringify(codes),
    before ?? Number.MAX_SAFE_INTEGER,
    limit + 1,
  )
  const entries = rows.slice(0, limit).map(row => ({
    id: row.id,
    at: row.at,
    mailboxId: row.mailbox_id,
    address: row.address ?? '',
    code: row.code,
    facts: JSON.parse(row.facts),
  }))
  return { entries, more: rows.length > limit }
}
