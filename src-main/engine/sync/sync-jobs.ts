import type { JobHandler, Jobs } from '../jobs/jobs.ts'
import { nextNightAt } from '../jobs/night.ts'
import { fractionOf } from '../jobs/when.ts'
import type { Reads, Store, Writes } from '../storage/open.ts'
import { isReputationUnasked } from './agreed.ts'
import { heldUntilAt, isConnected, longestWaitMs, readConnection } from './connection.ts'
import { nextItem, nextItemAt } from './items.ts'
import type { Reputations } from './reputations.ts'
import type { Rounds } from './round.ts'

/** One row each: the round of synchronising, and the nightly look at the reputations. */
export const syncJobs = { round: 'sync.round', reputations: 'sync.reputations' } as const
const key = 'sync'

/** Without anything to send, the server is asked this often for what is new there. */
const everyMs = 5 * 60_000
const dayMs = 24 * 60 * 60_000
/** Changes made one after the other go out together. */
const gatherMs = 2_000

export type SyncJobOptions = {
  readonly store: Store
  readonly jobs: Jobs
  readonly rounds: Rounds
  readonly reputations: Reputations
  /** IANA name; the night is a local one. */
  readonly timeZone: string
  isReady(): boolean
  now(): number
}

function plannedAt(reads: Reads, kind: string): number | null {
  return (
    reads.get<{ run_at: number }>('SELECT run_at FROM jobs WHERE kind = ? AND key = ?', kind, key)?.run_at ??
    null
  )
}

/** When the next round is planned; null when none is. */
export function nextRoundAt(reads: Reads): number | null {
  return plannedAt(reads, syncJobs.round)
}

/** Plans the round for what was just put into the outbox, in the same transaction. While it must wait anyway, nothing is planned. */
export function planSoon(jobs: Jobs, writes: Writes, now: number): void {
  const connection = readConnection(writes)
  if (connection === null || connection.trouble !== null) return
  const planned = nextRoundAt(writes)
  if (planned !== null && planned <= now + gatherMs) return
  jobs.schedule(writes, { kind: syncJobs.round, key, runAt: now + gatherMs })
}

/** Plans a round at once. */
export function planNow(jobs: Jobs, writes: Writes, now: number): void {
  jobs.schedule(writes, { kind: syncJobs.round, key, runAt: now })
}

export function unplan(jobs: Jobs, writes: Writes): void {
  for (const kind of Object.values(syncJobs)) jobs.cancel(writes, { kind, key }, 'abort')
}

/** Puts back what should be planned and is not, or is planned too far ahead. */
export function planMissing({ jobs, timeZone, now }: SyncJobOptions, writes: Writes): void {
  const connection = readConnection(writes)
  if (connection === null) return
  const at = now()
  const round = nextRoundAt(writes)
  if (connection.trouble !== 'needs-sign-in' && (round === null || round > at + longestWaitMs))
    planNow(jobs, writes, at)
  const night = plannedAt(writes, syncJobs.reputations)
  // More than a day ahead: the clock was turned back.
  if (night === null || night > at + 2 * dayMs) {
    const runAt = nextNightAt(at, fractionOf(connection.tenantId), timeZone)
    jobs.schedule(writes, { kind: syncJobs.reputations, key, runAt })
  }
}

/** The reputations are asked for now, and from then on at night. */
export function planReputations(jobs: Jobs, writes: Writes, now: number): void {
  jobs.schedule(writes, { kind: syncJobs.reputations, key, runAt: now })
}

/** Sends and takes in; again when something waits, when a wait is over, or after a while. */
export function roundJob({ store, jobs, rounds, isReady, now }: SyncJobOptions): JobHandler {
  return {
    atOnce: 1,
    isReady: () => !isConnected(store) || isReady(),
    run: async ({ signal }) => {
      const before = readConnection(store)
      const isHeld =
        before !== null && (before.trouble === 'needs-sign-in' || heldUntilAt(before, now()) !== null)
      if (!isHeld) await rounds.run({ fresh: true, signal })
      return writes => {
        const connection = readConnection(writes)
        if (connection === null || connection.trouble === 'needs-sign-in') return null
        const at = now()
        if (connection.trouble !== null) return connection.nextTryAt ?? at + everyMs
        if (isReputationUnasked(writes)) planReputations(jobs, writes, at)
        if (nextItem(writes, at, []) !== null) return at
        return Math.min(at + everyMs, Math.max(at, nextItemAt(writes) ?? Number.POSITIVE_INFINITY))
      }
    },
  }
}

/** Asks for every reputation that is older than a day, each night. Where it was stopped, it goes on. */
export function reputationJob({ store, reputations, timeZone, isReady, now }: SyncJobOptions): JobHandler {
  return {
    atOnce: 1,
    isReady: () => !isConnected(store) || isReady(),
    run: async ({ signal }) => {
      const againAt = await reputations.refresh(signal)
      return writes => {
        const connection = readConnection(writes)
        if (connection === null) return null
        return againAt ?? nextNightAt(now(), fractionOf(connection.tenantId), timeZone)
      }
    },
  }
}
