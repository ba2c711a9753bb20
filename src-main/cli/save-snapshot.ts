import { rename, rm, writeFile } from 'node:fs/promises'
import { sealSnapshot } from '#engine/domains/offline/snapshot.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { snapshotAuditOf } from '#shared/snapshot-audit.ts'
import { fileTrouble } from './read-text.ts'

/** Writes the reports as a snapshot, whole or not at all. Null when it is done, else why not, for a person. */
export async function saveSnapshot(
  path: string,
  reports: readonly AuditReport[],
  now: number,
): Promise<string | null> {
  const partial = `${path}.${process.pid}.part`
  try {
    await writeFile(partial, sealSnapshot(reports.map(snapshotAuditOf), now))
    await rename(partial, path)
    return null
  } catch (error) {
    await rm(partial, { force: true })
    return `Cannot write ${path}: ${fileTrouble(error)}.`
  }
}
