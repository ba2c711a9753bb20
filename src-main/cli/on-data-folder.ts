import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { noMail } from '#engine/mailboxes/mail-reach.ts'
import type { ChangeBatch, TableRow } from '#shared/model/change.ts'
import { failureLine } from '#shared/words/failures.ts'
import { defaultDataFolder } from '../hosts/data-folder.ts'
import { platformOf } from './open-engine.ts'
import { openOutputs } from './output.ts'

export type OnDataFolder = {
  readonly client: InProcessClient
  /** Says on stderr why nothing was done; gives the exit code of a use that cannot be. */
  refuse(why: string): Promise<number>
  print(text: string): Promise<void>
}

/**
 * Does `work` on a data folder that no other process uses, and returns its exit code. The engine is not started: nothing
 * is sent, and nobody is asked anything.
 */
export async function onDataFolder(
  options: { readonly dataDir?: string; readonly build: string },
  work: (at: OnDataFolder) => Promise<number>,
): Promise<number> {
  const { stdout, refuse } = openOutputs()
  const { platform, env } = process
  const dataDir = resolve(options.dataDir ?? defaultDataFolder({ platform, home: homedir(), env }))
  const opened = await createEngine(platformOf(options.build, dataDir), undefined, () => null, {
    makeMail: noMail,
  })
  if (!opened.ok) return refuse(failureLine(opened.failure))
  const engine = opened.value
  try {
    const client = createInProcessClient(engine.router)
    const code = await work({ client, refuse, print: async text => void (await stdout.write(text)) })
    await stdout.flush()
    return code
  } finally {
    await engine.stop()
  }
}

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
