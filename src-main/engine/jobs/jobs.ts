import type { Clock, Log } from '../platform.ts'
import type { Reads, Row, Store, Writes } from '../storage/open.ts'
import { backoffMs, resumedRunAt, spreadRunAts } from './when.ts'

/** Work that outlives its caller. There is one row for each kind and key. */
export type JobName = { readonly kind: string; readonly key: string }

/**
 * Settles a job that has run: writes what came of it and tells when to run again, or null when the work is done and its
 * row may go. Called in one transaction with the row, so that the outcome and the row cannot part.
 */
export type Settle = (writes: Writes) => number | null

export type JobHandler = {
  /** Runs of this kind under way at once. */
  readonly atOnce: number
  /** After sleep or a restart, what is overdue is spread over up to this time instead of running in a burst. */
  readonly spreadMs?: number
  /** False while something it needs is away; then none begins, and what is due stays due. `wake` tells that it is back. */
  isReady?(): boolean
  /** Attempts that may throw, or die with the process, before the job is dropped. Without it, it is tried for ever. */
  readonly giveUpAfter?: number
  /** What throws is logged and tried again later. When the signal has aborted, its answer is ignored. */
  run(job: { key: string; attempt: number; signal: AbortSignal }): Promise<Settle>
  /** Called in the same transaction whenever the runner changes the row of a job: started, settled, moved. */
  note?(writes: Writes, key: string): void
}

export type JobHandlers = Readonly<Record<string, JobHandler>>

export type Jobs = {
  /** Plans a job inside the caller's transaction. One that waits is moved; one that runs is left to its handler. */
  schedule(writes: Writes, job: JobName & { runAt: number }): void
  /** Drops a job inside the caller's transaction; one that runs is aborted, or with `keep` left alone. Tells whether it was dropped. */
  cancel(writes: Writes, job: JobName, started: 'abort' | 'keep'): boolean
  counts(kind: string): { running: number; waiting: number }
  /** How many are due whose handler is not ready. */
  heldBack(): number
  /** A handler may be ready that was not. */
  wake(): void
  /** Starts the clock, with a handler for each kind. What was running when the last process died is due again. */
  start(handlers: JobHandlers): void
  /** Aborts what runs and waits for it; its rows stay, due again at the next start. */
  stop(): Promise<void>
}

type JobRow = Row & { id: number; kind: string; key: string; run_at: number; attempt: number }
type Run = { readonly row: JobRow; readonly controller: AbortController; readonly done: Promise<void> }

/** The longest wait between two looks, so that sleep and a turned clock are noticed. */
const lookMs = 60_000
/** A look that comes later than this after the last one means the machine slept; so long overdue counts as missed. */
const sleptMs = 2 * lookMs

/** The durable jobs of a store, run by one clock. Nothing runs before `start`. */
export function createJobs(options: { store: Store; clock: Clock; log: Log }): Jobs {
  const { store, clock, log } = options
  const runs = new Map<number, Run>()
  let state: 'new' | 'started' | 'stopped' = 'new'
  let handlers: JobHandlers = {}
  let timer: (() => void) | null = null
  let lookQueued = false
  let lookedAt = 0
  let orphans = true

  const look = () => {
    timer?.()
    if (state !== 'started') return
    let delayMs = lookMs
    try {
      const now = clock.now()
      if (orphans || now - lookedAt > sleptMs) store.write(writes => catchUp(writes, now))
      orphans = false
      lookedAt = now
      for (const row of claim(now)) launch(row)
      delayMs = Math.min(lookMs, untilNextMs(store, now))
    } catch (error) {
      log.error('jobs-look-failed', { error: nameOf(error) })
    }
    timer = clock.after(delayMs, look)
  }

  /** After the current transaction and turn, so that many changes cause one look. */
  const lookSoon = () => {
    if (lookQueued || state !== 'started') return
    lookQueued = true
    setImmediate(() => {
      lookQueued = false
      look()
    })
  }

  const isHeldBack = (kind: string) => handlers[kind]?.isReady?.() === false
  const freeOf = (kind: string) => (isHeldBack(kind) ? 0 : (handlers[kind]?.atOnce ?? 0) - runningOf(kind))
  const runningOf = (kind: string) => [...runs.values()].filter(run => run.row.kind === kind).length
  const isRunning = (job: JobName) =>
    [...runs.values()].some(run => run.row.kind === job.kind && run.row.key === job.key)

  const catchUp = (writes: Writes, now: number) => {
    for (const row of writes.all<JobRow>("SELECT * FROM jobs WHERE state = 'running'")) {
      if (!runs.has(row.id)) retry(writes, row, resumedRunAt(row.run_at, row.attempt + 1, now))
    }
    for (const [kind, handler] of Object.entries(handlers)) {
      if (handler.spreadMs === undefined) continue
      const missed = writes.all<JobRow>(
        "SELECT * FROM jobs WHERE kind = ? AND state = 'waiting' AND run_at < ? ORDER BY run_at, id",
        kind,
        now - lookMs,
      )
      for (const [index, runAt] of spreadRunAts(missed.length, now, handler.spreadMs).entries()) {
        const row = missed[index]
        if (row === undefined) continue
        writes.run('UPDATE jobs SET run_at = ? WHERE id = ?', runAt, row.id)
        handler.note?.(writes, row.key)
      }
    }
  }

  const claim = (now: number): JobRow[] => {
    const due = Object.keys(handlers).flatMap(kind => dueJobs(store, kind, now, freeOf(kind)))
    // A job that was cancelled and planned anew waits until its aborted run has ended.
    const claimed = due.filter(row => !isRunning(row))
    if (claimed.length === 0) return []
    store.write(writes => {
      for (const row of claimed) {
        writes.run("UPDATE jobs SET state = 'running' WHERE id = ?", row.id)
        handlers[row.kind]?.note?.(writes, row.key)
      }
    })
    return claimed
  }

  const launch = (row: JobRow) => {
    const controller = new AbortController()
    runs.set(row.id, { row, controller, done: perform(row, controller.signal) })
  }

  const perform = async (row: JobRow, signal: AbortSignal) => {
    const outcome = await attempt(row, signal)
    runs.delete(row.id)
    try {
      store.write(writes => settle(writes, row, signal.aborted ? 'aborted' : outcome))
    } catch (error) {
      log.error('job-not-settled', { kind: row.kind, error: nameOf(error) })
      orphans = true
      return
    }
    lookSoon()
  }

  const attempt = async (row: JobRow, signal: AbortSignal): Promise<Settle | 'threw'> => {
    try {
      const handler = handlers[row.kind]
      if (handler === undefined) throw new Error(`No handler for jobs of kind ${row.kind}.`)
      return await handler.run({ key: row.key, attempt: row.attempt, signal })
    } catch (error) {
      if (!signal.aborted)
        log.error('job-threw', { kind: row.kind, attempt: row.attempt, error: nameOf(error) })
      return 'threw'
    }
  }

  const settle = (writes: Writes, row: JobRow, outcome: Settle | 'threw' | 'aborted') => {
    const planned = writes.get("SELECT id FROM jobs WHERE id = ? AND state = 'running'", row.id) !== undefined
    // Cancelled while it ran: whoever cancelled it wanted nothing of it kept.
    if (!planned) return
    if (outcome === 'threw') return retry(writes, row, clock.now() + backoffMs(row.attempt + 1))
    if (outcome === 'aborted') {
      writes.run("UPDATE jobs SET state = 'waiting' WHERE id = ?", row.id)
    } else {
      const next = outcome(writes)
      if (next === null) writes.run('DELETE FROM jobs WHERE id = ?', row.id)
      else writes.run("UPDATE jobs SET state = 'waiting', attempt = 0, run_at = ? WHERE id = ?", next, row.id)
    }
    handlers[row.kind]?.note?.(writes, row.key)
  }

  const retry = (writes: Writes, row: JobRow, runAt: number) => {
    const attempts = row.attempt + 1
    if (attempts >= (handlers[row.kind]?.giveUpAfter ?? Number.POSITIVE_INFINITY)) {
      log.error('job-given-up', { kind: row.kind, attempts })
      writes.run('DELETE FROM jobs WHERE id = ?', row.id)
    } else {
      writes.run(
        "UPDATE jobs SET state = 'waiting', attempt = ?, run_at = ? WHERE id = ?",
        attempts,
        runAt,
        row.id,
      )
    }
    handlers[row.kind]?.note?.(writes, row.key)
  }

  return {
    schedule: (writes, { kind, key, runAt }) => {
      writes.run(
        `INSERT INTO jobs (kind, key, run_at) VALUES (?, ?, ?)
         ON CONFLICT (kind, key) DO UPDATE SET run_at = excluded.run_at, attempt = 0 WHERE state = 'waiting'`,
        kind,
        key,
        runAt,
      )
      lookSoon()
    },
    cancel: (writes, { kind, key }, started) => {
      const sql = 'DELETE FROM jobs WHERE kind = ? AND key = ?'
      if (started === 'keep') return writes.run(`${sql} AND state = 'waiting'`, kind, key).changes > 0
      for (const run of runs.values()) {
        if (run.row.kind === kind && run.row.key === key) run.controller.abort()
      }
      return writes.run(sql, kind, key).changes > 0
    },
    counts: kind => {
      const sql = "SELECT count(*) AS count FROM jobs WHERE kind = ? AND state = 'waiting'"
      return { running: runningOf(kind), waiting: store.get<{ count: number }>(sql, kind)?.count ?? 0 }
    },
    heldBack: () =>
      Object.keys(handlers)
        .filter(isHeldBack)
        .reduce((count, kind) => count + countDue(store, kind, clock.now()), 0),
    wake: lookSoon,
    start: given => {
      if (state !== 'new') return
      handlers = given
      state = 'started'
      lookedAt = clock.now()
      lookSoon()
    },
    stop: async () => {
      state = 'stopped'
      timer?.()
      for (const run of runs.values()) run.controller.abort()
      await Promise.all([...runs.values()].map(run => run.done))
    },
  }

  function untilNextMs(reads: Reads, now: number): number {
    const next = Object.keys(handlers)
      .filter(kind => freeOf(kind) > 0)
      .map(kind => nextRunAt(reads, kind))
      .filter(runAt => runAt !== null)
    const waitMs = Math.min(...next, now + lookMs) - now
    // A due job that must still wait for its aborted run is not looked at without pause.
    return waitMs > 0 ? waitMs : 50
  }
}

function dueJobs(reads: Reads, kind: string, now: number, limit: number): JobRow[] {
  if (limit <= 0) return []
  return reads.all<JobRow>(
    "SELECT * FROM jobs WHERE kind = ? AND state = 'waiting' AND run_at <= ? ORDER BY run_at, id LIMIT ?",
    kind,
    now,
    limit,
  )
}

function countDue(reads: Reads, kind: string, now: number): number {
  const sql = "SELECT count(*) AS count FROM jobs WHERE kind = ? AND state = 'waiting' AND run_at <= ?"
  return reads.get<{ count: number }>(sql, kind, now)?.count ?? 0
}

function nextRunAt(reads: Reads, kind: string): number | null {
  const sql = "SELECT min(run_at) AS next FROM jobs WHERE kind = ? AND state = 'waiting'"
  return reads.get<{ next: number | null }>(sql, kind)?.next ?? null
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
