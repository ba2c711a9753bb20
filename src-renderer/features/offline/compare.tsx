import type { AuditReport } from '#shared/model/audit.ts'
import { diffReports } from '#shared/report-diff.ts'
import { FileDiff, Globe } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { readStream } from '../../client/stream.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { failureText } from '../frame/failures.ts'
import { Time } from '../frame/time.tsx'
import { ChangeList } from './change-list.tsx'
import { readReports } from './offline-state.ts'

type Other = { name: string; report: AuditReport }

type CompareProps = {
  report: AuditReport
  fileName: string
  /** The file is what is about to be published, so it comes after everything. */
  isPlan: boolean
}

/** Sets the report of a file beside the DNS of this moment, or beside another snapshot. */
export function Compare({ report, fileName, isPlan }: CompareProps) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [other, setOther] = useState<Other | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const asking = useRef<AbortController | null>(null)
  useEffect(() => () => asking.current?.abort(), [])

  const askNow = async () => {
    const cancel = new AbortController()
    asking.current = cancel
    setBusy(true)
    setProblem(null)
    const result = await readStream(
      client.domains.auditName({ input: report.domain }, { signal: cancel.signal }),
      { signal: cancel.signal, onEvent: () => undefined },
    )
    if (cancel.signal.aborted) return
    setBusy(false)
    if (result.ok) setOther({ name: 'The DNS now', report: result.value })
    else setProblem(failureText(result.failure))
  }
  const askSnapshot = async (file: File) => {
    setBusy(true)
    setProblem(null)
    const { reports, failure } = await readReports(client, await file.text())
    setBusy(false)
    const found = reports.find(({ domain }) => domain === report.domain)
    if (failure) setProblem(failureText(failure))
    else if (found) setOther({ name: file.name, report: found })
    else setProblem(`${file.name} holds no audit of ${report.domain}.`)
  }

  const fileComesFirst = !isPlan && other !== null && other.report.startedAt >= report.startedAt
  return (
    <section aria-labelledby="compare" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 id="compare" className="flex-1 text-section font-semibold">
          What changed
        </h2>
        <Button onPress={() => void askNow()} isDisabled={isBusy || !isOpen}>
          <Globe aria-hidden />
          Compare with the DNS now
        </Button>
        <FileTrigger
          acceptedFileTypes={['.json', 'application/json']}
          onSelect={files => {
            const file = files?.[0]
            if (file) void askSnapshot(file)
          }}
        >
          <Button isDisabled={isBusy}>
            <FileDiff aria-hidden />
            Compare with a snapshot
          </Button>
        </FileTrigger>
      </div>
      {problem && (
        <Notice tone="fail" title="Not compared">
          {problem}
        </Notice>
      )}
      {other ? (
        <>
          <p className="text-meta text-ink-soft">
            From {fileComesFirst ? fileName : other.name} to {fileComesFirst ? other.name : fileName}, the
            other side seen <Time at={other.report.startedAt} />.
          </p>
          <ChangeList
            changes={fileComesFirst ? diffReports(report, other.report) : diffReports(other.report, report)}
          />
        </>
      ) : (
        <p aria-live="polite" className="text-ink-soft">
          {isBusy ? 'Looking at the other side.' : 'Choose what to compare these answers with.'}
        </p>
      )}
    </section>
  )
}
