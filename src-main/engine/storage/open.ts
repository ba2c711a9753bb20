import type { FailureCode, Result } from '#shared/failure.ts'
import type { TableName } from '#shared/model/change.ts'

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

export type Store = Reads & {
  /** Identity of this data folder, made when it was. */
  readonly dataId: string
  /** Runs `work` from BEGIN IMMEDIATE to COMMIT, synchronously. What it throws rolls everything back. */
  write<T>(work: (writes: Writes) => T): T
  /** Calls back after each commit that noted changes, with the newest sequence number. Returns the unsubscribe. */
  onCommit(callback: (seq: number) => void): () => void
  close(): void
}

export type OpenFailure = Extract<
  FailureCode,
  'data-folder-locked' | 'data-folder-unwritable' | 'data-damaged' | 'data-newer' | 'disk-full'
>

/** Opens the one SQLite file of `dataDir` (null: in memory), locked, migrated and checked. */
export type OpenStore = (dataDir: string | null, now: () => number) => Promise<Result<Store, OpenFailure>>
