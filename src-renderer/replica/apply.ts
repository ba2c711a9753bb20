import type { ChangeBatch, TableRow } from '#shared/model/change.ts'
import { type Replica, withSortKeys } from './database.ts'

/**
 * Applies one batch of the change feed in one transaction, so a window that dies in the middle resumes where it was.
 * `seen` gathers the keys of a full reading; what is not in it when the reading ends was removed meanwhile.
 */
export async function applyBatch(replica: Replica, batch: ChangeBatch, seen: Set<string>): Promise<void> {
  await replica.transaction('rw', replica.domains, replica.settings, replica.state, async () => {
    switch (batch.kind) {
      case 'reset': {
        seen.clear()
        const state = await replica.state.get('state')
        if (state?.dataId !== batch.dataId)
          await Promise.all([replica.domains.clear(), replica.settings.clear()])
        await replica.state.put({ id: 'state', dataId: batch.dataId, seq: null })
        return
      }
      case 'rows':
        for (const row of batch.rows) seen.add(row.key)
        await putRows(replica, batch.rows)
        return
      case 'caught-up': {
        const stale = (await replica.domains.toCollection().primaryKeys()).filter(key => !seen.has(key))
        await replica.domains.bulkDelete(stale)
        await replica.state.update('state', { seq: batch.seq })
        seen.clear()
        return
      }
      case 'changes':
        await putRows(replica, batch.put)
        await replica.domains.bulkDelete(
          batch.remove.filter(({ table }) => table === 'domains').map(({ key }) => key),
        )
        await replica.state.update('state', { seq: batch.seq })
    }
  })
}

async function putRows(replica: Replica, rows: readonly TableRow[]): Promise<void> {
  const domains = rows.flatMap(entry => (entry.table === 'domains' ? [withSortKeys(entry.row)] : []))
  if (domains.length > 0) await replica.domains.bulkPut(domains)
  for (const entry of rows)
    if (entry.table === 'settings') await replica.settings.put({ id: 'settings', ...entry.row })
}
