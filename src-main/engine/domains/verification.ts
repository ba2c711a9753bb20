import type { AuditReport } from '#shared/model/audit.ts'
import type { JobHandler, Jobs } from '../jobs/jobs.ts'
import type { Store, Writes } from '../storage/open.ts'
import type { Audits } from './audits.ts'
import { keepReport, type ReportKept } from './reports.ts'
import { countPoll, findPolling, jobKinds } from './store.ts'
import { nextPollAt } from './verify.ts'

/** Pending domains looked at together in the background; few, so that what a person asks for goes first. */
const pollsAtOnce = 4
/** After a long sleep or a restart, overdue polls are spread over this. */
const spreadMs = 10 * 60_000
/** When a look-up was unavailable nothing was learnt, and the network may be back soon. */
const unavailableAgainMs = 2 * 60_000
/** Once the time to be verified is over and the answer still could not be had. */
const overdueAgainMs = 60 * 60_000

/** Plans the background polling of a Pending domain, inside the transaction that put it on the list. */
export function planVerification(jobs: Jobs, writes: Writes, id: string, now: number): void {
  const polling = findPolling(writes, id)
  if (polling?.status !== 'pending') return
  const runAt = nextPollAt(polling.polls, polling.addedAt, now, seedOf(id)) ?? now
  jobs.schedule(writes, { kind: jobKinds.verify, key: id, runAt })
}

/**
 * Looks at one Pending domain, keeps the report, and plans the next look until it is Verified or Failed. The count of
 * looks and the next one are rows, so polling goes on after a restart where it stood.
 */
export function verificationJob(
  store: Store,
  audits: Audits,
  now: () => number,
  onKept?: ReportKept,
): JobHandler {
  return {
    atOnce: pollsAtOnce,
    spreadMs,
    note: (writes, id) => {
      if (findPolling(writes, id) !== null) writes.changed('domains', id, 'put')
    },
    run: async ({ key: id, signal }) => {
      const polling = findPolling(store, id)
      if (polling?.status !== 'pending') return () => null
      const audited = await audits.run(polling.name, { signal, purpose: 'verification', fresh: 'own' })
      if (!audited.ok) throw new Error('The audit was cancelled.')
      return writes => {
        if (keepReport(writes, id, audited.value, now(), onKept) !== 'pending') return null
        const counted = isConclusive(audited.value)
        if (counted) countPoll(writes, id)
        const next = nextPollAt(polling.polls + (counted ? 1 : 0), polling.addedAt, now(), seedOf(id))
        if (counted) return next
        return next === null ? now() + overdueAgainMs : Math.min(next, now() + unavailableAgainMs)
      }
    },
  }
}

/** Everything that decides the status could be looked up. */
function isConclusive(report: AuditReport): boolean {
  return [report.spf, report.dkim, report.dmarc, report.mx].every(
    check => check.state !== 'unavailable' && check.verdict !== 'unavailable',
  )
}

/** Domains added in one import share the time, so what sets their polls apart must come from the id. */
function seedOf(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16)
}
