import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fail, ok, type Result } from '#shared/failure.ts'
import { storageTrouble } from './failures.ts'

export type FolderLock = { release(): void }

/** Of two that reach for it in the same instant each is in the other's way for a moment; without a wait both would be refused. */
const mostWaitMs = 200

/**
 * Takes the data folder for this process: an exclusive SQLite transaction held open on a file of its own. The
 * operating system gives it back however the process ends, so no stale lock can stand. The holder's pid lies beside
 * it, for the message only.
 *
 * Nothing else may open `rookery.lock`: closing any other descriptor of a file drops a process's POSIX locks on it.
 */
export function lockFolder(folder: string): Result<FolderLock, 'data-folder-locked'> {
  const pidFile = join(folder, 'rookery.pid')
  const database = new DatabaseSync(join(folder, 'rookery.lock'), { timeout: mostWaitMs })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (storageTrouble(error) !== 'busy') throw error
    const pid = readPid(pidFile)
    return fail('data-folder-locked', pid === null ? { folder } : { folder, pid }, 'later')
  }
  writeFileSync(pidFile, String(process.pid))
  return ok({
    release: () => {
      rmSync(pidFile, { force: true })
      database.close()
    },
  })
}

/** The pid of the holder, or null while it has not yet written it. */
function readPid(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}
