import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../platform.ts'
import type { Reads, Store, Writes } from '../storage/open.ts'

const incarnationFile = 'warmup-incarnation'

/** What the pool remembers beside its mailboxes. */
type StateKey = 'seed' | 'incarnation' | 'looked-at' | 'restored-at' | 'tidied-at' | 'told-rules'

export function readState(reads: Reads, key: StateKey): string | null {
  return reads.get<{ value: string }>('SELECT value FROM warmup_state WHERE key = ?', key)?.value ?? null
}

export function readInstant(reads: Reads, key: StateKey): number | null {
  const value = readState(reads, key)
  return value === null ? null : Number(value)
}

export function writeState(writes: Writes, key: StateKey, value: string | number): void {
  writes.run(
    'INSERT INTO warmup_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    key,
    String(value),
  )
}

/** The seed that plans and choices come from, made once for this data. */
export function seedOf(store: Store): string {
  const known = readState(store, 'seed')
  if (known !== null) return known
  const made = randomUUID()
  store.write(writes => writeState(writes, 'seed', made))
  return made
}

/**
 * Counts the starts of this data, in the database and in a file beside it. A database that counted fewer than the file
 * was put back from a backup: then its books are older than what was sent, and true is returned. A file that cannot be
 * written is logged; then only what lies in the mailboxes tells (`arrivals.ts`).
 */
export function beginIncarnation(store: Store, dataDir: string | null, log: Log): boolean {
  const own = readInstant(store, 'incarnation') ?? 0
  const beside = dataDir === null ? own : (readBeside(dataDir) ?? own)
  const next = Math.max(own, beside) + 1
  store.write(writes => writeState(writes, 'incarnation', next))
  if (dataDir !== null) writeBeside(dataDir, next, log)
  return own > 0 && beside > own
}

function readBeside(dataDir: string): number | null {
  try {
    const count = Number(readFileSync(join(dataDir, incarnationFile), 'utf8'))
    return Number.isSafeInteger(count) && count > 0 ? count : null
  } catch {
    return null
  }
}

function writeBeside(dataDir: string, count: number, log: Log): void {
  try {
    const file = join(dataDir, incarnationFile)
    writeFileSync(`${file}.new`, String(count))
    renameSync(`${file}.new`, file)
  } catch (error) {
    log.warn('warmup-incarnation-not-written', { error: error instanceof Error ? error.name : 'unknown' })
  }
}
