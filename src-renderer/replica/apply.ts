import type { ChangeBatch, TableRow } from '#shared/model/change.ts'
import { keptRow, keptTables, type Replica } from './database.ts'
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

/** The keys of a full reading, table by table. */
export type SeenKeys = Map<TableRow['table'], Set<string>>

/**
 * Applies one batch of the change feed. Domains are in memory when it returns, and on disk a moment after `write`;
 * other rows are in the database when `write` resolves. A batch may be applied twice.
 * `seen` gathers the keys of a full reading; what is not in it when the reading ends was removed meanwhile.
 */
export function applyBatch(
  copy: Copy,
  batch: ChangeBatch,
  { at, seen }: { at: Position | null; seen: SeenKeys },
): Applied {
  const { replica, domains, blocks } = copy
  switch (batch.kind) {
    case 'reset': {
      seen.clear()
      blocks.restart()
      domains.setCompleteness('partial')
      if (at?.dataId !== batch.dataId) domains.keepOnly(new Set())
      return { at: { dataId: batch.dataId, seq: null }, write: () => makeReady(replica, batch.dataId) }
    }
    case 'rows':
      for (const { table, key } of batch.rows) {
        const keys = seen.get(table)
        if (keys === undefined) seen.set(table, new Set([key]))
        else keys.add(key)
      }
      putDomains(copy, batch.rows)
      return { at, write: () => putKept(replica, batch.rows) }
    case 'caught-up': {
      const all = new Map(seen)
      blocks.note(domains.keepOnly(all.get('domains') ?? new Set()))
      seen.clear()
      const position = at && { ...at, seq: batch.seq }
      const write = async () => {
        for (const table of keptTables) {
          const kept = replica.table(table)
          const stale = (await kept.toCollection().primaryKeys()).filter(
            key => !all.get(table)?.has(String(key)),
          )
          if (stale.length > 0) await kept.bulkDelete(stale)
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
        await putKept(replica, batch.put)
        for (const table of keptTables) {
          const gone = removedFrom(batch, table)
          if (gone.length > 0) await replica.table(table).bulkDelete(gone)
        }
        if (position) blocks.reach(position)
      }
      return { at: position, write }
    }
  }
}

/** For a full reading: what belongs to other data goes, and until it has ended there is nothing to resume after. */
function makeReady(replica: Replica, dataId: string): Promise<void> {
  const tables = ['domainBlocks', ...keptTables, 'state']
  return replica.transaction('rw', tables, async () => {
    const isOther = (await replica.state.get('state'))?.dataId !== dataId
    if (isOther) await Promise.all(['domainBlocks', ...keptTables].map(table => replica.table(table).clear()))
    await replica.state.put({ id: 'state', dataId, seq: null })
  })
}

function removedFrom(batch: Extract<ChangeBatch, { kind: 'changes' }>, table: TableRow['table']): string[] {
  return batch.remove.filter(entry => entry.table === table).map(({ key }) => key)
}

function putDomains({ domains, blocks }: Copy, rows: readonly TableRow[]): void {
  blocks.note(domains.put(rows.flatMap(entry => (entry.table === 'domains' ? [entry.row] : []))))
}

async function putKept(replica: Replica, rows: readonly TableRow[]): Promise<void> {
  for (const table of keptTables) {
    const kept = rows.flatMap(entry => (entry.table === table ? [keptRow(entry)] : []))
    if (kept.length > 0) await replica.table(table).bulkPut(kept)
  }
}
