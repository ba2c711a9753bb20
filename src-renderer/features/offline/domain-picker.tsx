import type { AuditReport } from '#shared/model/audit.ts'
import type { Verdict } from '#shared/model/finding.ts'
import { verdictWords } from '#shared/words/checks.ts'
import { countOf } from '#shared/words/phrases.ts'
import { ListBox, ListBoxItem } from 'react-aria-components'
import { type MarkKind, VerdictMark } from '../../ui/verdict-mark.tsx'
import type { OpenFile } from './offline-state.ts'

const worstFirst: readonly Verdict[] = ['fail', 'unavailable', 'warn', 'pass']

function worstOf(report: AuditReport): Verdict {
  return worstFirst.find(verdict => report.rows.some(row => row.verdict === verdict)) ?? 'unavailable'
}

type DomainPickerProps = { file: OpenFile; chosen: string | null; onChoose: (domain: string) => void }

/** The domains of a file, each with its worst verdict and its score as soon as they are known. */
export function DomainPicker({ file, chosen, onChoose }: DomainPickerProps) {
  const reports = new Map(file.reports.map(report => [report.domain, report]))
  return (
    <nav aria-label="Domains of the file" className="flex w-64 shrink-0 flex-col border-r border-line">
      <p aria-live="polite" className="px-4 py-2 text-meta text-ink-soft tabular-nums">
        {file.isReading
          ? `${file.reports.length} of ${countOf(file.domains.length, 'domain')}`
          : countOf(file.domains.length, 'domain')}
      </p>
      <ListBox
        aria-label="Domains of the file"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={chosen === null ? [] : [chosen]}
        onSelectionChange={keys => {
          const [first] = keys === 'all' ? [] : [...keys]
          if (first !== undefined) onChoose(String(first))
        }}
        className="scroll-quiet min-h-0 flex-1 p-2 pt-0 outline-none"
      >
        {file.domains.map(domain => {
          const report = reports.get(domain)
          const kind: MarkKind = report ? worstOf(report) : file.isReading ? 'running' : 'waiting'
          const label = report ? verdictWords[worstOf(report)].name : 'Not read yet'
          return (
            <ListBoxItem
              key={domain}
              id={domain}
              textValue={domain}
              className="flex h-9 cursor-default items-center gap-2 rounded-control px-2 outline-none data-focused:bg-hover data-focus-visible:outline-2 data-focus-visible:outline-accent data-selected:bg-hover data-selected:font-medium"
            >
              <VerdictMark kind={kind} label={label} size={16} />
              <span className="min-w-0 flex-1 truncate" title={domain}>
                {domain}
              </span>
              <span className="text-meta text-ink-faint tabular-nums">
                {report?.score.state === 'known' ? report.score.value : ''}
              </span>
            </ListBoxItem>
          )
        })}
      </ListBox>
    </nav>
  )
}
