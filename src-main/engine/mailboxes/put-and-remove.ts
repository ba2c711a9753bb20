import { randomUUID } from 'node:crypto'
import type { MailboxConnection, MailboxTest } from '#shared/model/mailbox.ts'
import type { Reads, Writes } from '../storage/open.ts'
import type { MailboxAddress } from './address.ts'
import { noteEvent } from './events.ts'
import type { Standing } from './standing.ts'
import { writeStanding } from './store.ts'

/** How long a removed mailbox can be brought back; its credential is kept as long. */
export const mailboxKeptAfterRemovalMs = 7 * 24 * 60 * 60_000

export type NewMailbox = MailboxAddress & {
  readonly senderName: string
  readonly signature: string
  readonly timeZone: string
  readonly dailyLimit: number | null
  readonly connection: MailboxConnection
  readonly standing: Standing
  readonly lastTest: MailboxTest | null
  readonly how: 'added' | 'imported'
}

/** Puts a mailbox on the list; null when it stands there already. One that was removed comes back, as given now. */
export function putMailbox(writes: Writes, mailbox: NewMailbox, now: number): string | null {
  const found = writes.get<{ id: string; removed_at: number | null }>(
    'SELECT id, removed_at FROM mailboxes WHERE address_key = ?',
    mailbox.key,
  )
  if (found !== undefined && found.removed_at === null) return null
  const id = found?.id ?? randomUUID()
  writes.run(
    `INSERT INTO mailboxes (id, address_key, address, domain_name, sender_name, signature, time_zone, daily_limit,
       connection, standing, last_test, tested_at, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET address = excluded.address, sender_name = excluded.sender_name,
       signature = excluded.signature, time_zone = excluded.time_zone, daily_limit = excluded.daily_limit,
       connection = excluded.connection, last_test = excluded.last_test, tested_at = excluded.tested_at,
       added_at = excluded.added_at, hold = NULL, removed_at = NULL`,
    id,
    mailbox.key,
    mailbox.address,
    mailbox.domainName,
    mailbox.senderName,
    mailbox.signature,
    mailbox.timeZone,
    mailbox.dailyLimit,
    JSON.stringify(mailbox.connection),
    mailbox.lastTest === null ? null : JSON.stringify(mailbox.lastTest),
    mailbox.lastTest?.at ?? null,
    now,
  )
  writeStanding(writes, id, mailbox.standing)
  noteEvent(writes, id, mailbox.how, {}, now)
  noteAlerts(writes, id, 'put')
  noteDomain(writes, mailbox.domainName)
  return id
}

/** Takes a mailbox off the list; it can be brought back for `mailboxKeptAfterRemovalMs`. */
export function removeMailbox(writes: Writes, id: string, now: number): void {
  const row = writes.get<{ domain_name: string }>('SELECT domain_name FROM mailboxes WHERE id = ?', id)
  writes.run('UPDATE mailboxes SET removed_at = ? WHERE id = ?', now, id)
  writes.changed('mailboxes', id, 'remove')
  noteAlerts(writes, id, 'remove')
  if (row !== undefined) noteDomain(writes, row.domain_name)
}

/** Brings removed mailboxes back whole; returns those that there were. */
export function restoreMailboxes(writes: Writes, ids: readonly string[], now: number): string[] {
  const restored = [...new Set(ids)].filter(
    id =>
      writes.run('UPDATE mailboxes SET removed_at = NULL WHERE id = ? AND removed_at IS NOT NULL', id)
        .changes > 0,
  )
  for (const id of restored) {
    noteEvent(writes, id, 'restored', {}, now)
    writes.changed('mailboxes', id, 'put')
    noteAlerts(writes, id, 'put')
    const row = writes.get<{ domain_name: string }>('SELECT domain_name FROM mailboxes WHERE id = ?', id)
    if (row !== undefined) noteDomain(writes, row.domain_name)
  }
  return restored
}

/** Mailboxes whose time to come back is over. */
export function mailboxesToPurge(reads: Reads, now: number): string[] {
  return reads
    .all<{ id: string }>('SELECT id FROM mailboxes WHERE removed_at <= ?', now - mailboxKeptAfterRemovalMs)
    .map(({ id }) => id)
}

/** Mailboxes of a domain that were removed at this very moment, which is with it. */
export function mailboxesRemovedWith(reads: Reads, domainName: string, removedAt: number): string[] {
  return reads
    .all<{ id: string }>(
      'SELECT id FROM mailboxes WHERE domain_name = ? AND removed_at = ?',
      domainName,
      removedAt,
    )
    .map(({ id }) => id)
}

/** Alerts are shown for mailboxes on the list alone, so they come and go with it. */
function noteAlerts(writes: Writes, mailboxId: string, op: 'put' | 'remove'): void {
  const alerts = writes.all<{ id: string }>('SELECT id FROM alerts WHERE mailbox_id = ?', mailboxId)
  for (const { id } of alerts) writes.changed('alerts', id, op)
}

/** The row of the domain says how many mailboxes it has. */
function noteDomain(writes: Writes, name: string): void {
  const row = writes.get<{ id: string }>('SELECT id FROM domains WHERE name = ? AND removed_at IS NULL', name)
  if (row !== undefined) writes.changed('domains', row.id, 'put')
}
