import type { TableRow } from '#shared/model/change.ts'
import type { OutboxItem, ServerDomain, SyncState } from '#shared/model/sync.ts'
import type { TableReader } from '../storage/changes.ts'
import type { Reads, Row } from '../storage/open.ts'
import { conflictPage, conflictsByIds, countOpenConflicts } from './conflicts.ts'
import { readConnection } from './connection.ts'
import { countItems } from './items.ts'

/** What is under way in memory alone. */
export type Activity = {
  isRunning(): boolean
  /** Whether the token can be read. */
  isVaultReady(): boolean
  nextAt(reads: Reads): number | null
}
const noActivity: Activity = { isRunning: () => false, isVaultReady: () => true, nextAt: () => null }

/** Shorter queues are gone before anybody could read a count. */
const progressFrom = 10

/** Where the synchronisation stands, as a person sees it. */
export function syncStateOf(reads: Reads, activity: Activity): SyncState {
  const connection = readConnection(reads)
  const waiting = countItems(reads, 'open')
  const counts = { waiting, refused: countItems(reads, 'refused'), conflicts: countOpenConflicts(reads) }
  if (connection === null) {
    return {
      state: 'not-connected',
      baseUrl: null,
      tenantId: null,
      failure: null,
      ...counts,
      progress: null,
      nextAt: null,
      syncedAt: null,
      connectedAt: null,
    }
  }
  const { baseUrl, tenantId, trouble, failure, drained, syncedAt, connectedAt } = connection
  const total = drained + waiting
  const held = trouble === null && !activity.isVaultReady() ? 'vault-locked' : trouble
  const resting = held ?? (waiting > 0 || !connection.joined ? 'waiting' : 'up-to-date')
  return {
    state: activity.isRunning() ? 'syncing' : resting,
    baseUrl,
    tenantId,
    failure,
    ...counts,
    progress: waiting > 0 && total >= progressFrom ? { done: drained, total } : null,
    nextAt: trouble === null ? activity.nextAt(reads) : connection.nextTryAt,
    syncedAt,
    connectedAt,
  }
}

type OutboxRow = Row & {
  id: number
  kind: OutboxItem['kind']
  domain_id: string | null
  domain_name: string
  mailbox_id: string | null
  address: string
  mailbox_address: string | null
  state: OutboxItem['state']
  failure: string | null
  tries: number
  queued_at: number
}

const selectItems = `
  SELECT o.id, o.kind, o.domain_name, o.address, o.state, o.failure, o.tries, o.queued_at,
    domains.id AS domain_id, mailboxes.id AS mailbox_id, mailboxes.address AS mailbox_address
  FROM sync_outbox o
  LEFT JOIN domains ON domains.name = o.domain_name AND domains.removed_at IS NULL
  LEFT JOIN mailboxes ON mailboxes.address_key = o.address AND mailboxes.removed_at IS NULL
  WHERE +o.state <> 'given-up'`

function toOutboxItem(row: OutboxRow): OutboxItem {
  return {
    id: String(row.id),
    kind: row.kind,
    domainId: row.domain_id,
    domainName: row.domain_name,
    mailboxId: row.mailbox_id,
    address: row.address === '' ? null : (row.mailbox_address ?? row.address),
    state: row.state,
    failure: row.failure === null ? null : JSON.parse(row.failure),
    tries: row.tries,
    queuedAt: row.queued_at,
  }
}

/** The outbox in the order it is sent. */
export function outboxPage(reads: Reads, after: number, limit: number): OutboxItem[] {
  return reads
    .all<OutboxRow>(`${selectItems} AND o.id > ? ORDER BY o.id LIMIT ?`, after, limit)
    .map(toOutboxItem)
}

type ServerRow = Row & {
  domain_id: string
  server_status: ServerDomain['serverStatus']
  reputation: string | null
  reputation_at: number | null
}

const selectServer = `
  SELECT domains.id AS domain_id, server_status, reputation, reputation_at FROM sync_domains
  JOIN domains ON domains.name = sync_domains.name AND domains.removed_at IS NULL
  WHERE (server_status IS NOT NULL OR reputation IS NOT NULL)`

function toServerDomain(row: ServerRow): ServerDomain {
  const nothing = { score: null, bounceRate: null, complaintRate: null, listedOn: [], measuredAt: null }
  return {
    domainId: row.domain_id,
    serverStatus: row.server_status,
    ...(row.reputation === null ? nothing : JSON.parse(row.reputation)),
    askedAt: row.reputation_at,
  }
}

const outboxRow = (row: OutboxItem): TableRow => ({ table: 'outbox', key: row.id, row })
const serverRow = (row: ServerDomain): TableRow => ({ table: 'serverDomains', key: row.domainId, row })
const numberOf = (after: string | null) => Number(after ?? 0)

/** The tables of the synchronisation as the change feed shows them. */
export function syncReaders(
  reads: Reads,
  activity: Activity = noActivity,
): Record<'sync' | 'outbox' | 'conflicts' | 'serverDomains', TableReader> {
  const stateRow = (): TableRow => ({ table: 'sync', key: 'sync', row: syncStateOf(reads, activity) })
  return {
    sync: {
      page: after => (after === null ? [stateRow()] : []),
      rows: keys => (keys.includes('sync') ? [stateRow()] : []),
    },
    outbox: {
      page: (after, limit) => outboxPage(reads, numberOf(after), limit).map(outboxRow),
      rows: keys =>
        reads
          .all<OutboxRow>(
            `${selectItems} AND o.id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))`,
            JSON.stringify(keys),
          )
          .map(row => outboxRow(toOutboxItem(row))),
    },
    conflicts: {
      page: (after, limit) =>
        conflictPage(reads, numberOf(after), limit).map(row => ({ table: 'conflicts', key: row.id, row })),
      rows: keys => conflictsByIds(reads, keys).map(row => ({ table: 'conflicts', key: row.id, row })),
    },
    serverDomains: {
      page: (after, limit) =>
        reads
          .all<ServerRow>(
            `${selectServer} AND domains.id > ? ORDER BY domains.id LIMIT ?`,
            after ?? '',
            limit,
          )
          .map(row => serverRow(toServerDomain(row))),
      rows: keys =>
        reads
          .all<ServerRow>(
            `${selectServer} AND domains.id IN (SELECT value FROM json_each(?))`,
            JSON.stringify(keys),
          )
          .map(row => serverRow(toServerDomain(row))),
    },
  }
}
