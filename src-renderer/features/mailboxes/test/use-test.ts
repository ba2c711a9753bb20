import type { Failure } from '#shared/failure.ts'
import type { ConnectionEvent, PhaseId } from '#shared/model/connection.ts'
import type { TestOutcome } from '#shared/model/mailbox.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Client } from '../../../client/client.ts'
import { useClient } from '../../../client/engine.tsx'
import { readStream } from '../../../client/stream.ts'

export type TestInput = Parameters<Client['mailboxes']['test']>[0]

/** A test under way or over: its phases in order, each with its last report. */
export type TestView = {
  readonly phases: readonly PhaseId[]
  readonly reports: ReadonlyMap<PhaseId, ConnectionEvent>
  readonly isRunning: boolean
  readonly outcome: TestOutcome | null
  readonly failure: Failure | null
}

export type MailboxTestRun = {
  readonly view: TestView | null
  start(input: TestInput): void
  stop(): void
  /** Puts the result away, because what was tested is no longer what stands in the form. */
  clear(): void
}

const begun: TestView = { phases: [], reports: new Map(), isRunning: true, outcome: null, failure: null }

export function useMailboxTest(): MailboxTestRun {
  const client = useClient()
  const [view, setView] = useState<TestView | null>(null)
  const running = useRef<AbortController | null>(null)

  const start = useCallback(
    (input: TestInput) => {
      running.current?.abort()
      const cancel = new AbortController()
      running.current = cancel
      setView(begun)
      void readStream(client.mailboxes.test(input, { signal: cancel.signal }), {
        signal: cancel.signal,
        onEvent: event => {
          // Asked now: what is drawn later must not miss the last reports because the test has ended meanwhile.
          if (running.current !== cancel) return
          setView(before => {
            if (before === null) return before
            if (event.kind === 'started') return { ...before, phases: event.phases }
            return { ...before, reports: new Map([...before.reports, [event.phase, event]]) }
          })
        },
      }).then(result => {
        if (running.current !== cancel) return
        running.current = null
        setView(before => {
          if (before === null) return before
          if (result.ok) return { ...before, isRunning: false, outcome: result.value }
          return { ...before, isRunning: false, failure: result.failure }
        })
      })
    },
    [client],
  )
  const stop = useCallback(() => running.current?.abort(), [])
  const clear = useCallback(() => {
    running.current?.abort()
    running.current = null
    setView(null)
  }, [])
  useEffect(() => stop, [stop])
  return { view, start, stop, clear }
}
