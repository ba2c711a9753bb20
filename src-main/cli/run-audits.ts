import type { Failure, Result } from '#shared/failure.ts'
import type { AuditEvent, AuditReport } from '#shared/model/audit.ts'
import type { Target } from './targets.ts'

/** Runs one audit; ends with its report or with why there is none. */
export type AuditName = (
  input: string,
  signal: AbortSignal,
) => AsyncIterator<AuditEvent, Result<AuditReport>, void>

export type Outcome =
  | { readonly kind: 'report'; readonly target: Target; readonly report: AuditReport }
  | { readonly kind: 'failed'; readonly target: Target; readonly failure: Failure }

export type AuditRun = {
  readonly targets: readonly Target[]
  readonly auditName: AuditName
  /** Audits under way at once. */
  readonly concurrency: number
  readonly signal: AbortSignal
  readonly onEvent: (target: Target, event: AuditEvent) => void
  /** Told as each finishes, with its place among the targets; the next audit waits for it. */
  readonly onOutcome: (outcome: Outcome, index: number) => Promise<void>
}

/** Audits every target, several at once. What the signal cut short has no outcome. */
export async function runAudits(run: AuditRun): Promise<void> {
  const waiting = run.targets.entries()
  const lane = async () => {
    for (const [index, target] of waiting) {
      if (run.signal.aborted) return
      const outcome = await auditOne(run, target)
      if (outcome === null) return
      await run.onOutcome(outcome, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(run.concurrency, run.targets.length) }, lane))
}

async function auditOne(run: AuditRun, target: Target): Promise<Outcome | null> {
  if (target.failure !== null) return { kind: 'failed', target, failure: target.failure }
  const events = run.auditName(target.name, run.signal)
  let step = await events.next()
  while (step.done !== true) {
    run.onEvent(target, step.value)
    step = await events.next()
  }
  const result = step.value
  if (result.ok) return { kind: 'report', target, report: result.value }
  if (result.failure.code === 'cancelled' && run.signal.aborted) return null
  return { kind: 'failed', target, failure: result.failure }
}
