import type { ChangeBatch, TableRow } from '#shared/model/change.ts'
import { type Replica, withAlertKeys, withMailboxKeys, withSortKeys } from './database.ts'

/**
 * Applies one batch of the change feed in one transaction, so a window that dies in the middle resumes where it was.
 * `seen` gathers the keys of a full reading; what is not in it when the reading ends was removed meanwhile.
 */
export async function applyBatch(replica: Replica, batch: ChangeBatch, seen: Set<string>): Promise<void> {
  const { domains, mailboxes, alerts, settings } = replica
  await replica.transaction('rw', [domains, mailboxes, alerts, settings, replica.state], async () => {
    switch (batch.kind) {
      case 'reset': {
        seen.clear()
        const state = await replica.state.get('state')
        if (state?.dataId !== batch.dataId)
          await Promise.all([domains.clear(), mailboxes.clear(), alerts.clear(), settings.clear()])
        await replica.state.put({ id: 'state', dataId: batch.dataId, seq: null })
        return
      }
      case 'rows':
        for (const row of batch.rows) seen.add(row.key)
        await putRows(replica, batch.rows)
        return
      case 'caught-up': {
        for (const table of [domains, mailboxes, alerts]) {
          const stale = (await table.toCollection().primaryKeys()).filter(key => !seen.has(key))
          await table.bulkDelete(stale)
        }
        await replica.state.update('state', { seq: batch.seq })
        seen.clear()
        return
      }
      case 'changes':
        await putRows(replica, batch.put)
        await domains.bulkDelete(removedFrom(batch, 'domains'))
        await mailboxes.bulkDelete(removedFrom(batch, 'mailboxes'))
        await alerts.bulkDelete(removedFrom(batch, 'alerts'))
        await replica.state.update('state', { seq: batch.seq })
    }
  })
}

function removedFrom(batch: Extract<ChangeBatch, { kind: 'changes' }>, table: TableRow['table']): string[] {
  return batch.remove.filter(entry => entry.table === table).map(({ key }) => key)
}

async function putRows(replica: Replica, rows: readonly TableRow[]): Promise<void> {
  const domains = rows.flatMap(entry => (entry.table === 'domains' ? [withSortKeys(entry.row)] : []))
  if (domains.length > 0) await replica.domains.bulkPut(domains)
  const mailboxes = rows.flatMap(entry => (entry.table === 'mailboxes' ? [withMailboxKeys(entry.row)] : []))
  if (mailboxes.length > 0) await replica.mailboxes.bulkPut(mailboxes)
  const alerts = rows.flatMap(entry => (entry.table === 'alerts' ? [withAlertKeys(entry.row)] : []))
  if (alerts.length > 0) await replica.alerts.bulkPut(alerts)
  for (const entry of rows)
    if (entry.table === 'settings') await replica.settings.put({ id: 'settings', ...entry.row })
}
