import type { Failure, Result } from '#shared/failure.ts'
import type { AuditEvent, AuditReport } from '#shared/model/audit.ts'
import type { Target } from './targets.ts'

/** Runs one audit; ends with its report or with why there is none. */
export type AuditName = (
  input: string,
  signal: AbortSignal,
) => AsyncIterator<AuditEvent, Result<AuditReport>, void>

export type Told =
  | { readonly kind: 'report'; readonly target: Target; readonly report: AuditReport }
  | { readonly kind: 'failed'; readonly target: Target; readonly failure: Failure }

export type Outcome =
  | Told
  /** What `--json` prints for it, made on another thread, and what it means for the exit code. */
  | { readonly kind: 'line'; readonly target: Target; readonly text: string; readonly code: number }

/** Audits one target that can be; null when the signal cut it short. */
export type AuditTarget = (target: Target, signal: AbortSignal) => Promise<Outcome | null>

export type AuditRun = {
  readonly targets: readonly Target[]
  readonly auditTarget: AuditTarget
  /** Audits under way at once. */
  readonly concurrency: number
  readonly signal: AbortSignal
  /** Told as each finishes, with its place among the targets; the next audit waits for it. */
  readonly onOutcome: (outcome: Outcome, index: number) => Promise<void>
}

/** Audits every target, several at once. What the signal cut short has no outcome. */
export async function runAudits(run: AuditRun): Promise<void> {
  const waiting = run.targets.entries()
  const lane = async () => {
    for (const [index, target] of waiting) {
      if (run.signal.aborted) return
      const { failure } = target
      const outcome: Outcome | null =
        failure === null ? await run.auditTarget(target, run.signal) : { kind: 'failed', target, failure }
      if (outcome === null) return
      await run.onOutcome(outcome, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(run.concurrency, run.targets.length) }, lane))
}

/** Audits by reading the events of each to its end. */
export function byEvents(
  auditName: AuditName,
  onEvent: (target: Target, event: AuditEvent) => void,
): AuditTarget {
  return async (target, signal) => {
    const events = auditName(target.name, signal)
    let step = await events.next()
    while (step.done !== true) {
      onEvent(target, step.value)
      step = await events.next()
    }
    const result = step.value
    if (result.ok) return { kind: 'report', target, report: result.value }
    if (result.failure.code === 'cancelled' && signal.aborted) return null
    return { kind: 'failed', target, failure: result.failure }
  }
}
