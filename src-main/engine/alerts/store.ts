import { randomUUID } from 'node:crypto'
import type { Alert, AlertAbout, AlertCause, AlertCode, AlertState } from '#shared/model/alert.ts'
import type { TableRow } from '#shared/model/change.ts'
import type { TableReader } from '../storage/changes.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'

/** How long a resolved alert can still be looked at. */
const keptAfterResolvedMs = 90 * 24 * 60 * 60_000

type AlertRow = Row & {
  id: string
  domain_id: string | null
  mailbox_id: string | null
  about: string
  code: AlertCode
  subject: string
  severity: Alert['severity']
  facts: string
  state: AlertState
  raised_at: number
  acknowledged_at: number | null
  resolved_at: number | null
  resolved_by: Alert['resolvedBy']
}

const selectAlerts = `
  SELECT alerts.*, coalesce(domains.display_name, mailboxes.address) AS about FROM alerts
  LEFT JOIN domains ON domains.id = alerts.domain_id AND domains.removed_at IS NULL
  LEFT JOIN mailboxes ON mailboxes.id = alerts.mailbox_id AND mailboxes.removed_at IS NULL
  WHERE coalesce(domains.id, mailboxes.id) IS NOT NULL`

/** The one of these that is set; ids of both are UUIDs, so they never meet. */
const aboutColumn = 'coalesce(alerts.domain_id, alerts.mailbox_id)'

function aboutId(about: AlertAbout): string {
  return 'domainId' in about ? about.domainId : about.mailboxId
}

function toAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    code: row.code,
    severity: row.severity,
    domainId: row.domain_id,
    mailboxId: row.mailbox_id,
    about: row.about,
    subject: row.subject,
    facts: JSON.parse(row.facts),
    state: row.state,
    raisedAt: row.raised_at,
    acknowledgedAt: row.acknowledged_at,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
  }
}

function toTableRow(row: AlertRow): TableRow {
  return { table: 'alerts', key: row.id, row: toAlert(row) }
}

/** The alerts as the change feed shows them; those of a removed domain or mailbox are not there. */
export function alertReader(reads: Reads): TableReader {
  return {
    page: (after, limit) =>
      reads
        .all<AlertRow>(`${selectAlerts} AND alerts.id > ? ORDER BY alerts.id LIMIT ?`, after ?? '', limit)
        .map(toTableRow),
    rows: keys =>
      reads
        .all<AlertRow>(
          `${selectAlerts} AND alerts.id IN (SELECT value FROM json_each(?))`,
          JSON.stringify(keys),
        )
        .map(toTableRow),
  }
}

/** The alert of this id, or null when it is gone or what it is about is. */
export function findAlert(reads: Reads, id: string): Alert | null {
  const row = reads.get<AlertRow>(`${selectAlerts} AND alerts.id = ?`, id)
  return row === undefined ? null : toAlert(row)
}

/** The alerts about one domain or mailbox that are not over. */
export function standingAlerts(reads: Reads, id: string): Alert[] {
  const sql = `${selectAlerts} AND ${aboutColumn} = ? AND alerts.state <> 'resolved' ORDER BY alerts.raised_at`
  return reads.all<AlertRow>(sql, id).map(toAlert)
}

type Cause = AlertAbout & Pick<AlertCause, 'code' | 'subject'>

function standingFor(reads: Reads, cause: Cause): { id: string } | undefined {
  return reads.get<{ id: string }>(
    `SELECT id FROM alerts WHERE ${aboutColumn} = ? AND code = ? AND subject = ? AND state <> 'resolved'`,
    aboutId(cause),
    cause.code,
    cause.subject,
  )
}

/** Whether an alert of this code about this subject stands, and for other mailboxes or domains alone. */
export function standsForOthers(reads: Reads, cause: Cause): boolean {
  const sql = `SELECT ${aboutColumn} AS about FROM (${selectAlerts}) AS alerts
    WHERE code = ? AND subject = ? AND state <> 'resolved'`
  const those = reads.all<{ about: string }>(sql, cause.code, cause.subject)
  return those.length > 0 && !those.some(({ about }) => about === aboutId(cause))
}

/** Raises an alert and returns its id; null when one for the same thing stands already, which is brought up to date. */
export function raiseAlert(writes: Writes, cause: AlertCause, now: number): string | null {
  const standing = standingFor(writes, cause)
  const id = standing?.id ?? randomUUID()
  if (standing === undefined) {
    writes.run(
      `INSERT INTO alerts (id, domain_id, mailbox_id, code, subject, severity, facts, raised_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      'domainId' in cause ? cause.domainId : null,
      'mailboxId' in cause ? cause.mailboxId : null,
      cause.code,
      cause.subject,
      cause.severity,
      JSON.stringify(cause.facts),
      now,
    )
  } else {
    writes.run(
      'UPDATE alerts SET severity = ?, facts = ? WHERE id = ?',
      cause.severity,
      JSON.stringify(cause.facts),
      id,
    )
  }
  writes.changed('alerts', id, 'put')
  return standing === undefined ? id : null
}

/** Ends the alert for one thing because its cause is gone. Nothing happens when there is none. */
export function endAlert(writes: Writes, cause: Cause, now: number): void {
  const standing = standingFor(writes, cause)
  if (standing !== undefined) moveAlert(writes, standing.id, 'resolved', 'itself', now)
}

/** Moves an alert to another state; false when there is no such alert, it is there already, or a newer one took its place. */
export function moveAlert(
  writes: Writes,
  id: string,
  state: AlertState,
  by: NonNullable<Alert['resolvedBy']>,
  now: number,
): boolean {
  const alert = findAlert(writes, id)
  if (alert === null || alert.state === state) return false
  const isStandingAgain = alert.state === 'resolved'
  const twin = standingAlerts(writes, alert.domainId ?? alert.mailboxId ?? '').some(
    ({ id: other, code, subject }) => other !== id && code === alert.code && subject === alert.subject,
  )
  if (isStandingAgain && twin) return false
  writes.run(
    'UPDATE alerts SET state = ?, acknowledged_at = ?, resolved_at = ?, resolved_by = ? WHERE id = ?',
    state,
    state === 'open' ? null : state === 'acknowledged' ? now : alert.acknowledgedAt,
    state === 'resolved' ? now : null,
    state === 'resolved' ? by : null,
    id,
  )
  writes.changed('alerts', id, 'put')
  return true
}

/** Forgets alerts that were resolved long ago. */
export function pruneAlerts(writes: Writes, now: number): void {
  const old = writes.all<{ id: string }>(
    "SELECT id FROM alerts WHERE state = 'resolved' AND resolved_at <= ?",
    now - keptAfterResolvedMs,
  )
  for (const { id } of old) {
    writes.run('DELETE FROM alerts WHERE id = ?', id)
    writes.changed('alerts', id, 'remove')
  }
}

/** The causes of every alert of one code about a domain that is not over; of those a person put aside too, until they are forgotten. */
export function knownCauses(
  reads: Reads,
  code: AlertCode,
): { domainId: string; subject: string; isStanding: boolean }[] {
  const sql = `SELECT domain_id, subject, state FROM alerts
    WHERE code = ? AND domain_id IS NOT NULL AND (state <> 'resolved' OR resolved_by = 'person')`
  return reads.all<Pick<AlertRow, 'domain_id' | 'subject' | 'state'> & Row>(sql, code).map(row => ({
    domainId: row.domain_id ?? '',
    subject: row.subject,
    isStanding: row.state !== 'resolved',
  }))
}
