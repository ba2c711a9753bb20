import type { AuditReport } from '#shared/model/audit.ts'
import { diffReports, type ReportChange } from '#shared/report-diff.ts'
import { exactTime } from '#shared/words/times.ts'
import { useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Select } from '../../../ui/select.tsx'
import { ChangeList } from '../../offline/change-list.tsx'
import { tellFailure } from '../../frame/failures.ts'
import { useHistory } from './use-history.ts'

/** What differs between two of the checks that are kept: the last two, unless others are chosen. */
export function WhatChanged({ id, checkedAt }: { id: string; checkedAt: number | null }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const points = useHistory(id, checkedAt)
  const [picked, setPicked] = useState<{ before: number | null; after: number | null }>({
    before: null,
    after: null,
  })
  const [changes, setChanges] = useState<ReportChange[] | null>(null)

  const has = (at: number | null): at is number => points.some(point => point.at === at)
  const before = has(picked.before) ? picked.before : points.at(-2)?.at
  const after = has(picked.after) ? picked.after : points.at(-1)?.at
  useEffect(() => {
    if (!isOpen || before === undefined || after === undefined) return
    let isCurrent = true
    const fetch = async (at: number): Promise<AuditReport | null> => {
      const result = await client.offline.report({ id, at })
      if (!result.ok && isCurrent) tellFailure(result.failure)
      return result.ok ? result.value : null
    }
    void Promise.all([fetch(before), fetch(after)]).then(([was, is]) => {
      if (isCurrent) setChanges(was && is ? diffReports(was, is) : null)
    })
    return () => {
      isCurrent = false
    }
  }, [client, id, isOpen, before, after])

  if (points.length < 2 || before === undefined || after === undefined) return null
  const options = points.toReversed().map(({ at, score }) => ({
    id: String(at),
    label: `${exactTime(at)}${score === null ? '' : `, health ${score}`}`,
  }))
  return (
    <details className="group rounded-card border border-line">
      <summary className="flex h-10 cursor-default items-center gap-2 rounded-card px-4 font-medium hover:bg-hover">
        What changed
        <span className="text-meta font-normal text-ink-soft tabular-nums">
          {changes === null ? '' : changes.length === 0 ? 'nothing' : changes.length}
        </span>
      </summary>
      <div className="flex flex-col gap-3 border-t border-line p-4">
        <div className="flex flex-wrap gap-4">
          <Select
            label="From the check of"
            options={options}
            value={String(before)}
            onChange={at => setPicked({ before: Number(at), after })}
          />
          <Select
            label="To the check of"
            options={options}
            value={String(after)}
            onChange={at => setPicked({ before, after: Number(at) })}
          />
        </div>
        {changes && <ChangeList changes={changes} />}
      </div>
    </details>
  )
}
