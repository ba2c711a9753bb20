import type { InProcessClient } from '#engine/in-process.ts'
import type { ChangeBatch, TableRow } from '#shared/model/change.ts'

type RowOf<Table extends TableRow['table']> = Extract<TableRow, { table: Table }>['row']

/** The rows of one table as a window that opened now would get them. */
export async function rowsOfTable<Table extends TableRow['table']>(
  client: InProcessClient,
  table: Table,
): Promise<RowOf<Table>[]> {
  const rows: RowOf<Table>[] = []
  const feed = 'command line'
  const batches = await client.changes.watch({ feed, since: null, dataId: null })
  while (true) {
    const step: IteratorResult<ChangeBatch, unknown> = await batches.next()
    if (step.done === true || step.value.kind === 'caught-up') break
    if (step.value.kind !== 'rows') continue
    for (const row of step.value.rows) if (row.table === table) rows.push(row.row as RowOf<Table>)
    await client.changes.acknowledge({ feed, page: step.value.page })
  }
  await batches.return?.()
  return rows
}
