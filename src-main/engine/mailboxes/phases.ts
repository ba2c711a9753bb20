import {
  type ConnectionEvent,
  type ConnectionFailure,
  type PhaseId,
  phaseIds,
  type PhaseState,
} from '#shared/model/connection.ts'
import { evidenceOf } from '../net/evidence.ts'
import type { Stage, Trouble } from '../net/trouble.ts'

/** What a phase found, and the line that shows it. */
export type Seen<T> = { readonly value: T; readonly evidence: string | null }

export type Phases = {
  /** Reports a phase while it runs and as it ends. Null when it failed; the failure is kept. */
  run<T>(phase: PhaseId, work: () => Promise<Stage<Seen<T>>>): Promise<T | null>
  /** Something worth knowing that stops nothing. */
  notice(phase: PhaseId, trouble: Trouble): void
  /** Ends the reports: what never ran is reported as skipped. */
  end(): void
  readonly failures: readonly ConnectionFailure[]
  readonly notices: readonly ConnectionFailure[]
  /** The reports in the order in which they came; ends after `end`. */
  events(): AsyncGenerator<ConnectionEvent, void, void>
}

/** The reports of one test. Nothing leaves it with one of the `secrets` inside. */
export function createPhases(secrets: readonly string[]): Phases {
  const queue: ConnectionEvent[] = []
  const begun = new Set<PhaseId>()
  const failures: ConnectionFailure[] = []
  const notices: ConnectionFailure[] = []
  let ended = false
  let wake: (() => void) | null = null

  const clean = (words: string | null) => (words === null ? null : evidenceOf(words, secrets))
  const tell = (phase: PhaseId, state: PhaseState, ms: number, evidence: string | null) => {
    queue.push({ kind: 'phase', phase, state, ms: Math.round(ms), evidence })
    wake?.()
  }
  const failureOf = (phase: PhaseId, { code, evidence, facts }: Trouble): ConnectionFailure => ({
    phase,
    code,
    evidence: clean(evidence),
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, fact]) => [
        name,
        typeof fact === 'string'
          ? evidenceOf(fact, secrets)
          : Array.isArray(fact)
            ? fact.map(one => evidenceOf(one, secrets))
            : fact,
      ]),
    ),
  })

  return {
    run: async (phase, work) => {
      begun.add(phase)
      tell(phase, 'running', 0, null)
      const startedAt = performance.now()
      const stage = await work()
      const ms = performance.now() - startedAt
      if (stage.ok) {
        tell(phase, 'passed', ms, clean(stage.value.evidence))
        return stage.value.value
      }
      const failure = failureOf(phase, stage.trouble)
      failures.push(failure)
      tell(phase, 'failed', ms, failure.evidence)
      return null
    },
    notice: (phase, trouble) => notices.push(failureOf(phase, trouble)),
    end: () => {
      for (const phase of phaseIds) if (!begun.has(phase)) tell(phase, 'skipped', 0, null)
      ended = true
      wake?.()
    },
    failures,
    notices,
    async *events() {
      for (;;) {
        const event = queue.shift()
        if (event) yield event
        else if (ended) return
        else {
          await new Promise<void>(resolve => {
            wake = resolve
          })
          wake = null
        }
      }
    },
  }
}
