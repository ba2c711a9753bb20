import type { Failure } from '#shared/failure.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'

export type Address = { readonly baseUrl: string; readonly tenantId: string }

/** What keeps the synchronisation from going on; null: nothing. */
export type Trouble = 'offline' | 'paused' | 'vault-locked' | 'needs-sign-in' | 'refused'

export type Connection = Address & {
  readonly connectedAt: number
  /** Both sides have been brought together once; before that nothing is sent. */
  readonly joined: boolean
  readonly cursor: string | null
  readonly etag: string | null
  /** When the list was last asked for, and when all of it was. */
  readonly pulledAt: number | null
  readonly listedAt: number | null
  readonly syncedAt: number | null
  /** Changes that arrived since the queue was last empty. */
  readonly drained: number
  /** Rounds in a row that ended in trouble. */
  readonly failures: number
  readonly nextTryAt: number | null
  readonly trouble: Trouble | null
  readonly failure: Failure | null
}

type ConnectionRow = Row & {
  base_url: string
  tenant_id: string
  connected_at: number
  joined: number
  cursor: string | null
  etag: string | null
  pulled_at: number | null
  listed_at: number | null
  synced_at: number | null
  drained: number
  failures: number
  next_try_at: number | null
  trouble: Trouble | null
  failure: string | null
}

/** The name of the token in the vault. */
export const tokenSecret = 'tenant token'

export function isConnected(reads: Reads): boolean {
  return reads.get('SELECT 1 FROM sync_connection') !== undefined
}

/** The connection, or null when there is none. */
export function readConnection(reads: Reads): Connection | null {
  const row = reads.get<ConnectionRow>('SELECT * FROM sync_connection')
  if (row === undefined) return null
  return {
    baseUrl: row.base_url,
    tenantId: row.tenant_id,
    connectedAt: row.connected_at,
    joined: row.joined === 1,
    cursor: row.cursor,
    etag: row.etag,
    pulledAt: row.pulled_at,
    listedAt: row.listed_at,
    syncedAt: row.synced_at,
    drained: row.drained,
    failures: row.failures,
    nextTryAt: row.next_try_at,
    trouble: row.trouble,
    failure: row.failure === null ? null : JSON.parse(row.failure),
  }
}

/** S-30, S-31: the same server and tenant go on where they stopped, another one begins anew. */
export function putConnection(writes: Writes, { baseUrl, tenantId }: Address, now: number): void {
  const before = readConnection(writes)
  if (before === null || before.baseUrl !== baseUrl || before.tenantId !== tenantId) {
    forgetConnection(writes)
    writes.run(
      'INSERT INTO sync_connection (id, base_url, tenant_id, connected_at) VALUES (1, ?, ?, ?)',
      baseUrl,
      tenantId,
      now,
    )
  } else {
    noteTrouble(writes, { trouble: null, failure: null, failures: 0, nextTryAt: null })
  }
  noteState(writes)
}

/** S-32: what was agreed on, and what waits, goes; nothing that a person made here does. */
export function forgetConnection(writes: Writes): void {
  const items = writes.all<{ id: number }>('SELECT id FROM sync_outbox')
  for (const { id } of items) writes.changed('outbox', String(id), 'remove')
  const told = writes.all<{ id: string }>(
    'SELECT domains.id FROM sync_domains JOIN domains ON domains.name = sync_domains.name',
  )
  for (const { id } of told) writes.changed('serverDomains', id, 'remove')
  // Who may have a password was chosen for that server, and for no other.
  for (const table of ['connection', 'domains', 'accounts', 'reread', 'outbox', 'shared_credentials'])
    writes.run(`DELETE FROM sync_${table}`)
  noteState(writes)
}

/** No wait is longer than this. One that seems to be was begun before the clock was turned back. */
export const longestWaitMs = 2 * 60 * 60_000

/** When the wait after a trouble is over; null when nothing has to be waited for. Pure. */
export function heldUntilAt({ trouble, nextTryAt }: Connection, now: number): number | null {
  if (trouble === null || nextTryAt === null) return null
  return nextTryAt > now && nextTryAt <= now + longestWaitMs ? nextTryAt : null
}

export function noteTrouble(
  writes: Writes,
  {
    trouble,
    failure,
    failures,
    nextTryAt,
  }: Pick<Connection, 'trouble' | 'failure' | 'failures' | 'nextTryAt'>,
): void {
  writes.run(
    'UPDATE sync_connection SET trouble = ?, failure = ?, failures = ?, next_try_at = ?',
    trouble,
    failure === null ? null : JSON.stringify(failure),
    failures,
    nextTryAt,
  )
  noteState(writes)
}

/** Where the next listing goes on; `complete` when the last one was everything. */
export function notePull(
  writes: Writes,
  {
    cursor,
    etag,
    complete,
    now,
  }: { cursor: string | null; etag: string | null; complete: boolean; now: number },
): void {
  writes.run(
    `UPDATE sync_connection SET cursor = ?, etag = ?, pulled_at = ?, joined = 1,
       listed_at = CASE WHEN ? THEN ? ELSE listed_at END`,
    cursor,
    etag,
    now,
    complete ? 1 : 0,
    now,
  )
}

export function notePullUnchanged(writes: Writes, now: number): void {
  writes.run('UPDATE sync_connection SET pulled_at = ?', now)
}

/** The next listing is of everything, whatever the cursor says. */
export function listAllAnew(writes: Writes): void {
  writes.run('UPDATE sync_connection SET listed_at = NULL')
}

export function noteSynced(writes: Writes, now: number): void {
  writes.run('UPDATE sync_connection SET synced_at = ?', now)
  noteState(writes)
}

export function countDrained(writes: Writes): void {
  writes.run('UPDATE sync_connection SET drained = drained + 1')
}

export function endDrain(writes: Writes): void {
  writes.run('UPDATE sync_connection SET drained = 0 WHERE drained > 0')
}

/** The row that a person sees may be different now. */
export function noteState(writes: Writes): void {
  writes.changed('sync', 'sync', 'put')
}
