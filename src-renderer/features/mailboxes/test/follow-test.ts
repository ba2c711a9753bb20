import type { Failure, Result } from '#shared/failure.ts'
import type { ConnectionEvent, PhaseId } from '#shared/model/connection.ts'
import type { TestEvent, TestOutcome } from '#shared/model/mailbox.ts'
import { readStream } from '../../../client/stream.ts'

/** A test under way or over: its phases in order, each with its last report. */
export type TestView = {
  readonly phases: readonly PhaseId[]
  readonly reports: ReadonlyMap<PhaseId, ConnectionEvent>
  readonly isRunning: boolean
  readonly outcome: TestOutcome | null
  readonly failure: Failure | null
}

const begun: TestView = { phases: [], reports: new Map(), isRunning: true, outcome: null, failure: null }

export type FollowOptions = {
  readonly signal: AbortSignal
  /** False once another test took its place. */
  isCurrent(): boolean
  /** Told at the end, while it is still current. */
  onEnd(): void
  /** Draws what a function makes of what is drawn; it may be called later, when the test has ended. */
  draw(change: (before: TestView | null) => TestView | null): void
}

/** Draws a test as it goes on, to its end. */
export async function followTest(
  stream: PromiseLike<AsyncIterator<TestEvent, Result<TestOutcome>, void>>,
  { signal, isCurrent, onEnd, draw }: FollowOptions,
): Promise<void> {
  draw(() => begun)
  const onEvent = (event: TestEvent) => {
    // Asked now: what is drawn later must not miss the last reports because the test has ended meanwhile.
    if (!isCurrent()) return
    draw(before => {
      if (before === null) return before
      if (event.kind === 'started') return { ...before, phases: event.phases }
      return { ...before, reports: new Map([...before.reports, [event.phase, event]]) }
    })
  }
  const result = await readStream(stream, { signal, onEvent })
  if (!isCurrent()) return
  onEnd()
  draw(before => {
    if (before === null) return before
    if (result.ok) return { ...before, isRunning: false, outcome: result.value }
    return { ...before, isRunning: false, failure: result.failure }
  })
}
