import type { guarded } from '../guard.ts'
import type { JobHandlers } from '../jobs/jobs.ts'
import type { TableReader } from '../storage/changes.ts'
import { warmupProcedures } from './procedures.ts'
import { partnerProcedures } from './partners/procedures.ts'
import { partnersReader } from './partners/rows.ts'
import { type RowContext, warmupReader } from './rows.ts'
import { createRunner, type Runner } from './runner.ts'
import { isAnyoneOn } from './members.ts'
import type { WarmupSurroundings } from './surroundings.ts'

const lookJob = { kind: 'warmup.look', key: 'pool' } as const

export type WarmupFeature = {
  procedures(engine: ReturnType<typeof guarded>): ReturnType<typeof warmupProcedures>
  partnerProcedures(engine: ReturnType<typeof guarded>): ReturnType<typeof partnerProcedures>
  readonly reader: TableReader
  readonly partnersReader: TableReader
  readonly jobs: JobHandlers
  /** Plans the look that everything follows from; called when the engine starts. */
  start(): void
  /** Messages and chores under way. */
  underWay(): number
  /** Ends every watch and what is under way; the books know what was not told. */
  stop(): Promise<void>
}

/** Everything about warmup, put together for `engine.ts`. Nothing is asked of mail before the first look. */
export function createWarmup(surroundings: WarmupSurroundings): WarmupFeature {
  const { store, jobs, platform, vault, mailboxes, reputation } = surroundings
  const now = () => platform.clock.now()
  let runner: Runner | null = null
  let isLooking = false
  let isStopped = false

  const schedule = (runAt: number) => {
    if (!isStopped) store.write(writes => jobs.schedule(writes, { ...lookJob, runAt }))
  }

  /** Asked for by many events at once, and planned once. */
  let isWakePlanned = false
  const wake = () => {
    if (isWakePlanned || isLooking || !surroundings.hasWorld) return
    isWakePlanned = true
    setImmediate(() => {
      isWakePlanned = false
      try {
        schedule(now())
      } catch (error) {
        // A full disk, say; the next usual look comes all the same.
        platform.log.error('warmup-not-woken', { error: error instanceof Error ? error.name : 'unknown' })
      }
    })
  }

  const running = () => (runner ??= createRunner(surroundings, { wake }))
  const rows = (): RowContext => {
    const { dates, seed } = running()
    return { store, mailboxes, reputation, dates, seed, now }
  }

  return {
    procedures: engine => warmupProcedures(engine, { surroundings, rows, running, now, wake: () => wake() }),
    partnerProcedures: engine =>
      partnerProcedures(engine, { store, vault, mailboxes, now }, () => {
        running().roster.touchPartners()
        wake()
      }),
    partnersReader: partnersReader(store, now),
    reader: {
      page: (after, limit) => warmupReader(rows()).page(after, limit),
      rows: keys => warmupReader(rows()).rows(keys),
    },
    jobs: {
      [lookJob.kind]: {
        atOnce: 1,
        // Where nobody warms up nothing is sealed, so nothing waits for the vault.
        isReady: () => vault.isReady() || !isAnyoneOn(store),
        run: async () => {
          isLooking = true
          try {
            const next = await running().look()
            return () => (running().isWoken() ? now() : next)
          } finally {
            isLooking = false
          }
        },
      },
    },
    start: () => {
      if (surroundings.hasWorld) schedule(now())
    },
    underWay: () => runner?.underWay() ?? 0,
    stop: async () => {
      isStopped = true
      await runner?.stop()
    },
  }
}
