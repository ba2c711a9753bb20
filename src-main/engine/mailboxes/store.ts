import { dailyLimits } from '#shared/model/mailbox-values.ts'
import type { TableRow } from '#shared/model/change.ts'
import type { Mailbox, MailboxConnection, MailboxReason, MailboxTest } from '#shared/model/mailbox.ts'
import type { TableReader } from '../storage/changes.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import { type Hold, type Standing, statusOf } from './standing.ts'

/** The kinds of job the mailboxes have; the key of each is the mailbox's id. */
export const mailboxJobs = { recheck: 'mailboxes.recheck', limitOver: 'mailboxes.limit-over' } as const

type MailboxRow = Row & {
  id: string
  address: string
  domain_name: string
  domain_id: string | null
  sender_name: string
  time_zone: string
  daily_limit: number | null
  domain_limit: number | null
  connection: string
  standing: Standing['standing']
  reason: string | null
  proven: number
  hold: Hold
  limited_until: number | null
  limit_reason: string | null
  refusals: number
  troubles: number
  tested_at: number | null
  added_at: number
  testing: number
  next_check_at: number | null
}

const selectMailboxes = `
  SELECT mailboxes.id, mailboxes.address, mailboxes.domain_name, domains.id AS domain_id, mailboxes.sender_name,
    mailboxes.time_zone, mailboxes.daily_limit, domains.daily_limit AS domain_limit, mailboxes.connection,
    mailboxes.standing, mailboxes.reason, mailboxes.proven, mailboxes.hold, mailboxes.limited_until,
    mailboxes.limit_reason, mailboxes.refusals, mailboxes.troubles, mailboxes.tested_at, mailboxes.added_at,
    EXISTS (SELECT 1 FROM jobs WHERE kind = '${mailboxJobs.recheck}' AND key = mailboxes.id AND state = 'running')
      AS testing,
    (SELECT run_at FROM jobs WHERE kind = '${mailboxJobs.recheck}' AND key = mailboxes.id) AS next_check_at
  FROM mailboxes
  LEFT JOIN domains ON domains.name = mailboxes.domain_name AND domains.removed_at IS NULL
  WHERE mailboxes.removed_at IS NULL`

const pageOfMailboxes = `${selectMailboxes} AND mailboxes.id > ? ORDER BY mailboxes.id LIMIT ?`
const mailboxesByIds = `${selectMailboxes} AND mailboxes.id IN (SELECT value FROM json_each(?))`
const mailboxById = `${selectMailboxes} AND mailboxes.id = ?`

function readReason(text: string | null): MailboxReason | null {
  return text === null ? null : JSON.parse(text)
}

function toStanding(row: MailboxRow): Standing {
  return {
    standing: row.standing,
    reason: readReason(row.reason),
    proven: row.proven === 1,
    limitedUntilAt: row.limited_until,
    limitReason: readReason(row.limit_reason),
    refusals: row.refusals,
    troubles: row.troubles,
  }
}

function toMailbox(row: MailboxRow, tests: RunningTests): Mailbox {
  return {
    id: row.id,
    address: row.address,
    domainName: row.domain_name,
    domainId: row.domain_id,
    senderName: row.sender_name,
    ...statusOf(toStanding(row), row.hold),
    limitedUntilAt: row.limited_until,
    ownDailyLimit: row.daily_limit,
    dailyLimit: row.daily_limit ?? row.domain_limit ?? dailyLimits.usual,
    timeZone: row.time_zone,
    connection: JSON.parse(row.connection),
    testing: row.testing === 1 || tests.isRunning(row.id),
    testedAt: row.tested_at,
    refusals: row.refusals,
    nextCheckAt: row.next_check_at,
    addedAt: row.added_at,
  }
}

/** Tests that a person watches; they are no rows, for they end with the window. */
export type RunningTests = { isRunning(id: string): boolean }
export const noTests: RunningTests = { isRunning: () => false }

/** The mailboxes as the change feed shows them. */
export function mailboxReader(reads: Reads, tests: RunningTests): TableReader {
  const toRow = (row: MailboxRow): TableRow => ({
    table: 'mailboxes',
    key: row.id,
    row: toMailbox(row, tests),
  })
  return {
    page: (after, limit) => reads.all<MailboxRow>(pageOfMailboxes, after ?? '', limit).map(toRow),
    rows: keys => reads.all<MailboxRow>(mailboxesByIds, JSON.stringify(keys)).map(toRow),
  }
}

/** The mailbox of this id, or null when there is none or it was removed. */
export function findMailbox(reads: Reads, id: string, tests: RunningTests = noTests): Mailbox | null {
  const row = reads.get<MailboxRow>(mailboxById, id)
  return row === undefined ? null : toMailbox(row, tests)
}

/** Every mailbox on the list, in the order of their ids. */
export function allMailboxes(reads: Reads): Mailbox[] {
  return reads.all<MailboxRow>(`${selectMailboxes} ORDER BY mailboxes.id`).map(row => toMailbox(row, noTests))
}

/** Those of these ids that stand on the list, in the given order, each once. */
export function presentMailboxes(reads: Reads, ids: readonly string[]): string[] {
  const rows = reads.all<{ id: string }>(
    'SELECT id FROM mailboxes WHERE removed_at IS NULL AND id IN (SELECT value FROM json_each(?))',
    JSON.stringify(ids),
  )
  const present = new Set(rows.map(row => row.id))
  return [...new Set(ids)].filter(id => present.has(id))
}

export function isMailboxListed(reads: Reads, key: string): boolean {
  return reads.get('SELECT 1 FROM mailboxes WHERE address_key = ? AND removed_at IS NULL', key) !== undefined
}

/** What the jobs and tests go by. */
export function findStanding(reads: Reads, id: string): { standing: Standing; hold: Hold } | null {
  const row = reads.get<MailboxRow>(mailboxById, id)
  return row === undefined ? null : { standing: toStanding(row), hold: row.hold }
}

/** Writes where a mailbox stands, and notes the change. */
export function writeStanding(writes: Writes, id: string, standing: Standing): void {
  writes.run(
    `UPDATE mailboxes SET standing = ?, reason = ?, proven = ?, limited_until = ?, limit_reason = ?, refusals = ?,
       troubles = ? WHERE id = ?`,
    standing.standing,
    standing.reason === null ? null : JSON.stringify(standing.reason),
    standing.proven ? 1 : 0,
    standing.limitedUntilAt,
    standing.limitReason === null ? null : JSON.stringify(standing.limitReason),
    standing.refusals,
    standing.troubles,
    id,
  )
  writes.changed('mailboxes', id, 'put')
}

export function writeTest(writes: Writes, id: string, test: MailboxTest): void {
  writes.run(
    'UPDATE mailboxes SET last_test = ?, tested_at = ? WHERE id = ?',
    JSON.stringify(test),
    test.at,
    id,
  )
  writes.changed('mailboxes', id, 'put')
}

export function writeConnection(writes: Writes, id: string, connection: MailboxConnection): void {
  writes.run('UPDATE mailboxes SET connection = ? WHERE id = ?', JSON.stringify(connection), id)
  writes.changed('mailboxes', id, 'put')
}

export function writeHold(writes: Writes, id: string, hold: Hold): boolean {
  const changed = writes.run('UPDATE mailboxes SET hold = ? WHERE id = ? AND hold IS NOT ?', hold, id, hold)
  if (changed.changes > 0) writes.changed('mailboxes', id, 'put')
  return changed.changes > 0
}

export type MailboxPreferences = {
  readonly senderName: string
  readonly signature: string
  readonly timeZone: string
  readonly dailyLimit: number | null
}

/** Changes what is given of it; tells whether anything was different. */
export function writePreferences(writes: Writes, id: string, change: Partial<MailboxPreferences>): boolean {
  const before = writes.get<Row>(
    'SELECT sender_name, signature, time_zone, daily_limit FROM mailboxes WHERE id = ?',
    id,
  )
  if (before === undefined) return false
  const after = [
    change.senderName ?? String(before.sender_name),
    change.signature ?? String(before.signature),
    change.timeZone ?? String(before.time_zone),
    change.dailyLimit === undefined ? (before.daily_limit ?? null) : change.dailyLimit,
  ]
  if (Object.values(before).every((value, index) => value === after[index])) return false
  writes.run(
    'UPDATE mailboxes SET sender_name = ?, signature = ?, time_zone = ?, daily_limit = ? WHERE id = ?',
    ...after,
    id,
  )
  writes.changed('mailboxes', id, 'put')
  return true
}

export function signatureOf(reads: Reads, id: string): string {
  return reads.get<{ signature: string }>('SELECT signature FROM mailboxes WHERE id = ?', id)?.signature ?? ''
}

export function lastTestOf(reads: Reads, id: string): MailboxTest | null {
  const row = reads.get<{ last_test: string | null }>('SELECT last_test FROM mailboxes WHERE id = ?', id)
  return row?.last_test ? JSON.parse(row.last_test) : null
}

/** Mailboxes of a domain, by its name. */
export function mailboxesOfDomain(reads: Reads, domainName: string): string[] {
  return reads
    .all<{ id: string }>(
      'SELECT id FROM mailboxes WHERE domain_name = ? AND removed_at IS NULL ORDER BY id',
      domainName,
    )
    .map(({ id }) => id)
}
