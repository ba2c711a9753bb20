import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { limits } from '#engine/net/limits.ts'
import type { ServerAddress } from '#engine/net/resolve.ts'
import type { Result } from '#shared/failure.ts'
import type { AuditReach, AuditReport } from '#shared/model/audit.ts'
import type { Outcome } from './run-audits.ts'
import type { Target } from './targets.ts'

/** `line`: what `--json` prints for a domain; `report`: everything. */
export type ThreadForm = 'line' | 'report'
export type ThreadData = {
  /** Empty for those of the system. */
  readonly servers: readonly ServerAddress[]
  readonly reach: Partial<AuditReach>
  readonly form: ThreadForm
  readonly inFlight: number
}
export type AuditTask = { readonly index: number; readonly target: Target }
export type AuditTold = { readonly index: number; readonly code: number; readonly text: string }

export type AuditThreads = {
  /** Audits one domain on the thread with the least to do; null when it was cut short. */
  audit(target: Target, signal: AbortSignal): Promise<Outcome | null>
  stop(): Promise<void>
}

/** Names of a list below which starting threads takes longer than they save. */
const worthwhile = 200
const mostThreads = 4
const youngMegabytes = 48

/** How many threads a list of so many names is worth here; 0 when it is best audited where it is. */
export function threadsFor(names: number): number {
  return names < worthwhile ? 0 : Math.min(availableParallelism(), mostThreads)
}

type Waiting = { resolve(outcome: Outcome | null): void; reject(bug: unknown): void; readonly target: Target }
type Thread = { readonly worker: Worker; busy: number }

/** Threads that audit, each with a resolver and a cache of its own; together they have `limits.dnsInFlight` questions under way. */
export function openAuditThreads(
  threads: number,
  { servers, reach, form }: Omit<ThreadData, 'inFlight'>,
): AuditThreads {
  const waiting = new Map<number, Waiting>()
  const inFlight = Math.ceil(limits.dnsInFlight / threads)
  const workerData: ThreadData = { servers, reach, form, inFlight }
  let next = 0

  const open = (): Thread => {
    const worker = new Worker(new URL('./audit-thread.ts', import.meta.url), {
      workerData,
      // Almost all of what an audit makes is soon of no use: with more room it is gone before it is moved.
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    })
    const thread: Thread = { worker, busy: 0 }
    worker.on('message', ({ index, code, text }: AuditTold) => {
      const asked = waiting.get(index)
      thread.busy -= 1
      waiting.delete(index)
      asked?.resolve(form === 'line' ? { kind: 'line', target: asked.target, code, text } : read(asked, text))
    })
    worker.on('error', bug => {
      for (const { reject } of waiting.values()) reject(bug)
      waiting.clear()
      // Nobody stops them after a bug, and they would keep the process alive.
      void stop()
    })
    return thread
  }
  const stop = async () => {
    await Promise.all(pool.map(({ worker }) => worker.terminate()))
  }
  const pool = Array.from({ length: threads }, open)

  return {
    audit: (target, signal) =>
      new Promise((resolve, reject) => {
        const thread = pool.reduce((least, one) => (one.busy < least.busy ? one : least))
        const index = next++
        const leave = () => {
          waiting.delete(index)
          resolve(null)
        }
        if (signal.aborted) return leave()
        signal.addEventListener('abort', leave, { once: true })
        const settled = <T>(settle: (value: T) => void) => {
          return (value: T) => {
            signal.removeEventListener('abort', leave)
            settle(value)
          }
        }
        thread.busy += 1
        waiting.set(index, { resolve: settled(resolve), reject: settled(reject), target })
        // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        thread.worker.postMessage({ index, target } satisfies AuditTask)
      }),
    stop,
  }
}

function read({ target }: Waiting, text: string): Outcome {
  const result = JSON.parse(text) as Result<AuditReport>
  return result.ok
    ? { kind: 'report', target, report: result.value }
    : { kind: 'failed', target, failure: result.failure }
}
