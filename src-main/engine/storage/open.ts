import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fail, type FailureCode, ok, type Result } from '#shared/failure.ts'
import type { TableName } from '#shared/model/change.ts'
import { storageTrouble } from './failures.ts'
import { applicationId, type Damage, findDamage, keepAside } from './integrity.ts'
import { type FolderLock, lockFolder } from './lock.ts'
import { type Migration, migrate, versionOf } from './migrate.ts'
import { headOf } from './changes.ts'
import { migrations } from './migrations/all.ts'
import { createStatements } from './statements.ts'

export type SqlValue = null | number | bigint | string | Uint8Array
export type Row = Record<string, SqlValue>

/** Reading, with prepared statements kept. Parameters are positional and checked, so a Date or object cannot shift them. */
export type Reads = {
  get<R extends Row>(sql: string, ...parameters: SqlValue[]): R | undefined
  all<R extends Row>(sql: string, ...parameters: SqlValue[]): R[]
}

/** Inside a transaction: writes, and the note of what changed, which commits with them or not at all. */
export type Writes = Reads & {
  run(sql: string, ...parameters: SqlValue[]): { changes: number }
  changed(table: TableName, key: string, op: 'put' | 'remove'): void
}

/** The keys of each table that a transaction noted, each once. */
export type Touched = ReadonlyMap<TableName, ReadonlySet<string>>

export type Store = Reads & {
  /** Identity of this data folder, made when it was. */
  readonly dataId: string
  /** Runs `work` from BEGIN IMMEDIATE to COMMIT, synchronously. What it throws rolls everything back. */
  write<T>(work: (writes: Writes) => T): T
  /** Calls back after each commit that noted changes, with the newest sequence number. Returns the unsubscribe. */
  onCommit(callback: (seq: number) => void): () => void
  /**
   * Calls `work` at the end of each transaction that noted changes, before it commits, with what they were about. What it writes
   * commits with the rest or not at all; what it notes itself does not call it again.
   */
  beforeCommit(work: (writes: Writes, touched: Touched) => void): void
  close(): void
}

export type OpenFailure = Extract<
  FailureCode,
  'data-folder-locked' | 'data-folder-unwritable' | 'data-damaged' | 'data-newer' | 'disk-full'
>

/** Whether what was committed outlasts a crash of the machine; without it thousands of commits a second cost little. */
export type Durability = 'lasting' | 'fleeting'

/** Opens the one SQLite file of `dataDir` (null: in memory), locked, migrated and checked. */
export type OpenStore = (
  dataDir: string | null,
  now: () => number,
  durability?: Durability,
) => Promise<Result<Store, OpenFailure>>

/**
 * Opens the one SQLite file of `dataDir` (null: in memory), locked, checked and migrated. Fails with
 * `data-folder-locked` {folder, pid}, `data-folder-unwritable` {folder}, `data-damaged` {file, kept, reason},
 * `data-newer` {file, found, known} or `disk-full` {folder}. A damaged or newer file is left as it is.
 */
export const openStore: OpenStore = (dataDir, now, durability) =>
  openStoreWith(dataDir, now, migrations, durability)

/** `openStore` by other migrations than this build's, for their tests. */
export async function openStoreWith(
  dataDir: string | null,
  now: () => number,
  steps: readonly Migration[],
  durability: Durability = 'lasting',
): Promise<Result<Store, OpenFailure>> {
  if (dataDir === null) return openFile(':memory:', null, now, steps, null)
  let lock: FolderLock | null = null
  try {
    mkdirSync(dataDir, { recursive: true })
    const locked = lockFolder(dataDir)
    if (!locked.ok) return locked
    lock = locked.value
    const file = join(dataDir, 'rookery.db')
    const damage = existsSync(file) ? findDamage(file) : null
    const opened =
      damage === null
        ? openFile(file, join(dataDir, 'backups'), now, steps, lock, durability)
        : damaged(file, damage)
    if (!opened.ok) lock.release()
    return opened
  } catch (error) {
    lock?.release()
    const trouble = storageTrouble(error)
    if (trouble === 'damaged') return damaged(join(dataDir, 'rookery.db'), 'damaged-pages')
    if (trouble === 'disk-full') return fail('disk-full', { folder: dataDir }, 'later')
    if (trouble === 'unwritable') return fail('data-folder-unwritable', { folder: dataDir }, 'later')
    throw error
  }
}

function damaged(file: string, reason: Damage): Result<never, 'data-damaged'> {
  return fail('data-damaged', { file, kept: keepAside(file), reason })
}

function openFile(
  file: string,
  backupFolder: string | null,
  now: () => number,
  steps: readonly Migration[],
  lock: FolderLock | null,
  durability: Durability = 'lasting',
): Result<Store, 'data-newer'> {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 2_000 })
  try {
    const synchronous = durability === 'lasting' ? 'FULL' : 'OFF'
    if (file !== ':memory:') database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
    if (versionOf(database) === 0) database.exec(`PRAGMA application_id = ${applicationId}`)
    const migrated = migrate(database, steps, backupFolder, now())
    if (!migrated.ok) {
      database.close()
      return fail('data-newer', { ...migrated.failure.detail, file })
    }
    return ok(createStore(database, lock))
  } catch (error) {
    database.close()
    throw error
  }
}

function createStore(database: DatabaseSync, lock: FolderLock | null): Store {
  const statements = createStatements(database)
  const subscribers = new Set<(seq: number) => void>()
  let noted = false
  let finish: ((writes: Writes, touched: Touched) => void) | null = null
  let touched = new Map<TableName, Set<string>>()
  const touch = (table: TableName, key: string) => {
    const keys = touched.get(table)
    if (keys === undefined) touched.set(table, new Set([key]))
    else keys.add(key)
  }
  const writes: Writes = {
    ...statements,
    changed: (table, key, op) => {
      statements.run('INSERT INTO changes (tbl, key, op) VALUES (?, ?, ?)', table, key, op)
      noted = true
      if (finish !== null) touch(table, key)
    },
  }
  const write = <T>(work: (writes: Writes) => T): T => {
    if (database.isTransaction) throw new Error('A transaction is already open; pass its writes on instead.')
    noted = false
    touched = new Map()
    database.exec('BEGIN IMMEDIATE')
    let value: T
    let seq: number
    try {
      value = work(writes)
      // Awaiting inside would let other work join the transaction.
      if (value instanceof Promise) throw new TypeError('The work of a transaction must be synchronous.')
      if (finish !== null && touched.size > 0) {
        const before = touched
        touched = new Map()
        finish(writes, before)
      }
      seq = noted ? headOf(statements) : 0
      database.exec('COMMIT')
    } catch (error) {
      // SQLite has already rolled back after some errors, a full disk for one.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
    if (noted) for (const callback of subscribers) callback(seq)
    return value
  }
  return {
    get: statements.get,
    all: statements.all,
    dataId: dataIdOf(write),
    write,
    onCommit: callback => {
      // Wrapped, so that one function may subscribe twice and each unsubscribe ends its own.
      const entry = (seq: number) => callback(seq)
      subscribers.add(entry)
      return () => subscribers.delete(entry)
    },
    beforeCommit: work => {
      finish = work
    },
    close: () => {
      if (!database.isOpen) return
      subscribers.clear()
      database.close()
      lock?.release()
    },
  }
}

function dataIdOf(write: Store['write']): string {
  return write(writes => {
    const found = writes.get<{ value: string }>("SELECT value FROM meta WHERE key = 'data-id'")
    if (found !== undefined) return found.value
    const made = randomUUID()
    writes.run("INSERT INTO meta (key, value) VALUES ('data-id', ?)", made)
    return made
  })
}
