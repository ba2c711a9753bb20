import type { AuditReport } from '#shared/model/audit.ts'
import type { BlacklistReport } from '#shared/model/blacklist.ts'
import type { JobHandler, Jobs } from '../jobs/jobs.ts'
import { fractionOf } from '../jobs/when.ts'
import { limits } from '../net/limits.ts'
import type { Reads, Writes } from '../storage/open.ts'
import { type BlacklistDependencies, keysAreAtHand } from './procedures.ts'
import { keepBlacklistReport } from './store.ts'
import { targetsOf } from './targets.ts'

export const sweepKind = 'blacklists.sweep'

const hourMs = 60 * 60_000
const sweepEveryMs = 24 * hourMs
/** Each sweep is moved by up to two hours either way, so that many domains do not ask together. */
const jitterMs = 2 * hourMs
/** The first look at a domain comes soon after its first audit, but not on its heels. */
const firstWithinMs = 10 * 60_000
const firstAfterMs = 2 * 60_000
/** When no list could be asked at all, the network is more likely at fault than the lists. */
const againMs = hourMs

/** What is known of a domain: its name and the last audit; null once it is off the list. */
export type ReadDomainFacts = (id: string) => { name: string; report: AuditReport | null } | null

/** Plans a sweep for every audited domain that has none planned, inside the caller's transaction. */
export function planSweeps(jobs: Jobs, writes: Writes, now: number): void {
  for (const { id, checked_at: checkedAt } of unplanned(writes)) {
    const runAt =
      checkedAt === null ? now + firstAfterMs + fractionOf(id) * firstWithinMs : nextSweepAt(id, checkedAt)
    jobs.schedule(writes, { kind: sweepKind, key: id, runAt: Math.max(now, Math.round(runAt)) })
  }
}

function unplanned(reads: Reads): { id: string; checked_at: number | null }[] {
  return reads.all<{ id: string; checked_at: number | null }>(
    `SELECT domains.id, blacklist_reports.checked_at FROM domains
       LEFT JOIN blacklist_reports ON blacklist_reports.domain_id = domains.id
     WHERE removed_at IS NULL AND audited_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = '${sweepKind}' AND key = domains.id)
     LIMIT ?`,
    limits.domainsPlannedAtOnce,
  )
}

/** A day after the last sweep, moved by up to two hours; the same for the same domain and sweep. */
export function nextSweepAt(id: string, sweptAt: number): number {
  const step = Math.floor(sweptAt / sweepEveryMs)
  return Math.round(sweptAt + sweepEveryMs + (fractionOf(id, step) * 2 - 1) * jitterMs)
}

/** Sweeps one domain, keeps what came of it and plans the next sweep. Waits while a key is kept in a locked vault. */
export function sweepJob(dependencies: BlacklistDependencies): JobHandler {
  const { sweeper, readDomain, lists, events, secrets, now } = dependencies
  return {
    isReady: () => keysAreAtHand(secrets),
    atOnce: limits.blacklistSweepsAtOnce,
    spreadMs: 30 * 60_000,
    run: async ({ key: id, signal }) => {
      const domain = readDomain(id)
      if (domain === null) return () => null
      const { targets, leftOut } = targetsOf(domain.name, domain.report)
      const swept = await readToEnd(sweeper.sweep({ targets, leftOut, lists: await lists(), signal }))
      if (!swept.ok) throw new Error('The sweep was cancelled.')
      return writes => {
        keepBlacklistReport(writes, id, swept.value, events)
        return isBlind(swept.value) ? now() + againMs : nextSweepAt(id, now())
      }
    },
  }
}

function isBlind(report: BlacklistReport): boolean {
  const states = report.targets.flatMap(({ lists }) => lists.map(({ state }) => state))
  return states.length > 0 && states.every(state => state === 'unavailable')
}

async function readToEnd<T>(stream: AsyncGenerator<unknown, T, void>): Promise<T> {
  while (true) {
    const step = await stream.next()
    if (step.done === true) return step.value
  }
}
