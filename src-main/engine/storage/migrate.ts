import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { fail, ok, type Result } from '#shared/failure.ts'

export type Migration = {
  /** 1, 2, 3 … without a gap; kept as `user_version` of the file. */
  readonly number: number
  readonly name: string
  up(database: DatabaseSync): void
}

/** Backups that are kept; older ones go when a new one is made. */
const backupsKept = 3

/**
 * Brings the file to the version of the last migration, each in its own transaction. A file that holds data is first
 * copied whole into `backupFolder` (null: no copy). A file of a newer build is refused untouched: `data-newer` with
 * `found` and `known` versions.
 */
export function migrate(
  database: DatabaseSync,
  migrations: readonly Migration[],
  backupFolder: string | null,
  now: number,
): Result<null, 'data-newer'> {
  const found = versionOf(database)
  const known = migrations.at(-1)?.number ?? 0
  if (found > known) return fail('data-newer', { found, known })
  if (found === known) return ok(null)
  if (found > 0 && backupFolder !== null) backUp(database, backupFolder, found, now)
  for (const migration of migrations) {
    if (migration.number > found) apply(database, migration)
  }
  return ok(null)
}

function apply(database: DatabaseSync, migration: Migration): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    migration.up(database)
    database.exec(`PRAGMA user_version = ${migration.number}`)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** The number of the last migration a file has been through; 0 for a new one. */
export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0)
}

function backUp(database: DatabaseSync, folder: string, version: number, now: number): void {
  mkdirSync(folder, { recursive: true })
  const time = new Date(now).toISOString().replaceAll(/[:.]/g, '-')
  const file = join(folder, `rookery-${time}-v${version}.db`)
  rmSync(file, { force: true })
  database.prepare('VACUUM INTO ?').run(file)
  const old = readdirSync(folder)
    .filter(name => /^rookery-.*\.db$/.test(name))
    .toSorted()
    .slice(0, -backupsKept)
  for (const name of old) rmSync(join(folder, name))
}
