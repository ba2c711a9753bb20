import type { MailboxReading, ReportMailbox } from '#shared/model/dmarc-report.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import type { FolderMark } from './read-mailbox.ts'

export const readingKind = 'dmarc-reports.read'

type ChosenRow = Row & {
  mailbox_id: string
  address: string
  folder: string
  uid_validity: string | null
  last_uid: number
  last: string | null
  state: string | null
  run_at: number | null
}

const selectChosen = `
  SELECT mailbox_id, mailboxes.address, folder, uid_validity, last_uid, last, jobs.state, jobs.run_at
  FROM dmarc_mailboxes
  JOIN mailboxes ON mailboxes.id = mailbox_id AND mailboxes.removed_at IS NULL
  LEFT JOIN jobs ON jobs.kind = '${readingKind}' AND jobs.key = mailbox_id`

/** The mailboxes that are read for reports, by address. */
export function reportMailboxes(reads: Reads): ReportMailbox[] {
  return reads.all<ChosenRow>(`${selectChosen} ORDER BY mailboxes.address`).map(toMailbox)
}

export function findReportMailbox(reads: Reads, id: string): ReportMailbox | null {
  const row = reads.get<ChosenRow>(`${selectChosen} WHERE mailbox_id = ?`, id)
  return row === undefined ? null : toMailbox(row)
}

function toMailbox(row: ChosenRow): ReportMailbox {
  return {
    mailboxId: row.mailbox_id,
    address: row.address,
    folder: row.folder,
    running: row.state === 'running',
    nextAt: row.state === 'waiting' ? row.run_at : null,
    last: row.last === null ? null : JSON.parse(row.last),
  }
}

/** Chooses a folder; another one than before is read from its beginning. */
export function chooseFolder(writes: Writes, id: string, folder: string): void {
  writes.run(
    `INSERT INTO dmarc_mailboxes (mailbox_id, folder) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET folder = excluded.folder, uid_validity = NULL, last_uid = 0, last = NULL
     WHERE folder <> excluded.folder`,
    id,
    folder,
  )
}

export function leaveFolder(writes: Writes, id: string): void {
  writes.run('DELETE FROM dmarc_mailboxes WHERE mailbox_id = ?', id)
}

export function markOf(reads: Reads, id: string): FolderMark | null {
  const row = reads.get<ChosenRow>(`${selectChosen} WHERE mailbox_id = ?`, id)
  return row === undefined || row.uid_validity === null
    ? null
    : { uidValidity: row.uid_validity, uid: row.last_uid }
}

/** Keeps how a reading ended and, of one that reached the folder, how far it came. */
export function writeReading(
  writes: Writes,
  id: string,
  { folder, last, mark }: { folder: string; last: MailboxReading; mark: FolderMark | null },
): void {
  // Whoever shows how the mailbox was read asks again.
  writes.changed('mailboxes', id, 'put')
  // Only of the folder that was read: another may have been chosen meanwhile.
  writes.run(
    'UPDATE dmarc_mailboxes SET last = ? WHERE mailbox_id = ? AND folder = ?',
    JSON.stringify(last),
    id,
    folder,
  )
  if (mark === null) return
  writes.run(
    'UPDATE dmarc_mailboxes SET uid_validity = ?, last_uid = ? WHERE mailbox_id = ? AND folder = ?',
    mark.uidValidity,
    mark.uid,
    id,
    folder,
  )
}
