import type { ChangeBatch, TableRow } from '#shared/model/change.ts'
import { type Replica, withAlertKeys, withMailboxKeys } from './database.ts'
import type { BlockWriter, Position } from './domain-blocks.ts'
import type { DomainTable } from './domain-table.ts'

/** Everything a window remembers: the domains in memory, the rest in the database. */
export type Copy = {
  readonly replica: Replica
  readonly domains: DomainTable
  readonly blocks: BlockWriter
}

/** Where a batch leads, and what is still to be written; writings go one after the other. */
export type Applied = { readonly at: Position | null; write(): Promise<void> }

/**
 * Applies one batch of the change feed. Domains are in memory when it returns, and on disk a moment after `write`;
 * other rows are in the database when `write` resolves. A batch may be applied twice.
 * `seen` gathers the keys of a full reading; what is not in it when the reading ends was removed meanwhile.
 */
export function applyBatch(
  copy: Copy,
  batch: ChangeBatch,
  { at, seen }: { at: Position | null; seen: Set<string> },
): Applied {
  const { replica, domains, blocks } = copy
  switch (batch.kind) {
    case 'reset': {
      seen.clear()
      blocks.restart()
      domains.setCompleteness('partial')
      if (at?.dataId !== batch.dataId) domains.keepOnly(seen)
      return { at: { dataId: batch.dataId, seq: null }, write: () => makeReady(replica, batch.dataId) }
    }
    case 'rows':
      for (const row of batch.rows) seen.add(row.key)
      putDomains(copy, batch.rows)
      return { at, write: () => putOthers(replica, batch.rows) }
    case 'caught-up': {
      const all = new Set(seen)
      blocks.note(domains.keepOnly(all))
      seen.clear()
      const position = at && { ...at, seq: batch.seq }
      const write = async () => {
        for (const table of [replica.mailboxes, replica.alerts]) {
          const stale = (await table.toCollection().primaryKeys()).filter(key => !all.has(key))
          if (stale.length > 0) await table.bulkDelete(stale)
        }
        domains.setCompleteness('complete')
        if (position) blocks.reach(position)
        // Not in a moment: a window that dies before would have to read everything again.
        void blocks.flush()
      }
      return { at: position, write }
    }
    case 'changes': {
      putDomains(copy, batch.put)
      blocks.note(domains.remove(removedFrom(batch, 'domains')))
      const position = at && { ...at, seq: batch.seq }
      const write = async () => {
        await putOthers(replica, batch.put)
        for (const table of ['mailboxes', 'alerts'] as const) {
          const gone = removedFrom(batch, table)
          if (gone.length > 0) await replica[table].bulkDelete(gone)
        }
        if (position) blocks.reach(position)
      }
      return { at: position, write }
    }
  }
}

/** For a full reading: what belongs to other data goes, and until it has ended there is nothing to resume after. */
function makeReady(replica: Replica, dataId: string): Promise<void> {
  const { domainBlocks, mailboxes, alerts, settings, state } = replica
  const tables = [domainBlocks, mailboxes, alerts, settings, state]
  return replica.transaction('rw', tables, async () => {
    const isOther = (await state.get('state'))?.dataId !== dataId
    if (isOther)
      await Promise.all([domainBlocks.clear(), mailboxes.clear(), alerts.clear(), settings.clear()])
    await state.put({ id: 'state', dataId, seq: null })
  })
}

function removedFrom(batch: Extract<ChangeBatch, { kind: 'changes' }>, table: TableRow['table']): string[] {
  return batch.remove.filter(entry => entry.table === table).map(({ key }) => key)
}

function putDomains({ domains, blocks }: Copy, rows: readonly TableRow[]): void {
  blocks.note(domains.put(rows.flatMap(entry => (entry.table === 'domains' ? [entry.row] : []))))
}

async function putOthers(replica: Replica, rows: readonly TableRow[]): Promise<void> {
  const mailboxes = rows.flatMap(entry => (entry.table === 'mailboxes' ? [withMailboxKeys(entry.row)] : []))
  if (mailboxes.length > 0) await replica.mailboxes.bulkPut(mailboxes)
  const alerts = rows.flatMap(entry => (entry.table === 'alerts' ? [withAlertKeys(entry.row)] : []))
  if (alerts.length > 0) await replica.alerts.bulkPut(alerts)
  for (const entry of rows)
    if (entry.table === 'settings') await replica.settings.put({ id: 'settings', ...entry.row })
}
