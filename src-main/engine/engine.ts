import { ok, type Result } from '#shared/failure.ts'
import { createAudits } from './domains/audits.ts'
import { checkJob } from './domains/checks-queue.ts'
import { offlineProcedures } from './domains/offline/procedures.ts'
import { domainProcedures } from './domains/procedures.ts'
import { linkHosts } from './domains/providers.ts'
import { domainReader, jobKinds, purgeRemoved } from './domains/store.ts'
import { verificationJob } from './domains/verification.ts'
import { type EngineRouter, guarded } from './guard.ts'
import { hostProcedures } from './host/procedures.ts'
import { engineStatus } from './host/status.ts'
import { createJobs } from './jobs/jobs.ts'
import { createOutside, type Outside } from './net/outside.ts'
import { createResolver } from './net/resolve.ts'
import type { Platform } from './platform.ts'
import { repeat } from './repeat.ts'
import { keepNetworkLog } from './settings/contacts.ts'
import { settingsProcedures } from './settings/procedures.ts'
import { applyResolvers } from './settings/resolvers.ts'
import { readSettings, settingsReader } from './settings/store.ts'
import { pruneChanges } from './storage/changes.ts'
import { type OpenFailure, openStore, type Store } from './storage/open.ts'
import { changesProcedures } from './storage/procedures.ts'

export type Engine = {
  /** What every host serves. It answers before `start` too. */
  readonly router: EngineRouter
  readonly dataId: string
  /** Begins the work in the background: queued checks, polls, and what the last run left undone. */
  start(): void
  /** Cancels what runs, keeps what is known and lets the data folder go, within two seconds. */
  stop(): Promise<void>
}

const stopWithinMs = 1_500
const tidyEveryMs = 60 * 60_000
/** A laptop that changes networks gets other servers from its system. */
const systemServersEveryMs = 30_000

/**
 * The whole engine on one data folder: opens the store, wires the features, offers them as one router. Nothing reaches
 * the network before it is asked to or `start` is called. Fails as `openStore` does. `makeResolver` and `makeOutside` let
 * something other than the network answer: a literal zone, a stored snapshot, or with null nothing at all.
 */
export async function createEngine(
  platform: Platform,
  makeResolver: typeof createResolver = createResolver,
  makeOutside: (...options: Parameters<typeof createOutside>) => Outside | null = createOutside,
): Promise<Result<Engine, OpenFailure>> {
  const { clock, log } = platform
  const opened = await openStore(platform.dataDir, clock.now)
  if (!opened.ok) return opened
  const store = opened.value
  const stopping = new AbortController()

  const networkLog = keepNetworkLog(store, clock, log)
  const resolver = makeResolver({ networkLog, now: clock.now })
  const jobs = createJobs({ store, clock, log })
  const outside = makeOutside({ networkLog, now: clock.now })
  const audits = createAudits({ resolver, outside, now: clock.now })
  const repeated = [
    repeat(clock, systemServersEveryMs, () => applyResolvers(resolver, readSettings(store).resolvers)),
  ]

  const implementer = guarded(log)
  const router = implementer.router({
    domains: domainProcedures(implementer, { store, jobs, audits, now: clock.now }),
    offline: offlineProcedures(implementer, { store, now: clock.now }),
    settings: settingsProcedures(implementer, { store, resolver, networkLog }),
    changes: changesProcedures(implementer, {
      store,
      readers: { domains: domainReader(store), settings: settingsReader(store) },
      stopping: stopping.signal,
    }),
    host: hostProcedures(implementer, {
      platform,
      dataId: store.dataId,
      linkHosts,
      stopping: stopping.signal,
      status: () => engineStatus(resolver.status(), audits.running(), jobs.counts(jobKinds.check)),
    }),
  })

  const start = () => {
    repeated.push(repeat(clock, tidyEveryMs, () => tidy(store, clock.now())))
    jobs.start({
      [jobKinds.check]: checkJob(store, audits, jobs, clock.now),
      [jobKinds.verify]: verificationJob(store, audits, clock.now),
    })
  }

  const stop = async () => {
    stopping.abort()
    for (const callOff of repeated) callOff()
    await within(stopWithinMs, Promise.all([jobs.stop(), audits.stop()]))
    networkLog.stop()
    resolver.close()
    store.close()
  }

  let stopped: Promise<void> | null = null
  return ok({ router, dataId: store.dataId, start, stop: () => (stopped ??= stop()) })
}

function tidy(store: Store, now: number): void {
  store.write(writes => {
    purgeRemoved(writes, now)
    pruneChanges(writes)
  })
}

async function within(budgetMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise(resolve => {
    timer = setTimeout(resolve, budgetMs)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
