import type { InProcessClient } from '#engine/in-process.ts'
import type { ChangeBatch, TableRow } from '#shared/model/change.ts'
import type { Partner } from '#shared/model/partner.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'

/** The mailboxes that warm up, as a window that opened now would get them. */
export function warmupRows(client: InProcessClient): Promise<WarmupRow[]> {
  return feedRows(client, row => (row.table === 'warmup' ? row.row : null))
}

/** The agreements with other Rookeries, as a window that opened now would get them. */
export function partnerRows(client: InProcessClient): Promise<Partner[]> {
  return feedRows(client, row => (row.table === 'partners' ? row.row : null))
}

async function feedRows<T>(client: InProcessClient, pick: (row: TableRow) => T | null): Promise<T[]> {
  const rows: T[] = []
  const feed = 'command line'
  const batches = await client.changes.watch({ feed, since: null, dataId: null })
  while (true) {
    const step: IteratorResult<ChangeBatch, unknown> = await batches.next()
    if (step.done === true || step.value.kind === 'caught-up') break
    if (step.value.kind !== 'rows') continue
    for (const row of step.value.rows) {
      const picked = pick(row)
      if (picked !== null) rows.push(picked)
    }
    await client.changes.acknowledge({ feed, page: step.value.page })
  }
  await batches.return?.()
  return rows
}
