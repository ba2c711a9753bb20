import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/failure.ts'
import { storageTrouble } from '../storage/failures.ts'

/**
 * Writes a private key to a new file that only its owner can read, and returns its path. A file that stands there is
 * never written over: a number goes behind the name. Fails with `data-folder-unwritable` {folder}, `disk-full`.
 */
export async function writeKeyFile(folder: string, name: string, pem: string): Promise<Result<string>> {
  let path = ''
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (let count = 1; ; count += 1) {
      path = join(folder, count === 1 ? `${name}.pem` : `${name}-${count}.pem`)
      const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return null
        throw error
      })
      if (file === null) continue
      try {
        await file.writeFile(pem)
        await file.sync()
      } finally {
        await file.close()
      }
      return ok(path)
    }
  } catch (error) {
    const trouble = storageTrouble(error)
    if (trouble === 'disk-full') {
      await rm(path, { force: true })
      return fail('disk-full', {}, 'later')
    }
    if (trouble === 'unwritable') return fail('data-folder-unwritable', { folder }, 'later')
    throw error
  }
}
