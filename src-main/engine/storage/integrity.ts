import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { storageTrouble } from './failures.ts'

/** `ROOK`: marks a SQLite file as ours (offset 68 of the header). */
export const applicationId = 0x524f4f4b

/** A file up to this size is checked at every start; it takes a few tens of milliseconds. */
const alwaysCheckedBytes = 16 * 1024 * 1024

export type Damage = 'no-header' | 'truncated' | 'other-application' | 'damaged-pages'

/**
 * Looks at an existing data file before anything writes to it: its header always, its pages when the last close was
 * not clean (SQLite removes the write-ahead log on a clean one) or the file is small. Null when nothing is wrong.
 * The format: https://www.sqlite.org/fileformat2.html §1.3.
 */
export function findDamage(file: string): Damage | null {
  const sizeBytes = statSync(file).size
  if (sizeBytes === 0) return null
  const header = readHeader(file)
  if (header === null || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return 'no-header'
  const cleanlyClosed = sizeOf(`${file}-wal`) === 0
  if (cleanlyClosed && sizeBytes < pageSizeBytes(header) * header.readUInt32BE(28)) return 'truncated'
  // While a rollback journal stands (only ever during creation) a reader must leave the file alone.
  if (existsSync(`${file}-journal`)) return null
  if (!cleanlyClosed || sizeBytes <= alwaysCheckedBytes) return checkPages(file)
  return header.readUInt32BE(68) === applicationId ? null : 'other-application'
}

/** Read-only, because closing a writing connection would move a damaged log into the file that is to be kept. */
function checkPages(file: string): Damage | null {
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(file, { readOnly: true })
    const mark = database.prepare('PRAGMA application_id').get()?.application_id
    const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.count
    if (mark !== applicationId && tables !== 0) return 'other-application'
    return database.prepare('PRAGMA quick_check(1)').get()?.quick_check === 'ok' ? null : 'damaged-pages'
  } catch (error) {
    if (storageTrouble(error) === 'damaged') return 'damaged-pages'
    throw error
  } finally {
    database?.close()
  }
}

/**
 * Copies a damaged file with its log aside and returns the folder of the copy. Named after the moment the file was
 * last written, so that starting again does not fill the disk with copies of the same damage.
 */
export function keepAside(file: string): string {
  const writtenAt = new Date(statSync(file).mtimeMs).toISOString().replaceAll(/[:.]/g, '-')
  const kept = join(dirname(file), `damaged-${writtenAt}`)
  if (existsSync(kept)) return kept
  const partial = `${kept}.partial`
  mkdirSync(partial, { recursive: true })
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) copyFileSync(file + suffix, join(partial, `rookery.db${suffix}`))
  }
  renameSync(partial, kept)
  return kept
}

function readHeader(file: string): Buffer | null {
  const descriptor = openSync(file, 'r')
  try {
    const header = Buffer.alloc(100)
    return readSync(descriptor, header, 0, 100, 0) === 100 ? header : null
  } finally {
    closeSync(descriptor)
  }
}

function pageSizeBytes(header: Buffer): number {
  const stored = header.readUInt16BE(16)
  return stored === 1 ? 65_536 : stored
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0
}
