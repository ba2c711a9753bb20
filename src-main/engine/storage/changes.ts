import { setImmediate, setTimeout } from 'node:timers/promises'
import { ok, type Result } from '#shared/failure.ts'
import { type ChangeBatch, type TableName, tableNames, type TableRow } from '#shared/model/change.ts'
import { limits } from '../net/limits.ts'
import type { Reads, Row, Store, Writes } from './open.ts'

/** How the feed reads one table as the contract shows it: only what is there now. */
export type TableReader = {
  /** The next rows after a place (null: from the start), in the order of their places. */
  page(after: string | null, limit: number): TableRow[]
  /** The place of a row in that order; its key, where this is not given. Must not change while the row lives. */
  place?(row: TableRow): string
  /** The rows of these keys that exist, in any order. */
  rows(keys: readonly string[]): TableRow[]
}
export type TableReaders = Readonly<Record<TableName, TableReader>>

/** What bounds a slow reader. `room` resolves once `page` may be sent, or when the reading ends. */
export type Credit = { room(page: number): Promise<void> }

export type WatchOptions = {
  /** The sequence number to go on after; null for a new reader. */
  readonly since: number | null
  /** The data the reader has a copy of. */
  readonly dataId: string | null
  readonly signal: AbortSignal
  readonly credit: Credit
}

/** Commits within this time of the first go out in one batch. */
const burstMs = 25
/** A window draws the first page meanwhile; the rest would keep its processor, and this one, from that. */
const firstLookMs = 200

type ChangeRow = Row & { seq: number; tbl: TableName; key: string; op: 'put' | 'remove' }

/**
 * Follows the committed writes after `since` until the signal aborts, then ends with `ok(null)`. A reader that is new,
 * of other data, ahead of this data or further behind than the feed reaches gets `reset` and every row first. No read
 * transaction stays open between batches: a row may be newer than the sequence number of its batch, never older.
 */
export async function* watchChanges(
  store: Store,
  readers: TableReaders,
  options: WatchOptions,
): AsyncGenerator<ChangeBatch, Result<null>, void> {
  const { signal, credit } = options
  const commits = createGate(signal)
  const unsubscribe = store.onCommit(commits.open)
  let page = 0
  let seq = canResume(store, options) ? options.since : null
  try {
    while (!signal.aborted) {
      if (seq === null) {
        yield { kind: 'reset', dataId: store.dataId }
        const head = headOf(store)
        for (const rows of allPages(readers)) {
          page += 1
          await credit.room(page)
          if (signal.aborted) return ok(null)
          yield { kind: 'rows', page, rows }
          if (page === 1 && rows.length === limits.feedFirstRows) await pause(firstLookMs, signal)
          else await setImmediate()
        }
        page += 1
        await credit.room(page)
        if (signal.aborted) return ok(null)
        yield { kind: 'caught-up', page, seq: head }
        seq = head
      }
      if (headOf(store) === seq) {
        await commits.wait()
        await pause(burstMs, signal)
        continue
      }
      page += 1
      await credit.room(page)
      if (signal.aborted) return ok(null)
      if (oldestOf(store) > seq + 1) {
        // While it waited for credit the feed was pruned past it.
        seq = null
        continue
      }
      const batch = nextBatch(store, readers, seq)
      yield { kind: 'changes', page, ...batch }
      seq = batch.seq
      await setImmediate()
    }
    return ok(null)
  } finally {
    unsubscribe()
    commits.end()
  }
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  await setTimeout(delayMs, undefined, { signal }).catch(() => {})
}

/** The first page is short: a window that has nothing yet shows it while the rest is read. */
function* allPages(readers: TableReaders): Generator<TableRow[]> {
  let pageRows: number = limits.feedFirstRows
  for (const table of tableNames) {
    const { page, place = keyOf } = readers[table]
    let after: string | null = null
    while (true) {
      const rows: TableRow[] = page(after, pageRows)
      const last = rows.at(-1)
      if (last !== undefined) yield rows
      if (last === undefined || rows.length < pageRows) break
      after = place(last)
      pageRows = limits.feedPageRows
    }
  }
}

const keyOf = (row: TableRow) => row.key

/** The next stretch of changes, each key once with its latest operation. A `put` whose row has gone since is a `remove`. */
function nextBatch(
  store: Reads,
  readers: TableReaders,
  after: number,
): Pick<Extract<ChangeBatch, { kind: 'changes' }>, 'seq' | 'put' | 'remove'> {
  const changes = store.all<ChangeRow>(
    'SELECT seq, tbl, key, op FROM changes WHERE seq > ? ORDER BY seq LIMIT ?',
    after,
    limits.feedPageRows,
  )
  const put: TableRow[] = []
  const remove: { table: TableName; key: string }[] = []
  for (const table of tableNames) {
    const latest = new Map<string, ChangeRow['op']>()
    for (const change of changes) if (change.tbl === table) latest.set(change.key, change.op)
    const wanted = [...latest].filter(([, op]) => op === 'put').map(([key]) => key)
    const rows = wanted.length > 0 ? readers[table].rows(wanted) : []
    const present = new Set(rows.map(row => row.key))
    put.push(...rows)
    for (const key of latest.keys()) if (!present.has(key)) remove.push({ table, key })
  }
  return { seq: changes.at(-1)?.seq ?? after, put, remove }
}

function canResume(store: Store, { since, dataId }: WatchOptions): boolean {
  if (since === null || dataId !== store.dataId) return false
  return since <= headOf(store) && oldestOf(store) <= since + 1
}

/** The newest sequence number ever given, 0 before the first change. */
export function headOf(reads: Reads): number {
  return reads.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'changes'")?.seq ?? 0
}

/** The oldest sequence number still kept; one more than the head when none is. */
function oldestOf(reads: Reads): number {
  const oldest = reads.get<{ seq: number | null }>('SELECT min(seq) AS seq FROM changes')?.seq ?? null
  return oldest ?? headOf(reads) + 1
}

/** Forgets changes beyond the newest `kept`. A reader that is further behind starts afresh. */
export function pruneChanges(writes: Writes, kept: number = limits.changesKept): void {
  writes.run('DELETE FROM changes WHERE seq <= ?', headOf(writes) - kept)
}

export type Feeds = {
  /** Opens the credit of one reading. A second reading of the same name replaces the first. */
  open(feed: string, signal: AbortSignal): Credit & { close(): void }
  /** The reader has taken in everything up to `page`. Unknown names are ignored: the reading has ended. */
  acknowledge(feed: string, page: number): void
}

/** The readings under way and how far each reader is. A reader may be `creditPages` pages behind, no more. */
export function createFeeds(creditPages: number = limits.feedCreditPages): Feeds {
  const readings = new Map<string, { acknowledged: number; gate: Gate }>()
  return {
    open: (feed, signal) => {
      const reading = { acknowledged: 0, gate: createGate(signal) }
      readings.set(feed, reading)
      return {
        room: async page => {
          while (page - reading.acknowledged > creditPages && !signal.aborted) await reading.gate.wait()
        },
        close: () => {
          reading.gate.end()
          if (readings.get(feed) === reading) readings.delete(feed)
        },
      }
    },
    acknowledge: (feed, page) => {
      const reading = readings.get(feed)
      if (reading === undefined) return
      reading.acknowledged = Math.max(reading.acknowledged, page)
      reading.gate.open()
    },
  }
}

/** Something one waiter waits at until it is opened or the signal aborts. */
type Gate = { wait(): Promise<void>; open(): void; end(): void }

function createGate(signal: AbortSignal): Gate {
  let waiter: (() => void) | null = null
  const open = () => {
    waiter?.()
    waiter = null
  }
  signal.addEventListener('abort', open)
  return {
    wait: () =>
      new Promise(resolve => {
        if (signal.aborted) resolve()
        else waiter = resolve
      }),
    open,
    end: () => signal.removeEventListener('abort', open),
  }
}
