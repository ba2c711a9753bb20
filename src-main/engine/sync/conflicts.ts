import type { Conflict, ConflictCode, OwnedFieldName } from '#shared/model/sync.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import { noteState } from './connection.ts'
import type { NewConflict } from './merge.ts'

/** How long a conflict that was settled can still be looked at. */
const keptAfterSettledMs = 30 * 24 * 60 * 60_000

type ConflictRow = Row & {
  id: number
  domain_name: string
  domain_id: string | null
  code: ConflictCode
  field: OwnedFieldName | null
  kept: string | null
  other: string | null
  state: Conflict['state']
  at: number
}

const selectConflicts = `
  SELECT sync_conflicts.*, domains.id AS domain_id FROM sync_conflicts
  LEFT JOIN domains ON domains.name = sync_conflicts.domain_name AND domains.removed_at IS NULL`

function toConflict(row: ConflictRow): Conflict {
  return {
    id: String(row.id),
    code: row.code,
    domainId: row.domain_id,
    domainName: row.domain_name,
    field: row.field,
    kept: row.kept === null ? null : JSON.parse(row.kept),
    other: row.other === null ? null : JSON.parse(row.other),
    state: row.state,
    at: row.at,
  }
}

export function addConflict(
  writes: Writes,
  domainName: string,
  { code, field, kept, other }: NewConflict,
  now: number,
): void {
  writes.run(
    'INSERT INTO sync_conflicts (domain_name, code, field, kept, other, at) VALUES (?, ?, ?, ?, ?, ?)',
    domainName,
    code,
    field,
    kept === null ? null : JSON.stringify(kept),
    other === null ? null : JSON.stringify(other),
    now,
  )
  const id = writes.get<{ id: number }>('SELECT last_insert_rowid() AS id')?.id ?? 0
  writes.changed('conflicts', String(id), 'put')
  noteState(writes)
}

export function conflictPage(reads: Reads, after: number, limit: number): Conflict[] {
  const sql = `${selectConflicts} WHERE sync_conflicts.id > ? ORDER BY sync_conflicts.id LIMIT ?`
  return reads.all<ConflictRow>(sql, after, limit).map(toConflict)
}

export function conflictsByIds(reads: Reads, ids: readonly string[]): Conflict[] {
  const sql = `${selectConflicts} WHERE sync_conflicts.id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))`
  return reads.all<ConflictRow>(sql, JSON.stringify(ids)).map(toConflict)
}

/** Open ones first, newest first. */
export function allConflicts(reads: Reads): Conflict[] {
  const sql = `${selectConflicts} ORDER BY sync_conflicts.state <> 'open', sync_conflicts.id DESC`
  return reads.all<ConflictRow>(sql).map(toConflict)
}

export function countOpenConflicts(reads: Reads): number {
  const sql = "SELECT count(*) AS count FROM sync_conflicts WHERE state = 'open'"
  return reads.get<{ count: number }>(sql)?.count ?? 0
}

/** Settles a conflict; false when there is none of this id that is not undone yet. */
export function settleConflict(writes: Writes, id: string, state: 'accepted' | 'undone'): boolean {
  const from = state === 'accepted' ? "state = 'open'" : "state <> 'undone'"
  const settled =
    writes.run(`UPDATE sync_conflicts SET state = ? WHERE id = CAST(? AS INTEGER) AND ${from}`, state, id)
      .changes > 0
  if (settled) {
    writes.changed('conflicts', id, 'put')
    noteState(writes)
  }
  return settled
}

/** The conflicts of a domain name it as it stands on the list. */
export function noteConflictsOf(writes: Writes, domainName: string): void {
  const rows = writes.all<{ id: number }>('SELECT id FROM sync_conflicts WHERE domain_name = ?', domainName)
  for (const { id } of rows) writes.changed('conflicts', String(id), 'put')
}

/** Forgets conflicts that were settled long ago. */
export function pruneConflicts(writes: Writes, now: number): void {
  const old = writes.all<{ id: number }>(
    "SELECT id FROM sync_conflicts WHERE state <> 'open' AND at <= ?",
    now - keptAfterSettledMs,
  )
  for (const { id } of old) {
    writes.run('DELETE FROM sync_conflicts WHERE id = ?', id)
    writes.changed('conflicts', String(id), 'remove')
  }
}
