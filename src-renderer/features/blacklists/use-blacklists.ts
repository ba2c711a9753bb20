import type { Failure } from '#shared/failure.ts'
import type { BlacklistReport } from '#shared/model/blacklist.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { readStream } from '../../client/stream.ts'

export type BlacklistView = {
  /** The last stored report; undefined while it is being fetched, null before the first look. */
  report: BlacklistReport | null | undefined
  run: { done: number; total: number } | null
  failure: Failure | null
  start(): void
  stop(): void
}

/** The stored blacklist report of a domain, and a look that can be started. `version` changes when another look ended. */
export function useBlacklists(id: string, version: string): BlacklistView {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [report, setReport] = useState<BlacklistReport | null>()
  const [run, setRun] = useState<BlacklistView['run']>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const running = useRef<AbortController | null>(null)

  useEffect(() => {
    if (!isOpen) return
    let isCurrent = true
    void client.blacklists.report({ id }).then(result => {
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
    setFailure(null)
    setRun({ done: 0, total: 0 })
    void readStream(client.blacklists.check({ id }, { signal: cancel.signal }), {
      signal: cancel.signal,
      onEvent: event => setRun({ done: event.kind === 'checked' ? event.done : 0, total: event.total }),
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
