import type { OwnKeyRow } from '#shared/model/own-key.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'

type KeyRow = Row & {
  selector: string
  record: string
  created_at: number
  place: OwnKeyRow['place']
  file: string | null
}

/** The keys made here for a domain, the oldest first. Their private halves are elsewhere. */
export function ownKeysOf(reads: Reads, domainId: string): OwnKeyRow[] {
  const sql = `SELECT selector, record, created_at, place, file FROM dkim_keys WHERE domain_id = ? ORDER BY created_at, selector`
  return reads.all<KeyRow>(sql, domainId).map(row => ({
    selector: row.selector,
    record: row.record,
    createdAt: row.created_at,
    place: row.place,
    file: row.file,
  }))
}

/** The selectors of keys made here for a listed domain of this name: an audit could not guess them. */
export function ownSelectors(reads: Reads, name: string): string[] {
  const sql = `SELECT selector FROM dkim_keys JOIN domains ON domains.id = domain_id WHERE name = ? ORDER BY created_at`
  return reads.all<{ selector: string }>(sql, name).map(row => row.selector)
}

export function putKey(writes: Writes, domainId: string, key: OwnKeyRow): void {
  writes.run(
    'INSERT INTO dkim_keys (domain_id, selector, record, created_at, place, file) VALUES (?, ?, ?, ?, ?, ?)',
    domainId,
    key.selector,
    key.record,
    key.createdAt,
    key.place,
    key.file,
  )
}

/** The key has left the vault for this file. */
export function noteSaved(writes: Writes, domainId: string, selector: string, file: string): void {
  const sql = `UPDATE dkim_keys SET place = 'file', file = ? WHERE domain_id = ? AND selector = ?`
  writes.run(sql, file, domainId, selector)
}

export function removeKey(writes: Writes, domainId: string, selector: string): void {
  writes.run('DELETE FROM dkim_keys WHERE domain_id = ? AND selector = ?', domainId, selector)
}

/** The newest key made here for each listed domain, with the name it stands under. */
export function newestKeys(reads: Reads): { domainId: string; selector: string; createdAt: number }[] {
  return reads
    .all<Row & { domain_id: string; selector: string; created_at: number }>(
      `SELECT domain_id, selector, max(dkim_keys.created_at) AS created_at FROM dkim_keys
         JOIN domains ON domains.id = domain_id AND removed_at IS NULL GROUP BY domain_id`,
    )
    .map(row => ({ domainId: row.domain_id, selector: row.selector, createdAt: row.created_at }))
}
