import { type Fail, fail, ok, type Result } from '#shared/failure.ts'
import type { Store, Writes } from './open.ts'

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html) that are told apart here. */
const primary = {
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const

/** What an error of the file system or of SQLite means for the data folder, or null when it is none of these. */
export type StorageTrouble = 'busy' | 'unwritable' | 'damaged' | 'disk-full' | null

export function storageTrouble(error: unknown): StorageTrouble {
  if (typeof error !== 'object' || error === null) return null
  const code = 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full'
  if (typeof code === 'string' && unwritableCodes.has(code)) return 'unwritable'
  if (!('errcode' in error) || typeof error.errcode !== 'number') return null
  switch (error.errcode & 0xff) {
    case primary.busy:
      return 'busy'
    case primary.full:
      return 'disk-full'
    case primary.corrupt:
    case primary.notADatabase:
      return 'damaged'
    case primary.readOnly:
    case primary.cannotOpen:
    case primary.ioError:
      return 'unwritable'
    default:
      return null
  }
}

const unwritableCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOENT', 'EIO'])

/** A transaction whose one expected trouble, a full disk, comes back as a failure; nothing of it was kept then. */
export function writeOrFail<T>(store: Store, work: (writes: Writes) => T): Result<T, 'disk-full'> {
  try {
    return ok(store.write(work))
  } catch (error) {
    if (storageTrouble(error) === 'disk-full') return fail('disk-full', {}, 'later')
    throw error
  }
}

class Refusal extends Error {
  readonly result: Fail
  constructor(result: Fail) {
    super('refused')
    this.result = result
  }
}

/** Ends a transaction of `writeOrRefuse` with a failure: nothing of it is kept. */
export function refuse(result: Fail): never {
  throw new Refusal(result)
}

/** As `writeOrFail`, for work that may find only half way, with `refuse`, that it must not be done. */
export function writeOrRefuse<T>(store: Store, work: (writes: Writes) => T): Result<T> {
  try {
    return writeOrFail(store, work)
  } catch (error) {
    if (error instanceof Refusal) return error.result
    throw error
  }
}
