import type { Failure } from '#shared/failure.ts'
import type { DmarcSummary, FileOutcome } from '#shared/model/dmarc-report.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { readReportFiles } from './read-report-files.ts'

export const periods = [
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 396, label: '13 months' },
] as const
export type PeriodDays = (typeof periods)[number]['days']

export type DmarcReportsView = {
  /** Undefined until the first answer. */
  summary: DmarcSummary | undefined
  days: PeriodDays
  choose(days: PeriodDays): void
  /** Files that are being read: how many are done. */
  reading: { done: number; total: number } | null
  /** What became of the files that were opened last; null before any. */
  outcomes: readonly FileOutcome[] | null
  failure: Failure | null
  open(files: readonly File[]): void
  dismiss(): void
  reload(): void
}

/** What the reports say of a domain over a period, asked again with each that is read, and files that are read into them. */
export function useDmarcReports(id: string, reportsAt: number | null): DmarcReportsView {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [days, choose] = useState<PeriodDays>(30)
  const [version, setVersion] = useState(0)
  const [summary, setSummary] = useState<DmarcSummary>()
  const [reading, setReading] = useState<DmarcReportsView['reading']>(null)
  const [outcomes, setOutcomes] = useState<readonly FileOutcome[] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const running = useRef<AbortController | null>(null)
  const reload = useCallback(() => setVersion(before => before + 1), [])

  useEffect(() => {
    if (!isOpen) return undefined
    let isCurrent = true
    void client.dmarcReports.summary({ id, days }).then(result => {
      if (!isCurrent) return
      if (result.ok) setSummary(result.value)
      else setFailure(result.failure)
    })
    return () => {
      isCurrent = false
    }
  }, [client, id, days, isOpen, version, reportsAt])

  const open = useCallback(
    (files: readonly File[]) => {
      if (files.length === 0) return
      running.current?.abort()
      const cancel = new AbortController()
      running.current = cancel
      setFailure(null)
      setOutcomes(null)
      setReading({ done: 0, total: files.length })
      const onDone = (done: number) => {
        if (running.current === cancel) setReading({ done, total: files.length })
      }
      void readReportFiles(client, files, { signal: cancel.signal, onDone }).then(read => {
        if (running.current !== cancel) return
        running.current = null
        setReading(null)
        setOutcomes(read.outcomes)
        setFailure(read.failure)
        reload()
      })
    },
    [client, reload],
  )
  const dismiss = useCallback(() => {
    setOutcomes(null)
    setFailure(null)
  }, [])
  useEffect(() => () => running.current?.abort(), [])
  return { summary, days, choose, reading, outcomes, failure, open, dismiss, reload }
}
