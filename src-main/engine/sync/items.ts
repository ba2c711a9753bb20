import type { Failure } from '#shared/failure.ts'
import type { OutboxKind } from '#shared/model/sync.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import type { OwnedFields } from './api.ts'
import { longestWaitMs, noteState } from './connection.ts'
import type { AccountWish, Wish } from './outbox.ts'

export type ItemState = 'waiting' | 'sending' | 'refused' | 'given-up'

/** What goes over the wire, fixed before the first try together with the key. Never a credential. */
export type DomainRequest =
  | {
      readonly kind: 'put'
      readonly name: string
      readonly fields: OwnedFields
      readonly ifMatch: string | null
    }
  | { readonly kind: 'delete'; readonly id: string; readonly ifMatch: string | null }
export type AccountRequest = {
  readonly kind: 'register'
  readonly domainId: string
  readonly address: string
  readonly state: string
  readonly credential: number | null
}
export type Request = DomainRequest | AccountRequest

export type Item = {
  readonly id: number
  readonly domainName: string
  /** The key of a mailbox's address; empty for the domain itself. */
  readonly address: string
  readonly kind: OutboxKind
  readonly state: ItemState
  readonly wish: Wish | AccountWish
  readonly request: Request | null
  readonly key: string | null
  readonly tries: number
}

type ItemRow = Row & {
  id: number
  domain_name: string
  address: string
  kind: OutboxKind
  state: ItemState
  wish: string
  request: string | null
  idempotency_key: string | null
  tries: number
}

function toItem(row: ItemRow): Item {
  return {
    id: row.id,
    domainName: row.domain_name,
    address: row.address,
    kind: row.kind,
    state: row.state,
    wish: JSON.parse(row.wish),
    request: row.request === null ? null : JSON.parse(row.request),
    key: row.idempotency_key,
    tries: row.tries,
  }
}

/** Everything in the outbox about one domain (empty address) or one mailbox. */
export function itemsOf(reads: Reads, domainName: string, address: string): Item[] {
  const sql = 'SELECT * FROM sync_outbox WHERE domain_name = ? AND address = ? ORDER BY id'
  return reads.all<ItemRow>(sql, domainName, address).map(toItem)
}

export function itemById(reads: Reads, id: number): Item | null {
  const row = reads.get<ItemRow>('SELECT * FROM sync_outbox WHERE id = ?', id)
  return row === undefined ? null : toItem(row)
}

/** Puts a wish into the queue, or in the place of the one that waits there. Tells whether that is any different. */
export function queue(
  writes: Writes,
  about: { domainName: string; address: string; kind: OutboxKind; wish: Wish | AccountWish },
  before: Item | undefined,
  now: number,
): boolean {
  const wish = JSON.stringify(about.wish)
  if (before === undefined) {
    writes.run(
      `INSERT INTO sync_outbox (domain_name, address, kind, state, wish, queued_at) VALUES (?, ?, ?, 'waiting', ?, ?)`,
      about.domainName,
      about.address,
      about.kind,
      wish,
      now,
    )
    noteItem(writes, lastId(writes), 'put')
    return true
  }
  if (before.kind === about.kind && JSON.stringify(before.wish) === wish) return false
  writes.run(
    'UPDATE sync_outbox SET kind = ?, wish = ?, not_before = 0 WHERE id = ?',
    about.kind,
    wish,
    before.id,
  )
  noteItem(writes, before.id, 'put')
  return true
}

function lastId(reads: Reads): number {
  return reads.get<{ id: number }>('SELECT last_insert_rowid() AS id')?.id ?? 0
}

export function drop(writes: Writes, id: number): void {
  writes.run('DELETE FROM sync_outbox WHERE id = ?', id)
  noteItem(writes, id, 'remove')
}

/** The domain is gone there, and with it all that its mailboxes could be told. */
export function dropRegistrations(writes: Writes, domainName: string): void {
  const sql = "SELECT id FROM sync_outbox WHERE domain_name = ? AND kind = 'register'"
  for (const { id } of writes.all<{ id: number }>(sql, domainName)) drop(writes, id)
}

/** Fixes what is sent and under which key; from here on nobody knows whether it arrives until an answer comes. */
export function beginSending(writes: Writes, id: number, request: Request, key: string): void {
  writes.run(
    "UPDATE sync_outbox SET state = 'sending', request = ?, idempotency_key = ? WHERE id = ?",
    JSON.stringify(request),
    key,
    id,
  )
}

/** It may or may not have arrived: the same is sent again, not before then. */
export function tryAgain(writes: Writes, id: number, failure: Failure, notBefore: number): void {
  writes.run(
    'UPDATE sync_outbox SET tries = tries + 1, failure = ?, not_before = ? WHERE id = ?',
    JSON.stringify(failure),
    notBefore,
    id,
  )
  noteItem(writes, id, 'put')
}

/** What waits of a domain does not go out before then. */
export function holdBack(writes: Writes, domainName: string, notBefore: number): void {
  writes.run(
    "UPDATE sync_outbox SET not_before = ? WHERE domain_name = ? AND state = 'waiting'",
    notBefore,
    domainName,
  )
}

/** Whether it is not known whether a change of this domain has arrived. */
export function isUncertain(reads: Reads, domainName: string): boolean {
  const sql = "SELECT 1 FROM sync_outbox WHERE domain_name = ? AND address = '' AND state = 'sending'"
  return reads.get(sql, domainName) !== undefined
}

/** S-54: whether the server has no such domain because it refused it, or a person gave it up. */
export function isSetAside(reads: Reads, domainName: string): boolean {
  const sql = `SELECT 1 FROM sync_outbox WHERE domain_name = ? AND address = '' AND kind = 'add'
    AND state IN ('refused', 'given-up')`
  return reads.get(sql, domainName) !== undefined
}

/** S-45: what the server has no longer waits for a person, as an addition that was refused. */
export function putAside(
  writes: Writes,
  { domainName, fields, failure }: { domainName: string; fields: OwnedFields; failure: Failure },
  now: number,
): void {
  for (const { id } of itemsOf(writes, domainName, '')) drop(writes, id)
  const wish: Wish = { kind: 'add', fields }
  writes.run(
    `INSERT INTO sync_outbox (domain_name, kind, state, wish, failure, queued_at)
       VALUES (?, 'add', 'refused', ?, ?, ?)`,
    domainName,
    JSON.stringify(wish),
    JSON.stringify(failure),
    now,
  )
  noteItem(writes, lastId(writes), 'put')
}

/** Sets an item aside, with the server's reason or because the person gave it up. */
export function park(
  writes: Writes,
  id: number,
  state: 'refused' | 'given-up',
  failure: Failure | null,
): void {
  writes.run(
    `UPDATE sync_outbox SET state = ?, failure = coalesce(?, failure), request = NULL, idempotency_key = NULL
       WHERE id = ?`,
    state,
    failure === null ? null : JSON.stringify(failure),
    id,
  )
  noteItem(writes, id, state === 'refused' ? 'put' : 'remove')
}

/** A refused item is sent anew, as a new request. */
export function unpark(writes: Writes, id: number): void {
  writes.run(
    "UPDATE sync_outbox SET state = 'waiting', failure = NULL, tries = 0, not_before = 0 WHERE id = ?",
    id,
  )
  noteItem(writes, id, 'put')
}

/** An order of every item of one domain: what is about the domain itself goes before its mailboxes (S-24). */
const place = (row: string) => `(${row}.kind = 'register', ${row}.id)`

// The sign keeps SQLite from sorting the whole outbox each time: it walks along the ids instead.
const nextItemSql = `
  SELECT o.* FROM sync_outbox o
  WHERE +o.state IN ('waiting', 'sending') AND o.not_before NOT BETWEEN ? AND ?
    AND o.domain_name NOT IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM sync_outbox e WHERE e.domain_name = o.domain_name
      AND e.state IN ('waiting', 'sending') AND ${place('e')} < ${place('o')})
    AND (o.kind <> 'register' OR EXISTS (SELECT 1 FROM sync_domains WHERE name = o.domain_name))
  ORDER BY o.id LIMIT 1`

/** The first item that may go out now, none of these domains being under way. */
export function nextItem(reads: Reads, now: number, busyDomains: readonly string[]): Item | null {
  const row = reads.get<ItemRow>(nextItemSql, now + 1, now + longestWaitMs, JSON.stringify(busyDomains))
  return row === undefined ? null : toItem(row)
}

/** When the first item that waits for a time may go out; null when there is none. */
export function nextItemAt(reads: Reads): number | null {
  const sql = `SELECT min(not_before) AS at FROM sync_outbox WHERE state IN ('waiting', 'sending')
    AND (kind <> 'register' OR domain_name IN (SELECT name FROM sync_domains))`
  return reads.get<{ at: number | null }>(sql)?.at ?? null
}

export function countItems(reads: Reads, state: 'open' | 'refused'): number {
  const states = state === 'open' ? "('waiting', 'sending')" : "('refused')"
  const sql = `SELECT count(*) AS count FROM sync_outbox WHERE state IN ${states}`
  return reads.get<{ count: number }>(sql)?.count ?? 0
}

/** The row in the change feed, and the counts in the state, may be different now. */
function noteItem(writes: Writes, id: number, op: 'put' | 'remove'): void {
  writes.changed('outbox', String(id), op)
  noteState(writes)
}
