import type { DomainBlock, Replica } from './database.ts'
import { rememberFirst } from './first-rows.ts'
import type { DomainRow, DomainTable } from './domain-table.ts'

/**
 * Domains on disk. The database takes as long for one row as for a block of a hundred, so they are kept in blocks, and
 * written a moment after they changed. The sequence number to resume after is written in the same transaction: a
 * window that dies before resumes further back, and gets the same rows again.
 */

const blockCount = 64
const writeAfterMs = 400

/** Which data the window has a copy of, and up to where. `seq` is null until a full reading has ended. */
export type Position = { readonly dataId: string; readonly seq: number | null }

export type BlockWriter = {
  /** These rows were put or removed. */
  note(ids: readonly string[]): void
  /** Memory has come to this position; what was noted is written soon. */
  reach(position: Position): void
  /** Memory has begun anew: nothing on disk can be built on. */
  restart(): void
  /** Writes what is noted now. Never rejects: what could not be written is noted still. */
  flush(): Promise<void>
}

/** The block of a domain: its id alone decides, so every window puts it in the same one. */
export function blockOf(id: string): number {
  let hash = 0
  for (let index = 0; index < id.length; index++) hash = (hash * 31 + id.charCodeAt(index)) | 0
  return (hash >>> 0) % blockCount
}

/** What was remembered, as of one moment. */
export async function readDomains(
  replica: Replica,
): Promise<{ position: Position | null; domains: DomainRow[] }> {
  const [state, blocks] = await replica.transaction('r', replica.state, replica.domainBlocks, () =>
    Promise.all([replica.state.get('state'), replica.domainBlocks.toArray()]),
  )
  const position = state === undefined ? null : { dataId: state.dataId, seq: state.seq }
  return { position, domains: blocks.flatMap(({ rows }) => rows) }
}

export function createBlockWriter(
  replica: Replica,
  table: DomainTable,
  written: Position | null,
): BlockWriter {
  /** Blocks that differ from those on disk at `base`; null when everything must be written. */
  let noted: Set<number> | null = written === null || written.seq === null ? null : new Set()
  let base = written?.seq ?? null
  let reached: Position | null = null
  let restarts = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing = Promise.resolve()

  const write = async () => {
    const position = reached
    if (position === null || position.seq === null || position.seq === base) return
    const taken = noted
    const begun = restarts
    noted = new Set()
    try {
      await writeBlocks(replica, table, { position, base, blocks: taken })
      if (restarts === begun) base = position.seq
      rememberFirst(table)
    } catch {
      // The window has it all in memory; what is on disk stays as it was, to be resumed from there.
      if (noted !== null && taken !== null) for (const block of taken) noted.add(block)
      else noted = null
    }
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write)
    return writing
  }

  return {
    note: ids => {
      if (noted !== null) for (const id of ids) noted.add(blockOf(id))
    },
    reach: position => {
      reached = position
      timer ??= setTimeout(() => void flush(), writeAfterMs)
    },
    restart: () => {
      restarts += 1
      noted = null
      base = null
      reached = null
    },
    flush,
  }
}

type Portion = { position: Position; base: number | null; blocks: ReadonlySet<number> | null }

/** Another window may have written meanwhile: what it wrote is as good, if it is as new. */
async function writeBlocks(
  replica: Replica,
  table: DomainTable,
  { position, base, blocks }: Portion,
): Promise<void> {
  const { domainBlocks, state } = replica
  await replica.transaction('rw', domainBlocks, state, async () => {
    const there = await state.get('state')
    if (there?.dataId !== position.dataId || position.seq === null) return
    if (there.seq !== null && there.seq >= position.seq) return
    const isPart = blocks !== null && base !== null && there.seq !== null && there.seq >= base
    const filled = fillBlocks(table, isPart ? blocks : null)
    if (!isPart) await domainBlocks.clear()
    for (const block of filled) {
      // One at a time: the copying of one holds up nobody, of all of them a frame.
      if (block.rows.length > 0) await domainBlocks.put(block)
      else await domainBlocks.delete(block.block)
    }
    await state.put({ id: 'state', ...position })
  })
}

function fillBlocks(table: DomainTable, only: ReadonlySet<number> | null): DomainBlock[] {
  const blocks = Array.from({ length: blockCount }, (_, block): DomainBlock => ({ block, rows: [] }))
  for (const row of table.rows()) blocks[blockOf(row.id)]?.rows.push(row)
  return only === null
    ? blocks.filter(({ rows }) => rows.length > 0)
    : blocks.filter(({ block }) => only.has(block))
}
