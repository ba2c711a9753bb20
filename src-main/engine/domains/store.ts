import { randomUUID } from 'node:crypto'
import { listingParts, scoreWithListings, type StandingListing } from '#shared/listing-points.ts'
import type { TableRow } from '#shared/model/change.ts'
import type { Domain, DomainStatus, ListedOn } from '#shared/model/domain.ts'
import type { TableReader } from '../storage/changes.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import type { DomainName } from './domain-name.ts'

/** How long a removed domain can be brought back. */
const keptAfterRemovalMs = 7 * 24 * 60 * 60_000

/** The kinds of job the domains have; the key of each is the domain's id. */
export const jobKinds = {
  check: 'domains.check',
  verify: 'domains.verify',
  recheck: 'domains.recheck',
} as const

type DomainRow = Row & {
  id: string
  name: string
  display_name: string
  status: DomainStatus
  score: number | null
  marks: string
  critical: number
  high: number
  listings: string | null
  dns_provider: string | null
  mail_provider: string | null
  tags: string
  mailboxes: number
  daily_limit: number
  warmup_defaults: string | null
  warmup_per_day: number | null
  reports_at: number | null
  added_at: number
  checked_at: number | null
  checking: number
  next_check_at: number | null
}

/** Listings that stand stay while their lists are silent; that there are none is known only from an answer. */
export const listingsKnown = `EXISTS (SELECT 1 FROM blacklist_reports WHERE domain_id = domains.id AND answered = 1)
  OR EXISTS (SELECT 1 FROM blacklist_listings WHERE domain_id = domains.id)`

/** What is queued, running and planned stands in the jobs alone, so it cannot disagree with them after a crash. */
const selectDomains = `
  SELECT domains.id, domains.name, display_name, status, score, marks, critical, high, dns_provider, mail_provider, tags, added_at,
    checked_at, daily_limit, warmup_defaults, warmup_per_day, reports_at,
    (SELECT count(*) FROM mailboxes WHERE domain_name = domains.name AND mailboxes.removed_at IS NULL) AS mailboxes,
    CASE WHEN ${listingsKnown}
      THEN (SELECT json_group_array(json_object('zone', zone, 'name', name, 'target', target, 'weight', weight))
        FROM blacklist_listings WHERE domain_id = domains.id) END AS listings,
    EXISTS (SELECT 1 FROM jobs WHERE key = domains.id AND
      (kind = '${jobKinds.check}' OR (kind = '${jobKinds.verify}' AND state = 'running'))) AS checking,
    (SELECT run_at FROM jobs WHERE kind = '${jobKinds.verify}' AND key = domains.id) AS next_check_at
  FROM domains WHERE removed_at IS NULL`

const pageOfDomains = `${selectDomains} AND name > ? ORDER BY name LIMIT ?`
const domainsByIds = `${selectDomains} AND id IN (SELECT value FROM json_each(?))`
const domainById = `${selectDomains} AND id = ?`

function toDomain(row: DomainRow): Domain {
  const listings: StandingListing[] = row.listings === null ? [] : JSON.parse(row.listings)
  const listedOn = listingParts(listings)
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    status: row.status,
    score: scoreWithListings(row.score, listedOn),
    marks: JSON.parse(row.marks),
    critical: row.critical,
    high: row.high,
    listings: row.listings === null ? null : listings.length,
    listedOn,
    dnsProvider: row.dns_provider,
    mailProvider: row.mail_provider,
    tags: JSON.parse(row.tags),
    mailboxes: row.mailboxes,
    dailyLimit: row.daily_limit,
    warmupDefaults: row.warmup_defaults === null ? null : JSON.parse(row.warmup_defaults),
    warmupPerDay: row.warmup_per_day,
    addedAt: row.added_at,
    checkedAt: row.checked_at,
    reportsAt: row.reports_at,
    checking: row.checking === 1,
    nextCheckAt: row.next_check_at,
  }
}

function toTableRow(row: DomainRow): TableRow {
  return { table: 'domains', key: row.id, row: toDomain(row) }
}

/** The domains as the change feed shows them: by name, as a window lists them, so that its first rows come first. */
export function domainReader(reads: Reads): TableReader {
  return {
    place: entry => (entry.table === 'domains' ? entry.row.name : entry.key),
    page: (after, limit) => reads.all<DomainRow>(pageOfDomains, after ?? '', limit).map(toTableRow),
    rows: keys => reads.all<DomainRow>(domainsByIds, JSON.stringify(keys)).map(toTableRow),
  }
}

/** The domain of this id, or null when there is none or it was removed. */
export function findDomain(reads: Reads, id: string): Domain | null {
  const row = reads.get<DomainRow>(domainById, id)
  return row === undefined ? null : toDomain(row)
}

/** Those of these ids that stand on the list, in the given order, each once. */
export function presentIds(reads: Reads, ids: readonly string[]): string[] {
  const rows = reads.all<{ id: string }>(
    'SELECT id FROM domains WHERE removed_at IS NULL AND id IN (SELECT value FROM json_each(?))',
    JSON.stringify(ids),
  )
  const present = new Set(rows.map(row => row.id))
  return [...new Set(ids)].filter(id => present.has(id))
}

export function isListed(reads: Reads, name: string): boolean {
  return reads.get('SELECT 1 FROM domains WHERE name = ? AND removed_at IS NULL', name) !== undefined
}

const noMarks = JSON.stringify({ spf: null, dkim: null, dmarc: null, mx: null })

/**
 * Puts a name on the list as Pending and returns its id, or null when it stands there already. One that was removed
 * comes back as it was, with its reports, but with a new time to be verified in.
 */
export function putDomain(
  writes: Writes,
  { name, displayName }: Pick<DomainName, 'name' | 'displayName'>,
  tags: readonly string[],
  now: number,
): string | null {
  const found = writes.get<{ id: string; tags: string; removed_at: number | null }>(
    'SELECT id, tags, removed_at FROM domains WHERE name = ?',
    name,
  )
  if (found !== undefined && found.removed_at === null) return null
  const id = found?.id ?? randomUUID()
  if (found === undefined) {
    writes.run(
      `INSERT INTO domains (id, name, display_name, status, marks, tags, added_at) VALUES (?, ?, ?, 'pending', ?, ?, ?)`,
      id,
      name,
      displayName,
      noMarks,
      tagsText(tags),
      now,
    )
  } else {
    writes.run(
      `UPDATE domains SET removed_at = NULL, display_name = ?, tags = ?, added_at = ?, polls = 0,
         status = CASE status WHEN 'failed' THEN 'pending' ELSE status END WHERE id = ?`,
      displayName,
      tagsText([...JSON.parse(found.tags), ...tags]),
      now,
      id,
    )
    noteAlerts(writes, id, 'put')
  }
  writes.changed('domains', id, 'put')
  noteMailboxes(writes, name)
  return id
}

/** Takes a domain off the list; it can be brought back for `keptAfterRemovalMs`. */
export function removeDomain(writes: Writes, id: string, now: number): void {
  writes.run('UPDATE domains SET removed_at = ? WHERE id = ?', now, id)
  writes.changed('domains', id, 'remove')
  noteMailboxes(writes, nameOf(writes, id))
  noteAlerts(writes, id, 'remove')
}

/** Alerts are shown for domains on the list alone, so they come and go with it. */
function noteAlerts(writes: Writes, domainId: string, op: 'put' | 'remove'): void {
  const alerts = writes.all<{ id: string }>('SELECT id FROM alerts WHERE domain_id = ?', domainId)
  for (const { id } of alerts) writes.changed('alerts', id, op)
}

/** Rows of mailboxes and of their warmup name their domain while it is on the list, and the limit it gives them. */
export function noteMailboxes(writes: Writes, name: string | null): void {
  const mailboxes = writes.all<{ id: string; warms_up: number }>(
    `SELECT id, EXISTS (SELECT 1 FROM warmup_mailboxes WHERE mailbox_id = mailboxes.id AND is_on = 1) AS warms_up
       FROM mailboxes WHERE domain_name = ? AND removed_at IS NULL`,
    name,
  )
  for (const { id, warms_up } of mailboxes) {
    writes.changed('mailboxes', id, 'put')
    if (warms_up === 1) writes.changed('warmup', id, 'put')
  }
}

/** What stands under a name, on the list or removed. */
export function findByName(
  reads: Reads,
  name: string,
): { id: string; tags: string[]; dailyLimit: number; removedAt: number | null } | null {
  const row = reads.get<{ id: string; tags: string; daily_limit: number; removed_at: number | null }>(
    'SELECT id, tags, daily_limit, removed_at FROM domains WHERE name = ?',
    name,
  )
  if (row === undefined) return null
  return { id: row.id, tags: JSON.parse(row.tags), dailyLimit: row.daily_limit, removedAt: row.removed_at }
}

/** The name of a domain, on the list or removed, and when it was. */
export function removalOf(reads: Reads, id: string): { name: string; removedAt: number | null } | null {
  const row = reads.get<{ name: string; removed_at: number | null }>(
    'SELECT name, removed_at FROM domains WHERE id = ?',
    id,
  )
  return row === undefined ? null : { name: row.name, removedAt: row.removed_at }
}

/** When the domain of this name was removed; null when it was not, or there is none. */
export function removedAtOf(reads: Reads, name: string): number | null {
  const sql = 'SELECT removed_at FROM domains WHERE name = ?'
  return reads.get<{ removed_at: number | null }>(sql, name)?.removed_at ?? null
}

export function nameOf(reads: Reads, id: string): string | null {
  return removalOf(reads, id)?.name ?? null
}

/** Brings removed domains back whole; returns those that there were. */
export function restoreDomains(writes: Writes, ids: readonly string[]): string[] {
  const restored = [...new Set(ids)].filter(
    id =>
      writes.run('UPDATE domains SET removed_at = NULL WHERE id = ? AND removed_at IS NOT NULL', id).changes >
      0,
  )
  for (const id of restored) {
    writes.changed('domains', id, 'put')
    noteMailboxes(writes, nameOf(writes, id))
    noteAlerts(writes, id, 'put')
  }
  return restored
}

/** Adds and removes tags of one domain, noting a change only when there is one. */
export function retag(writes: Writes, id: string, add: readonly string[], remove: readonly string[]): void {
  const before = writes.get<{ tags: string }>('SELECT tags FROM domains WHERE id = ?', id)?.tags
  if (before === undefined) return
  const tags: string[] = [...JSON.parse(before), ...add]
  const after = tagsText(tags.filter(tag => !remove.includes(tag)))
  if (after === before) return
  writes.run('UPDATE domains SET tags = ? WHERE id = ?', after, id)
  writes.changed('domains', id, 'put')
}

function tagsText(tags: readonly string[]): string {
  return JSON.stringify([...new Set(tags)])
}

/** Deletes for good what was removed too long ago to come back, with its reports. */
export function purgeRemoved(writes: Writes, now: number): number {
  return writes.run('DELETE FROM domains WHERE removed_at <= ?', now - keptAfterRemovalMs).changes
}

/** What the background poll of a domain goes by; null once the domain is off the list. */
export function findPolling(
  reads: Reads,
  id: string,
): { name: string; status: DomainStatus; polls: number; addedAt: number } | null {
  const row = reads.get<{ name: string; status: DomainStatus; polls: number; added_at: number }>(
    'SELECT name, status, polls, added_at FROM domains WHERE id = ? AND removed_at IS NULL',
    id,
  )
  return row === undefined
    ? null
    : { name: row.name, status: row.status, polls: row.polls, addedAt: row.added_at }
}

export function countPoll(writes: Writes, id: string): void {
  writes.run('UPDATE domains SET polls = polls + 1 WHERE id = ?', id)
}

/** What the blacklists take from the score of a domain now. */
export function listedOnOf(reads: Reads, id: string): ListedOn[] {
  return listingParts(
    reads.all<StandingListing & Row>(
      'SELECT zone, name, target, weight FROM blacklist_listings WHERE domain_id = ?',
      id,
    ),
  )
}
