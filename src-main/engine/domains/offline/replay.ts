import type { AuditReport } from '#shared/model/audit.ts'
import type { Ask, Lookup, RawAnswer, RecordType, ValueOf } from '#shared/model/lookup.ts'
import type { SnapshotAnswer, SnapshotAudit } from '#shared/model/snapshot.ts'
import { runAudit } from '../audit.ts'
import type { AuditSource } from '../source.ts'

/** Stands for the server in answers that the snapshot does not hold. */
const snapshotServer = 'the snapshot'

/** Answers from a snapshot alone. What was not asked then is `not-in-snapshot`: never absent. */
export function snapshotSource(audit: SnapshotAudit): AuditSource {
  const answers = new Map(audit.answers.map(answer => [keyOf(answer), answer]))
  const ask: Ask = async <T extends RecordType>(name: string, type: T): Promise<Lookup<T>> => {
    const answer = answers.get(keyOf({ name: name.toLowerCase().replace(/\.$/, ''), type }))
    return answer === undefined ? missing(name, type) : lookupOf(answer, type)
  }
  return { ask, queries: () => audit.queries }
}

/**
 * Runs the audit of a snapshot again. The report is the one the snapshot was made of, byte for byte once it is JSON, as
 * long as the rules are the same: the answers decide everything but the times and the count of queries, and those are
 * taken from the snapshot.
 */
export async function replayAudit(audit: SnapshotAudit): Promise<AuditReport> {
  const running = runAudit(audit.domain, snapshotSource(audit), () => audit.startedAt)
  for (;;) {
    const step = await running.next()
    if (step.done) return withTimesOf(audit, step.value)
  }
}

/** The report with the times that were measured when its answers came. */
export function withTimesOf(audit: SnapshotAudit, report: AuditReport): AuditReport {
  const { startedAt, tookMs, queries } = audit
  const took = new Map(audit.answers.map(answer => [keyOf(answer), answer.tookMs]))
  const raw = report.raw.map(answer => ({ ...answer, tookMs: took.get(keyOf(answer)) ?? 0 }))
  return { ...report, startedAt, tookMs, queries, raw }
}

function keyOf({ type, name }: Pick<SnapshotAnswer | RawAnswer, 'type' | 'name'>): string {
  return `${type} ${name}`
}

function missing<T extends RecordType>(name: string, type: T): Lookup<T> {
  return { state: 'unavailable', name, type, reason: 'not-in-snapshot', server: snapshotServer, detail: null }
}

function lookupOf<T extends RecordType>(answer: SnapshotAnswer, type: T): Lookup<T> {
  const { name, state, reason, ttlS, server, aliases, authenticated, detail } = answer
  const told = { name, type, ttlS: ttlS ?? 0, server: server ?? '', aliases, authenticated }
  // The schema of snapshots has read each value by its type.
  if (state === 'found') return { ...told, state, values: answer.data as ValueOf[T][] }
  if (reason === 'nxdomain' || reason === 'nodata') return { ...told, state: 'absent', reason }
  return { state: 'unavailable', name, type, reason: reason ?? 'malformed', server, detail }
}
