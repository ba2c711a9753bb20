import {
  bulkProviders,
  bulkSenderChecklist,
  type BulkSenderItem,
  type BulkState,
} from '#shared/bulk-senders.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { bulkProviderWords, bulkRequirementWords, bulkStateWords } from '#shared/words/bulk-senders.ts'
import { findingWords } from '#shared/words/findings.ts'
import { type MarkKind, VerdictMark } from '../../../ui/verdict-mark.tsx'

const marks: Record<BulkState, MarkKind> = {
  met: 'pass',
  'not-met': 'fail',
  unknown: 'unavailable',
  'not-checkable': 'none',
}

/** What Gmail, Yahoo and Microsoft ask of bulk senders, ticked off as far as the audit shows it. */
export function BulkSenderPanel({ report }: { report: AuditReport }) {
  const items = bulkSenderChecklist(report)
  return (
    <section aria-labelledby="bulk-senders" className="flex flex-col gap-3">
      <h2 id="bulk-senders" className="text-section font-semibold">
        What large mailbox providers ask
      </h2>
      <div className="grid gap-4 lg:grid-cols-3">
        {bulkProviders.map(provider => {
          const own = items.filter(item => item.provider === provider)
          const { name, gloss } = bulkProviderWords[provider]
          return (
            <section
              key={provider}
              aria-label={`${name}, for bulk senders`}
              className="flex flex-col rounded-card border border-line p-4"
            >
              <h3 className="flex items-baseline justify-between font-medium">
                {name}
                <span className="text-meta font-normal text-ink-soft tabular-nums">{tally(own)}</span>
              </h3>
              <p className="text-meta text-ink-soft">{gloss}</p>
              <ul className="mt-2 divide-y divide-line">
                {own.map(item => (
                  <Item key={item.requirement} item={item} report={report} />
                ))}
              </ul>
            </section>
          )
        })}
      </div>
    </section>
  )
}

function tally(items: readonly BulkSenderItem[]): string {
  const checkable = items.filter(({ state }) => state !== 'not-checkable')
  const met = checkable.filter(({ state }) => state === 'met')
  return `${met.length} of ${checkable.length} met`
}

function Item({ item, report }: { item: BulkSenderItem; report: AuditReport }) {
  const { requirement, state, codes } = item
  const { name, gloss } = bulkRequirementWords[requirement]
  const blocking = report.findings.find(({ code }) => codes.includes(code))
  const note = blocking ? findingWords[blocking.code].title(blocking.facts) : state === 'met' ? null : gloss
  return (
    <li className="flex gap-2.5 py-2">
      <VerdictMark kind={marks[state]} label={bulkStateWords[state].name} size={16} />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline justify-between gap-2">
          {name}
          <span aria-hidden className="shrink-0 text-meta text-ink-faint">
            {bulkStateWords[state].name}
          </span>
        </p>
        {note !== null && <p className="text-meta text-ink-soft">{note}</p>}
      </div>
    </li>
  )
}
