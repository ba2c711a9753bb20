import type { JobHandler, Jobs } from '../jobs/jobs.ts'
import { nextNightAt } from '../jobs/night.ts'
import { fractionOf } from '../jobs/when.ts'
import { limits } from '../net/limits.ts'
import type { Reads, Store, Writes } from '../storage/open.ts'
import type { Audits } from './audits.ts'
import { keepReport, type ReportKept } from './reports.ts'
import { findPolling, jobKinds } from './store.ts'

/** Nightly checks under way at once; few, so that whoever works at night goes first. */
const recheckAtOnce = 4
/** After a night asleep, what was missed is spread over this. */
const spreadMs = 60 * 60_000

export type RecheckOptions = {
  readonly store: Store
  readonly audits: Audits
  readonly now: () => number
  /** IANA name; the night is a local one. */
  readonly timeZone: string
  readonly onKept: ReportKept
}

/** Plans tonight's check of every Verified or Failed domain that has none planned. Pending ones are polled anyway. */
export function planRechecks(jobs: Jobs, writes: Writes, now: number, timeZone: string): void {
  for (const id of unplanned(writes)) {
    jobs.schedule(writes, {
      kind: jobKinds.recheck,
      key: id,
      runAt: nextNightAt(now, fractionOf(id), timeZone),
    })
  }
}

function unplanned(reads: Reads): string[] {
  return reads
    .all<{ id: string }>(
      `SELECT id FROM domains WHERE removed_at IS NULL AND status <> 'pending'
         AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = '${jobKinds.recheck}' AND key = domains.id)
       LIMIT ?`,
      limits.domainsPlannedAtOnce,
    )
    .map(({ id }) => id)
}

/** Audits one domain each night and keeps the report, until it is Pending again or off the list. */
export function recheckJob({ store, audits, now, timeZone, onKept }: RecheckOptions): JobHandler {
  return {
    atOnce: recheckAtOnce,
    spreadMs,
    run: async ({ key: id, signal }) => {
      const domain = findPolling(store, id)
      if (domain === null || domain.status === 'pending') return () => null
      const audited = await audits.run(domain.name, { signal, purpose: 'recheck', fresh: 'own' })
      if (!audited.ok) throw new Error('The audit was cancelled.')
      return writes => {
        const status = keepReport(writes, id, audited.value, now(), onKept)
        return status === null || status === 'pending' ? null : nextNightAt(now(), fractionOf(id), timeZone)
      }
    },
  }
}
