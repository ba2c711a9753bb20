import type { JobHandler, Jobs } from '../jobs/jobs.ts'
import { limits } from '../net/limits.ts'
import type { Store, Writes } from '../storage/open.ts'
import type { Audits } from './audits.ts'
import { keepReport, type ReportKept } from './reports.ts'
import { findPolling, jobKinds } from './store.ts'

/** Queues an audit of each of these domains, inside the caller's transaction. */
export function queueChecks(jobs: Jobs, writes: Writes, ids: readonly string[], now: number): void {
  for (const id of ids) {
    jobs.schedule(writes, { kind: jobKinds.check, key: id, runAt: now })
    writes.changed('domains', id, 'put')
  }
}

/** Drops what has not started; returns how many that were. */
export function dropChecks(jobs: Jobs, writes: Writes, ids: readonly string[]): number {
  const dropped = ids.filter(id => jobs.cancel(writes, { kind: jobKinds.check, key: id }, 'keep'))
  for (const id of dropped) writes.changed('domains', id, 'put')
  return dropped.length
}

/** Audits one queued domain and keeps the report. A domain that Verified needs no more polling. */
export function checkJob(
  store: Store,
  audits: Audits,
  jobs: Jobs,
  now: () => number,
  onKept?: ReportKept,
): JobHandler {
  return {
    atOnce: limits.auditsAtOnce,
    giveUpAfter: 5,
    note: (writes, id) => {
      if (findPolling(writes, id) !== null) writes.changed('domains', id, 'put')
    },
    run: async ({ key: id, signal }) => {
      const name = findPolling(store, id)?.name
      if (name === undefined) return () => null
      const audited = await audits.run(name, { signal, purpose: 'audit', fresh: 'own' })
      if (!audited.ok) throw new Error('The audit was cancelled.')
      return writes => {
        const status = keepReport(writes, id, audited.value, now(), onKept)
        if (status !== 'pending') jobs.cancel(writes, { kind: jobKinds.verify, key: id }, 'keep')
        return null
      }
    },
  }
}
