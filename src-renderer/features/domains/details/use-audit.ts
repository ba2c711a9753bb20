import type { Failure } from '#shared/failure.ts'
import type { AuditReport, AuditRow } from '#shared/model/audit.ts'
import type { CheckId } from '#shared/model/check-ids.ts'
import type { Finding } from '#shared/model/finding.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { readStream } from '../../../client/stream.ts'
import { usePlannedChecks } from './planned-checks.ts'

/** A run under way: what has been checked so far. */
export type AuditRun = {
  checks: readonly CheckId[]
  done: ReadonlySet<CheckId>
  rows: readonly AuditRow[]
  findings: readonly Finding[]
  queries: number
}

export type AuditView = {
  /** The last stored report; undefined while it is being fetched, null before the first audit. */
  report: AuditReport | null | undefined
  run: AuditRun | null
  failure: Failure | null
  start(): void
  stop(): void
}

const freshRun: Omit<AuditRun, 'checks'> = { done: new Set(), rows: [], findings: [], queries: 0 }

/**
 * The stored report of a domain, and an audit that can be started and stopped. `checkedAt` is the row's: when it moves,
 * somebody else checked, and the report is fetched again.
 */
export function useAudit(id: string, checkedAt: number | null | undefined): AuditView {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [report, setReport] = useState<AuditReport | null>()
  const [run, setRun] = useState<AuditRun | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const running = useRef<AbortController | null>(null)
  const checks = usePlannedChecks()
  const planned = useRef(checks)
  useEffect(() => {
    planned.current = checks
  }, [checks])

  useEffect(() => {
    if (!isOpen || checkedAt === undefined) return
    let isCurrent = true
    void client.domains.report({ id }).then(result => {
      if (!isCurrent) return
      if (result.ok) setReport(result.value)
      else setFailure(result.failure)
    })
    return () => {
      isCurrent = false
    }
  }, [client, id, isOpen, checkedAt])

  const start = useCallback(() => {
    running.current?.abort()
    const cancel = new AbortController()
    running.current = cancel
    setFailure(null)
    setRun({ checks: planned.current, ...freshRun })
    void readStream(client.domains.audit({ id }, { signal: cancel.signal }), {
      signal: cancel.signal,
      onEvent: event =>
        setRun(before => {
          if (!before) return before
          if (event.kind === 'started') return { ...before, checks: event.checks }
          return {
            checks: before.checks,
            done: new Set([...before.done, event.check]),
            rows: [...before.rows, ...event.rows],
            findings: [...before.findings, ...event.findings],
            queries: event.queries,
          }
        }),
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
