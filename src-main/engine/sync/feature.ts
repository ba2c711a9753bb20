import type { Result } from '#shared/failure.ts'
import type { guarded } from '../guard.ts'
import type { JobHandlers, Jobs } from '../jobs/jobs.ts'
import type { Log } from '../platform.ts'
import type { TableReader } from '../storage/changes.ts'
import type { Store, Touched, Writes } from '../storage/open.ts'
import type { Secrets } from '../vault/secrets.ts'
import type { TenantApi } from './api.ts'
import { createApplier, type LocalDomains } from './apply.ts'
import { pruneConflicts } from './conflicts.ts'
import { type Address, isConnected, noteState, readConnection, tokenSecret } from './connection.ts'
import { createPlanner, type FindMailbox } from './note.ts'
import { syncProcedures } from './procedures.ts'
import type { ReadCredentials } from './push.ts'
import { type Activity, syncReaders } from './readers.ts'
import { createReputations } from './reputations.ts'
import { createRounds, type Rounds } from './round.ts'
import { nextRoundAt, planMissing, planSoon, reputationJob, roundJob, syncJobs } from './sync-jobs.ts'

/** Makes the client of one connection. It asks for the address and the token anew with each request. */
export type MakeTenantApi = (options: {
  connection(): Address | null
  readToken(): Promise<Result<string | null>>
}) => TenantApi

export type SyncFeatureOptions = {
  readonly store: Store
  readonly jobs: Jobs
  readonly vault: Secrets & { isReady(): boolean; onReady(callback: () => void): () => void }
  readonly makeApi: MakeTenantApi
  readonly domains: LocalDomains
  readonly findMailbox: FindMailbox
  readonly readCredentials: ReadCredentials
  readonly timeZone: string
  readonly log: Log
  random(): number
  now(): number
}

export type SyncFeature = {
  procedures(engine: ReturnType<typeof guarded>): ReturnType<typeof syncProcedures>
  readonly readers: Record<'sync' | 'outbox' | 'conflicts' | 'serverDomains', TableReader>
  readonly jobs: JobHandlers
  readonly rounds: Rounds
  /** Belongs at the end of every transaction: what a person changed goes into the outbox with it. */
  noteChanges(writes: Writes, touched: Touched): void
  /** Plans what has no plan yet. */
  plan(writes: Writes): void
  /** Forgets what was settled long ago. */
  prune(writes: Writes): void
}

/** Everything about the tenant API, put together for `engine.ts`. Nothing is asked before it is connected and the jobs run. */
export function createSync(options: SyncFeatureOptions): SyncFeature {
  const { store, jobs, vault, makeApi, domains, findMailbox, now } = options
  const api = makeApi({ connection: () => readConnection(store), readToken: () => vault.read(tokenSecret) })
  const planner = createPlanner({ findMailbox, queued: writes => planSoon(jobs, writes, now()), now })
  const applier = createApplier({ domains, planner, now })
  const rounds = createRounds({ ...options, api, planner, applier })
  const reputations = createReputations({ store, api, random: options.random, now })
  const activity: Activity = {
    isRunning: rounds.isRunning,
    isVaultReady: vault.isReady,
    nextAt: nextRoundAt,
  }
  const jobOptions = { ...options, rounds, reputations, isReady: vault.isReady }
  vault.onReady(() => {
    if (isConnected(store)) store.write(noteState)
  })
  return {
    procedures: engine => syncProcedures(engine, { ...options, planner, rounds, activity }),
    readers: syncReaders(store, activity),
    jobs: {
      [syncJobs.round]: roundJob(jobOptions),
      [syncJobs.reputations]: reputationJob(jobOptions),
    },
    rounds,
    noteChanges: planner.noteChanges,
    plan: writes => planMissing(jobOptions, writes),
    prune: writes => pruneConflicts(writes, now()),
  }
}
