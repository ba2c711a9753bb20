import type { Reads, Row, Writes } from '../storage/open.ts'
import type { OwnedFields, TenantDomain, TenantReputation } from './api.ts'
import type { Base } from './merge.ts'
import type { AccountWish } from './outbox.ts'

type AgreedRow = Row & {
  name: string
  server_id: string
  version: string
  tags: string
  daily_limit: number
  server_status: TenantDomain['serverStatus']
}

/** What both sides last agreed on about a domain, and what the server said of it by itself. */
export type Agreed = Base & { readonly name: string; readonly serverStatus: TenantDomain['serverStatus'] }

function toAgreed(row: AgreedRow): Agreed {
  return {
    name: row.name,
    serverId: row.server_id,
    version: row.version,
    fields: { tags: JSON.parse(row.tags), dailyLimit: row.daily_limit },
    serverStatus: row.server_status,
  }
}

export function agreedOn(reads: Reads, name: string): Agreed | null {
  const row = reads.get<AgreedRow>('SELECT * FROM sync_domains WHERE name = ?', name)
  return row === undefined ? null : toAgreed(row)
}

export function agreedById(reads: Reads, serverId: string): Agreed | null {
  const row = reads.get<AgreedRow>('SELECT * FROM sync_domains WHERE server_id = ?', serverId)
  return row === undefined ? null : toAgreed(row)
}

/** Every domain the server is known to have. */
export function agreedIds(reads: Reads): { name: string; serverId: string }[] {
  return reads
    .all<{ name: string; server_id: string }>('SELECT name, server_id FROM sync_domains ORDER BY name')
    .map(row => ({ name: row.name, serverId: row.server_id }))
}

export function putAgreed(
  writes: Writes,
  name: string,
  { serverId, version, fields }: Base,
  serverStatus: TenantDomain['serverStatus'],
): void {
  const before = agreedOn(writes, name)
  // A server that gives an id to another name has let the old one go.
  writes.run('DELETE FROM sync_domains WHERE server_id = ? AND name <> ?', serverId, name)
  if (before !== null && before.serverId !== serverId) forgetAccounts(writes, name)
  writes.run(
    `INSERT INTO sync_domains (name, server_id, version, tags, daily_limit, server_status) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET server_id = excluded.server_id, version = excluded.version,
       tags = excluded.tags, daily_limit = excluded.daily_limit, server_status = excluded.server_status`,
    name,
    serverId,
    version,
    JSON.stringify(fields.tags),
    fields.dailyLimit,
    serverStatus,
  )
  if (before?.serverStatus !== serverStatus) noteServerDomain(writes, name)
}

/** Nothing is agreed on about a domain any more, nor about its mailboxes. */
export function forgetAgreed(writes: Writes, name: string): void {
  const removed = writes.run('DELETE FROM sync_domains WHERE name = ?', name).changes > 0
  forgetAccounts(writes, name)
  if (removed) noteServerDomain(writes, name)
}

function forgetAccounts(writes: Writes, domainName: string): void {
  writes.run('DELETE FROM sync_accounts WHERE domain_name = ?', domainName)
}

/** What the server was last told of a mailbox, or null. */
export function toldAccount(reads: Reads, address: string): AccountWish | null {
  const row = reads.get<{ state: string; credential: number | null }>(
    'SELECT state, credential FROM sync_accounts WHERE address = ?',
    address,
  )
  return row === undefined ? null : { state: row.state, credential: row.credential }
}

export function putAccountTold(
  writes: Writes,
  { address, domainName, state, credential }: AccountWish & { address: string; domainName: string },
): void {
  writes.run(
    `INSERT INTO sync_accounts (address, domain_name, state, credential) VALUES (?, ?, ?, ?)
     ON CONFLICT (address) DO UPDATE SET domain_name = excluded.domain_name, state = excluded.state,
       credential = excluded.credential`,
    address,
    domainName,
    state,
    credential,
  )
}

/** The server said something about this domain while it was not known whether a change had arrived (S-41). */
export function readAgainLater(writes: Writes, name: string, serverId: string): void {
  writes.run(
    'INSERT INTO sync_reread (name, server_id) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET server_id = excluded.server_id',
    name,
    serverId,
  )
}

/** Domains to be read again whose changes have all found their end. */
export function toReadAgain(reads: Reads): { name: string; serverId: string }[] {
  return reads
    .all<{ name: string; server_id: string }>(
      `SELECT name, server_id FROM sync_reread WHERE NOT EXISTS (SELECT 1 FROM sync_outbox
         WHERE domain_name = sync_reread.name AND address = '' AND sync_outbox.state = 'sending') ORDER BY name`,
    )
    .map(row => ({ name: row.name, serverId: row.server_id }))
}

/** This domain of the server was read. Another one of the same name may still have to be. */
export function wasReadAgain(writes: Writes, name: string, serverId: string): void {
  writes.run('DELETE FROM sync_reread WHERE name = ? AND server_id = ?', name, serverId)
}

/** Keeps what the server says of a domain's reputation; null when it is as it was. */
export function putReputation(
  writes: Writes,
  name: string,
  reputation: TenantReputation | null,
  now: number,
): void {
  if (reputation === null) {
    writes.run('UPDATE sync_domains SET reputation_at = ? WHERE name = ?', now, name)
  } else {
    const { score, bounceRate, complaintRate, listedOn, measuredAt, etag } = reputation
    writes.run(
      'UPDATE sync_domains SET reputation = ?, reputation_etag = ?, reputation_at = ? WHERE name = ?',
      JSON.stringify({ score, bounceRate, complaintRate, listedOn, measuredAt }),
      etag,
      now,
      name,
    )
  }
  noteServerDomain(writes, name)
}

/** Domains on the list whose reputation was asked for before `before`, or by a clock that was turned back since; the longest ago first. */
export function reputationsToAsk(
  reads: Reads,
  { before, now }: { before: number; now: number },
  limit: number,
): { name: string; etag: string | null }[] {
  return reads
    .all<{ name: string; etag: string | null }>(
      `SELECT sync_domains.name, reputation_etag AS etag FROM sync_domains
         JOIN domains ON domains.name = sync_domains.name AND domains.removed_at IS NULL
         WHERE coalesce(reputation_at, 0) NOT BETWEEN ? AND ? ORDER BY coalesce(reputation_at, 0), sync_domains.name LIMIT ?`,
      before,
      now,
      limit,
    )
    .map(({ name, etag }) => ({ name, etag }))
}

/** Whether there is a domain on the list whose reputation was never asked for. */
export function isReputationUnasked(reads: Reads): boolean {
  return reputationsToAsk(reads, { before: 1, now: Number.MAX_SAFE_INTEGER }, 1).length > 0
}

/** The server is asked about these (null: all) as if it had not been yet; returns how many there are. */
export function askReputationAnew(writes: Writes, domainIds: readonly string[] | null): number {
  const all = 'UPDATE sync_domains SET reputation_at = NULL'
  if (domainIds === null) return writes.run(all).changes
  return writes.run(
    `${all} WHERE name IN (SELECT name FROM domains WHERE id IN (SELECT value FROM json_each(?)))`,
    JSON.stringify(domainIds),
  ).changes
}

/** The row of the table `serverDomains` may be different, or gone. */
export function noteServerDomain(writes: Writes, name: string): void {
  const row = writes.get<{ id: string }>('SELECT id FROM domains WHERE name = ?', name)
  if (row !== undefined) writes.changed('serverDomains', row.id, 'put')
}

/** What stands on the list here, or null. */
export function fieldsHere(reads: Reads, name: string): OwnedFields | null {
  const row = reads.get<{ tags: string; daily_limit: number }>(
    'SELECT tags, daily_limit FROM domains WHERE name = ? AND removed_at IS NULL',
    name,
  )
  return row === undefined ? null : { tags: JSON.parse(row.tags), dailyLimit: row.daily_limit }
}
