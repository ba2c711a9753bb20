import type { Alert } from '#shared/model/alert.ts'
import type { Domain } from '#shared/model/domain.ts'
import type { Mailbox } from '#shared/model/mailbox.ts'
import type { Settings } from '#shared/model/settings.ts'
import type { Severity } from '#shared/model/finding.ts'
import { Dexie, type EntityTable } from 'dexie'

/**
 * The window's copy of the store. It can be deleted at any time and nothing is lost: the follower fills it again.
 * Only the follower writes it; screens read it with live queries.
 */

/** IndexedDB does not index null, so what a list can be sorted by is kept beside the row as numbers. */
export type DomainRow = Domain & {
  sortName: string
  sortScore: number
  sortCheckedAt: number
  sortStatus: number
  sortProvider: string
}

export type MailboxRow = Mailbox & { sortAddress: string; sortStatus: number; sortTestedAt: number }

/** Severity and time as numbers, so that the worst and newest come first out of an index. */
export type AlertRow = Alert & { sortSeverity: number; isStanding: 0 | 1 }

export type ReplicaState = { id: 'state'; dataId: string; seq: number | null }

export type Replica = Dexie & {
  domains: EntityTable<DomainRow, 'id'>
  mailboxes: EntityTable<MailboxRow, 'id'>
  alerts: EntityTable<AlertRow, 'id'>
  settings: EntityTable<Settings & { id: 'settings' }, 'id'>
  state: EntityTable<ReplicaState, 'id'>
}

/** Raised whenever a table or an index below changes; an older replica is thrown away, not migrated. */
const schemaVersion = 3
const namePrefix = 'rookery-replica-'

const severityOrder: Record<Severity, number> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 }
const statusOrder = { failed: 0, pending: 1, verified: 2 } as const

export function withSortKeys(row: Domain): DomainRow {
  return {
    ...row,
    sortName: row.displayName
      .normalize('NFKD')
      .replaceAll(/\p{Mark}/gu, '')
      .toLowerCase(),
    sortScore: row.score ?? -1,
    sortCheckedAt: row.checkedAt ?? 0,
    sortStatus: statusOrder[row.status],
    sortProvider: row.dnsProvider ?? '',
  }
}

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

export function openReplica(): Replica {
  const replica = new Dexie(`${namePrefix}${schemaVersion}`) as Replica
  replica.version(1).stores({
    domains: 'id, sortName, sortScore, sortCheckedAt, sortStatus, sortProvider, *tags',
    mailboxes: 'id, sortAddress, sortStatus, sortTestedAt, domainName',
    alerts: 'id, isStanding, state, domainId',
    settings: 'id',
    state: 'id',
  })
  return replica
}

/** Removes replicas of other schemas; called once at start, in the background. */
export async function forgetOldReplicas(): Promise<void> {
  for (const name of await Dexie.getDatabaseNames())
    if (name.startsWith(namePrefix) && name !== `${namePrefix}${schemaVersion}`) await Dexie.delete(name)
}
