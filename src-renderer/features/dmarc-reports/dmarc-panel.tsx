import type { DmarcSummary } from '#shared/model/dmarc-report.ts'
import type { Domain } from '#shared/model/domain.ts'
import { dayName, messageCount, shareText } from '#shared/words/dmarc-reports.ts'
import { listOf } from '#shared/words/phrases.ts'
import { FileUp } from 'lucide-react'
import { DropZone, type FileDropItem, FileTrigger } from 'react-aria-components'
import { useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/choice.tsx'
import { later } from '../../ui/later.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { FailureNotice } from '../frame/failure-notice.tsx'
import { DayTable } from './day-table.tsx'
import { EmptyReports } from './empty-reports.tsx'
import { OutcomeNotice } from './outcome-notice.tsx'
import { ReportMailboxes } from './report-mailboxes.tsx'
import { SourcesTable } from './sources-table.tsx'
import { type PeriodDays, periods, useDmarcReports } from './use-dmarc-reports.ts'

const DayChart = later({
  load: async () => (await import('./day-chart.tsx')).DayChart,
  // As high as the chart, so that nothing jumps when it comes.
  meanwhile: () => <div className="h-[150px]" />,
})

type DmarcPanelProps = {
  domain: Domain
  /** The DMARC record as the last audit found it; null when there is none, or it is not known. */
  record: string | null
}

/** What receivers report about the mail of a domain: who sends it, and whether it passes. */
export function DmarcPanel({ domain, record }: DmarcPanelProps) {
  const view = useDmarcReports(domain.id, domain.reportsAt)
  const isOpen = useConnectionState().kind === 'open'
  const { summary, days, choose, reading, outcomes, failure, open, dismiss, reload } = view
  const hasReports = summary !== undefined && summary.newestDay !== null
  const again = () => {
    dismiss()
    reload()
  }
  return (
    <section aria-labelledby="dmarc-reports" className="flex flex-col gap-3">
      <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="dmarc-reports" className="text-section font-semibold">
          DMARC reports
        </h2>
        <div className="min-w-0 flex-1">
          {reading && <Progress label="Files read" done={reading.done} total={reading.total} />}
        </div>
        {hasReports && (
          <Segments
            label="Period"
            value={String(days)}
            onChange={chosen => choose(Number(chosen) as PeriodDays)}
            options={periods.map(period => ({ id: String(period.days), label: period.label }))}
          />
        )}
        <FileTrigger
          allowsMultiple
          acceptedFileTypes={acceptedFiles}
          onSelect={files => open([...(files ?? [])])}
        >
          <Button isDisabled={!isOpen || reading !== null}>
            <FileUp aria-hidden />
            Open reports
          </Button>
        </FileTrigger>
      </div>
      {failure && (
        <FailureNotice failure={failure} withCause action={<Button onPress={again}>Try again</Button>} />
      )}
      {outcomes && <OutcomeNotice outcomes={outcomes} onDismiss={dismiss} />}
      <DropZone
        aria-label="Drop report files here"
        isDisabled={!isOpen}
        getDropOperation={() => 'copy'}
        onDrop={event => {
          const files = event.items.filter((item): item is FileDropItem => item.kind === 'file')
          void Promise.all(files.map(file => file.getFile())).then(open)
        }}
        className="rounded-card outline-offset-4 data-drop-target:outline-2 data-drop-target:outline-accent data-focus-visible:outline-2 data-focus-visible:outline-accent"
      >
        {summary === undefined ? (
          failure === null && (
            <div
              role="status"
              aria-label="Loading the reports"
              className="flex h-24 items-center justify-center"
            >
              <Spinner />
            </div>
          )
        ) : hasReports ? (
          <Summary summary={summary} onChoose={choose} />
        ) : (
          <EmptyReports domain={domain} record={record} />
        )}
      </DropZone>
      <ReportMailboxes onRead={reload} />
    </section>
  )
}

const acceptedFiles = [
  '.xml',
  '.gz',
  '.zip',
  '.eml',
  'application/gzip',
  'application/zip',
  'text/xml',
  'message/rfc822',
]

function Summary({ summary, onChoose }: { summary: DmarcSummary; onChoose: (days: PeriodDays) => void }) {
  const {
    messages,
    aligned,
    forwarded,
    reports,
    organisations,
    days,
    sources,
    more,
    errors,
    newestDay,
    toDay,
  } = summary
  if (messages === 0)
    return (
      <div className="flex flex-wrap items-center gap-4 rounded-card border border-line px-4 py-4">
        <p className="min-w-60 flex-1 text-ink-soft">
          No mail was reported in this period. The newest report is about {dayName(newestDay ?? toDay)}.
        </p>
        <Button onPress={() => onChoose(396)}>Show 13 months</Button>
      </div>
    )
  const failing = messages - aligned - forwarded
  return (
    <div className="flex flex-col gap-4">
      {errors.length > 0 && (
        <Notice tone="warn" title="Reporters found a fault in the DMARC record">
          {listOf(errors, 3, 200)}
        </Notice>
      )}
      <div className="rounded-card border border-line px-4 pt-4 pb-3">
        <dl className="mb-1 flex flex-wrap gap-x-10 gap-y-3">
          <Figure name="Messages" value={messages.toLocaleString('en')} />
          <Figure name="Pass DMARC" value={shareText(aligned, messages)} />
          <Figure name="Reports" value={reports.toLocaleString('en')} />
        </dl>
        <p className="mb-3 text-meta text-ink-soft">
          From{' '}
          {listOf(
            organisations.map(({ name }) => name),
            4,
          )}
          ; the newest is about {dayName(newestDay ?? toDay)}.
        </p>
        <DayChart days={days} />
        <div className="mt-2 flex flex-col gap-2">
          <ul aria-label="What the colours mean" className="flex flex-wrap gap-x-5 gap-y-1 text-meta">
            <Key colour="bg-pass-fill" name="Pass" count={aligned} />
            {forwarded > 0 && <Key colour="bg-unknown-fill" name="Passed on and changed" count={forwarded} />}
            <Key colour="bg-fail-fill" name="Fail" count={failing} />
          </ul>
          <DayTable days={days} />
        </div>
      </div>
      <SourcesTable sources={sources} more={more} />
    </div>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex flex-col">
      <dt className="text-meta text-ink-soft">{name}</dt>
      <dd className="text-number font-semibold tabular-nums">{value}</dd>
    </div>
  )
}

function Key({ colour, name, count }: { colour: string; name: string; count: number }) {
  return (
    <li className="flex items-center gap-1.5">
      <span aria-hidden className={`size-2.5 rounded-[2px] ${colour}`} />
      <span>{name}</span>
      <span className="text-ink-soft tabular-nums">{messageCount(count)}</span>
    </li>
  )
}
