import type { Failure, Result } from '#shared/failure.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Client } from './client.ts'
import { useClient, useConnectionState } from './engine.tsx'
import { readStream } from './stream.ts'

export type ReportView<Report, Run> = {
  /** The last stored report; undefined while it is being fetched, null before the first look. */
  report: Report | null | undefined
  /** A look under way: what came of it so far. */
  run: Run | null
  failure: Failure | null
  start(): void
  stop(): void
}

type ReportCalls<Report, Run, Event> = {
  stored(client: Client, id: string): PromiseLike<Result<Report | null>>
  look(
    client: Client,
    id: string,
    signal: AbortSignal,
  ): PromiseLike<AsyncIterator<Event, Result<Report>, void>>
  first(): Run
  next(run: Run, event: Event): Run
}

/**
 * The stored report of a domain, and a look that can be started and stopped. `version` changes when somebody else looked,
 * and the report is fetched again; while it is undefined nothing is.
 */
export function useReport<Report, Run, Event>(
  { id, version }: { id: string; version: string | number | null | undefined },
  calls: ReportCalls<Report, Run, Event>,
): ReportView<Report, Run> {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [report, setReport] = useState<Report | null>()
  const [run, setRun] = useState<Run | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const running = useRef<AbortController | null>(null)
  const latest = useRef(calls)
  latest.current = calls

  useEffect(() => {
    if (!isOpen || version === undefined) return
    let isCurrent = true
    void latest.current.stored(client, id).then(result => {
      if (!isCurrent) return
      if (result.ok) setReport(result.value)
      else setFailure(result.failure)
    })
    return () => {
      isCurrent = false
    }
  }, [client, id, isOpen, version])

  const start = useCallback(() => {
    running.current?.abort()
    const cancel = new AbortController()
    running.current = cancel
    const { look, first, next } = latest.current
    setFailure(null)
    setRun(first())
    void readStream(look(client, id, cancel.signal), {
      signal: cancel.signal,
      onEvent: event => setRun(before => before && next(before, event)),
    }).then(result => {
      if (running.current !== cancel) return
      running.current = null
      setRun(null)
      if (result.ok) setReport(result.value)
      else if (result.failure.code !== 'cancelled') setFailure(result.failure)
    })
  }, [client, id])

  const stop = useCallback(() => running.current?.abort(), [])
  useEffect(() => stop, [stop])
  return { report, run, failure, start, stop }
}
