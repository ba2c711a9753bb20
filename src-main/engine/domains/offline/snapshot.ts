import { createHash } from 'node:crypto'
import { z } from 'zod'
import { fail, ok, type Result } from '#shared/failure.ts'
import {
  type Snapshot,
  type SnapshotAudit,
  snapshotFormat,
  snapshotSchema,
  snapshotVersion,
} from '#shared/model/snapshot.ts'
import { limits } from '../../net/limits.ts'

export type SnapshotFailure =
  | 'snapshot-unreadable'
  | 'snapshot-version'
  | 'snapshot-damaged'
  | 'file-too-large'

/** The text of a snapshot file. `savedAt` is epoch milliseconds. */
export function sealSnapshot(audits: readonly SnapshotAudit[], savedAt: number): string {
  const body = { format: snapshotFormat, version: snapshotVersion, savedAt, audits }
  return `${JSON.stringify({ ...body, checksum: checksumOf(body) })}\n`
}

const headSchema = z.looseObject({ format: z.literal(snapshotFormat), version: z.unknown() })

/**
 * Reads a snapshot file. Fails with `snapshot-unreadable` when it is something else, `snapshot-version` {found, known},
 * `snapshot-damaged` {reason: `checksum` or `shape`, field} and `file-too-large` {limit}. The checksum (SHA-256 of
 * the rest, written without white space) does not mind white space.
 */
export function openSnapshot(text: string): Result<Snapshot, SnapshotFailure> {
  if (text.length > limits.snapshotCharacters) {
    return fail('file-too-large', { limit: limits.snapshotCharacters })
  }
  const head = headSchema.safeParse(parseJson(text))
  if (!head.success) return fail('snapshot-unreadable')
  const { checksum, ...body } = head.data
  if (body.version !== snapshotVersion) {
    return fail('snapshot-version', { found: String(body.version).slice(0, 20), known: snapshotVersion })
  }
  if (checksum !== checksumOf(body)) return fail('snapshot-damaged', { reason: 'checksum' })
  const read = snapshotSchema.safeParse(body)
  if (read.success) return ok(read.data)
  const field = read.error.issues[0]?.path.map(String).join('.') ?? ''
  return fail('snapshot-damaged', { reason: 'shape', field })
}

function checksumOf(body: object): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return null
  }
}
