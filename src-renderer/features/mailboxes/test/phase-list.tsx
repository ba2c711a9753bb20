import type { ConnectionEvent, PhaseId } from '#shared/model/connection.ts'
import { phaseWords } from '#shared/words/connection.ts'
import { type MarkKind, VerdictMark } from '../../../ui/verdict-mark.tsx'

type PhaseListProps = {
  phases: readonly PhaseId[]
  reports: ReadonlyMap<PhaseId, ConnectionEvent>
  isRunning: boolean
}

const sides = [
  { title: 'Sending (SMTP)', holds: (phase: PhaseId) => phase.startsWith('smtp-') },
  { title: 'Reading (IMAP)', holds: (phase: PhaseId) => phase.startsWith('imap-') },
  {
    title: 'A message to itself',
    holds: (phase: PhaseId) => phase === 'send' || phase === 'arrival' || phase === 'results',
  },
] as const

/** Every phase from the start; each turns from a dot to a spinner to its mark, with its time and what was seen. */
export function PhaseList({ phases, reports, isRunning }: PhaseListProps) {
  return (
    <div className="flex flex-col gap-4">
      {sides.map(({ title, holds }) => {
        const own = phases.filter(holds)
        if (own.length === 0) return null
        return (
          <section key={title} aria-label={title}>
            <p className="mb-1 text-meta font-medium text-ink-soft">{title}</p>
            <ol aria-label={`Phases: ${title}`}>
              {own.map(phase => (
                <Phase key={phase} phase={phase} report={reports.get(phase)} isRunning={isRunning} />
              ))}
            </ol>
          </section>
        )
      })}
    </div>
  )
}

type PhaseProps = { phase: PhaseId; report: ConnectionEvent | undefined; isRunning: boolean }

function Phase({ phase, report, isRunning }: PhaseProps) {
  const mark = markOf(report, isRunning)
  return (
    <li className="flex min-h-7 items-start gap-2 py-0.5">
      <VerdictMark kind={mark.kind} label={mark.label} size={18} />
      <div className="min-w-0 flex-1">
        <span className={report === undefined || report.state === 'skipped' ? 'text-ink-faint' : ''}>
          {phaseWords[phase]}
        </span>
        {report?.evidence && (
          <code className="block truncate font-mono text-meta text-ink-soft" title={report.evidence}>
            {report.evidence}
          </code>
        )}
      </div>
      <span className="shrink-0 text-meta text-ink-faint tabular-nums">{timeOf(report)}</span>
    </li>
  )
}

function markOf(report: ConnectionEvent | undefined, isRunning: boolean): { kind: MarkKind; label: string } {
  switch (report?.state) {
    case 'running':
      return { kind: 'running', label: 'Under way' }
    case 'passed':
      return { kind: 'pass', label: 'Passed' }
    case 'failed':
      return { kind: 'fail', label: 'Failed' }
    case 'skipped':
      return { kind: 'none', label: 'Not reached' }
    default:
      return isRunning ? { kind: 'waiting', label: 'To come' } : { kind: 'none', label: 'Not reached' }
  }
}

function timeOf(report: ConnectionEvent | undefined): string {
  if (report === undefined || report.state === 'running' || report.state === 'skipped') return ''
  return report.ms < 1_000 ? `${Math.round(report.ms)} ms` : `${(report.ms / 1_000).toFixed(1)} s`
}
