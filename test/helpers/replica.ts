import type { ChangeBatch, TableRow } from '#shared/model/change.ts'
import type { Domain } from '#shared/model/domain.ts'

/** A reader of the change feed as simple as can be: what the window's replica must come to as well. */
export type TestReplica = {
  readonly rows: Map<string, TableRow>
  /** Where to resume, as the feed's input takes it. */
  position: { since: number | null; dataId: string | null }
  apply(batch: ChangeBatch): void
  domains(): Domain[]
}

export function testReplica(): TestReplica {
  const rows = new Map<string, TableRow>()
  const put = (row: TableRow) => rows.set(`${row.table} ${row.key}`, row)
  return {
    rows,
    position: { since: null, dataId: null },
    apply(batch) {
      if (batch.kind === 'reset') {
        rows.clear()
        this.position = { since: null, dataId: batch.dataId }
      } else if (batch.kind === 'rows') {
        for (const row of batch.rows) put(row)
      } else if (batch.kind === 'caught-up') {
        this.position = { ...this.position, since: batch.seq }
      } else {
        for (const row of batch.put) put(row)
        for (const { table, key } of batch.remove) rows.delete(`${table} ${key}`)
        this.position = { ...this.position, since: batch.seq }
      }
    },
    domains: () => [...rows.values()].flatMap(row => (row.table === 'domains' ? [row.row] : [])),
  }
}
