import type { ChangeBatch, TableRow } from '#shared/model/change.ts'
import { type Replica, withAlertKeys } from './database.ts'
import type { BlockWriter, Position } from './domain-blocks.ts'
import type { DomainTable } from './domain-table.ts'

/** Everything a window remembers: the domains in memory, the rest in the database. */
export type Copy = {
  readonly replica: Replica
  readonly domains: DomainTable
  readonly blocks: BlockWriter
}

/**
 * Applies one batch of the change feed and returns where that leads. Domains are at hand when it begins and on disk a
 * moment later; other rows are in the database when it resolves. A batch may be applied twice.
 * `seen` gathers the keys of a full reading; what is not in it when the reading ends was removed meanwhile.
 */
export async function applyBatch(
  copy: Copy,
  batch: ChangeBatch,
  { at, seen }: { at: Position | null; seen: Set<string> },
): Promise<Position | null> {
  const { replica, domains, blocks } = copy
  switch (batch.kind) {
    case 'reset':
      seen.clear()
      blocks.restart()
      domains.setCompleteness('partial')
      if (at?.dataId !== batch.dataId) domains.keepOnly(new Set())
      await makeReady(replica, batch.dataId)
      return { dataId: batch.dataId, seq: null }
    case 'rows':
      for (const row of batch.rows) seen.add(row.key)
      await putRows(copy, batch.rows)
      return at
    case 'caught-up': {
      blocks.note(domains.keepOnly(seen))
      const gone = (await replica.alerts.toCollection().primaryKeys()).filter(key => !seen.has(key))
      if (gone.length > 0) await replica.alerts.bulkDelete(gone)
      seen.clear()
      domains.setCompleteness('complete')
      return moved(blocks, at, batch.seq)
    }
    case 'changes': {
      await putRows(copy, batch.put)
      blocks.note(domains.remove(removedFrom(batch, 'domains')))
      const gone = removedFrom(batch, 'alerts')
      if (gone.length > 0) await replica.alerts.bulkDelete(gone)
      return moved(blocks, at, batch.seq)
    }
  }
}

function moved(blocks: BlockWriter, at: Position | null, seq: number): Position | null {
  const position = at && { ...at, seq }
  if (position) blocks.reach(position)
  return position
}

/** For a full reading: what belongs to other data goes, and until it has ended there is nothing to resume after. */
function makeReady(replica: Replica, dataId: string): Promise<void> {
  const { domainBlocks, alerts, settings, state } = replica
  return replica.transaction('rw', domainBlocks, alerts, settings, state, async () => {
    const isOther = (await state.get('state'))?.dataId !== dataId
    if (isOther) await Promise.all([domainBlocks.clear(), alerts.clear(), settings.clear()])
    await state.put({ id: 'state', dataId, seq: null })
  })
}

function removedFrom(batch: Extract<ChangeBatch, { kind: 'changes' }>, table: TableRow['table']): string[] {
  return batch.remove.filter(entry => entry.table === table).map(({ key }) => key)
}

async function putRows({ replica, domains, blocks }: Copy, rows: readonly TableRow[]): Promise<void> {
  blocks.note(domains.put(rows.flatMap(entry => (entry.table === 'domains' ? [entry.row] : []))))
  const alerts = rows.flatMap(entry => (entry.table === 'alerts' ? [withAlertKeys(entry.row)] : []))
  if (alerts.length > 0) await replica.alerts.bulkPut(alerts)
  for (const entry of rows)
    if (entry.table === 'settings') await replica.settings.put({ id: 'settings', ...entry.row })
}
