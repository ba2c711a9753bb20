import { useCallback, useEffect, useRef, useState } from 'react'
import type { Client } from '../../../client/client.ts'
import { useClient } from '../../../client/engine.tsx'
import { followTest, type TestView } from './follow-test.ts'

export type TestInput = Parameters<Client['mailboxes']['test']>[0]

export type MailboxTestRun = {
  readonly view: TestView | null
  start(input: TestInput): void
  stop(): void
  /** Puts the result away, because what was tested is no longer what stands in the form. */
  clear(): void
}

export function useMailboxTest(): MailboxTestRun {
  const client = useClient()
  const [view, setView] = useState<TestView | null>(null)
  const running = useRef<AbortController | null>(null)

  const start = useCallback(
    (input: TestInput) => {
      running.current?.abort()
      const cancel = new AbortController()
      running.current = cancel
      void followTest(client.mailboxes.test(input, { signal: cancel.signal }), {
        signal: cancel.signal,
        isCurrent: () => running.current === cancel,
        onEnd: () => {
          running.current = null
        },
        draw: setView,
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
