import type { Alert } from '#shared/model/alert.ts'
import type { Mailbox } from '#shared/model/mailbox.ts'
import type { TableRow } from '#shared/model/change.ts'
import type { Settings } from '#shared/model/settings.ts'
import type { Severity } from '#shared/model/finding.ts'
import type { Conflict, OutboxItem, ServerDomain, SyncState } from '#shared/model/sync.ts'
import type { Partner } from '#shared/model/partner.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { Dexie, type EntityTable } from 'dexie'
import type { DomainRow } from './domain-table.ts'

/**
 * The window's copy of the store. It can be deleted at any time and nothing is lost: the follower fills it again.
 * Only the follower writes it; screens read it with live queries, and the domains from memory (`domain-table.ts`).
 */

/** Domains whose ids come to the same number, so that ten thousand of them are a few records. */
export type DomainBlock = { block: number; rows: DomainRow[] }

/** What a list can be sorted by, as IndexedDB can index it. */
export type MailboxRow = Mailbox & { sortAddress: string; sortStatus: number; sortTestedAt: number }

/** Severity and time as numbers, so that the worst and newest come first out of an index. */
export type AlertRow = Alert & { sortSeverity: number; isStanding: 0 | 1 }

export type ReplicaState = { id: 'state'; dataId: string; seq: number | null }

export type Replica = Dexie & {
  domainBlocks: EntityTable<DomainBlock, 'block'>
  mailboxes: EntityTable<MailboxRow, 'id'>
  warmup: EntityTable<WarmupRow, 'id'>
  partners: EntityTable<Partner, 'id'>
  alerts: EntityTable<AlertRow, 'id'>
  settings: EntityTable<Settings & { id: 'settings' }, 'id'>
  sync: EntityTable<SyncState & { id: 'sync' }, 'id'>
  outbox: EntityTable<OutboxItem, 'id'>
  conflicts: EntityTable<Conflict, 'id'>
  serverDomains: EntityTable<ServerDomain & { id: string }, 'id'>
  state: EntityTable<ReplicaState, 'id'>
}

/** Raised whenever a table, an index or what a row must have changes; an older replica is thrown away, not migrated. */
export const schemaVersion = 12
const namePrefix = 'rookery-replica-'

const severityOrder: Record<Severity, number> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 }

/** What needs a person first. */
const mailboxStatusOrder: Record<Mailbox['status'], number> = {
  'auth-failed': 0,
  'not-fully-tested': 1,
  'rate-limited': 2,
  paused: 3,
  disabled: 4,
  active: 5,
}

export function withMailboxKeys(row: Mailbox): MailboxRow {
  return {
    ...row,
    sortAddress: row.address.toLowerCase(),
    sortStatus: mailboxStatusOrder[row.status],
    sortTestedAt: row.testedAt ?? 0,
  }
}

export function withAlertKeys(row: Alert): AlertRow {
  return {
    ...row,
    sortSeverity: severityOrder[row.severity],
    isStanding: row.state === 'resolved' ? 0 : 1,
  }
}

/**
 * Every table of the feed but the domains, with its primary key and indexes as Dexie writes them. What a table adds to
 * its rows is in `keptRow`.
 */
const keptIndexes = {
  mailboxes: 'id, sortAddress, sortStatus, [sortStatus+sortAddress], sortTestedAt, domainName',
  warmup: 'id, domainId, today.nextSendAt',
  partners: 'id',
  alerts: 'id, isStanding, state, domainId',
  settings: 'id',
  sync: 'id',
  outbox: 'id, state, domainId, queuedAt',
  conflicts: 'id, at',
  serverDomains: 'id',
} as const satisfies Record<Exclude<TableRow['table'], 'domains'>, string>
export type KeptTable = keyof typeof keptIndexes
export const keptTables = Object.keys(keptIndexes) as readonly KeptTable[]

/** A row as it is kept, its primary key the key of the feed. */
export function keptRow(entry: TableRow): object {
  switch (entry.table) {
    case 'mailboxes':
      return withMailboxKeys(entry.row)
    case 'alerts':
      return withAlertKeys(entry.row)
    default:
      return { ...entry.row, id: entry.key }
  }
}

export function openReplica(): Replica {
  const replica = new Dexie(`${namePrefix}${schemaVersion}`) as Replica
  replica.version(1).stores({ ...keptIndexes, domainBlocks: 'block', state: 'id' })
  return replica
}

/** The one replica of this window. */
export const replica: Replica = openReplica()

/** Removes replicas of other schemas; called once at start, in the background. */
export async function forgetOldReplicas(): Promise<void> {
  for (const name of await Dexie.getDatabaseNames())
    if (name.startsWith(namePrefix) && name !== `${namePrefix}${schemaVersion}`) await Dexie.delete(name)
}
