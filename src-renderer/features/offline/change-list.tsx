import type { ReportChange } from '#shared/report-diff.ts'
import { type ChangeTone, changeSentence, changeTone } from '#shared/words/report-changes.ts'
import { ArrowDown, ArrowUp, Minus } from 'lucide-react'
import { RecordValue } from '../domains/records/record-value.tsx'

const looks: Record<ChangeTone, { icon: typeof ArrowUp; ink: string; label: string }> = {
  better: { icon: ArrowUp, ink: 'text-pass', label: 'Better' },
  worse: { icon: ArrowDown, ink: 'text-fail', label: 'Worse' },
  neutral: { icon: Minus, ink: 'text-unknown', label: 'Changed' },
}

/** What differs between two reports, record by record. */
export function ChangeList({ changes }: { changes: readonly ReportChange[] }) {
  if (changes.length === 0) return <p className="text-ink-soft">Nothing changed between the two.</p>
  return (
    <ul className="divide-y divide-line rounded-card border border-line">
      {changes.map((change, index) => {
        const { icon: Icon, ink, label } = looks[changeTone(change)]
        return (
          <li key={`${change.kind}:${index}`} className="flex gap-3 px-4 py-2.5">
            <Icon aria-hidden size={16} className={`mt-0.5 shrink-0 ${ink}`} />
            <div className="min-w-0 flex-1">
              <p>
                <span className="sr-only">{label}: </span>
                {changeSentence(change)}
                {'name' in change && <span className="ml-2 text-meta text-ink-faint">{change.name}</span>}
              </p>
              <Values change={change} />
            </div>
          </li>
        )
      })}
    </ul>
  )
}

function Values({ change }: { change: ReportChange }) {
  const before = 'before' in change && Array.isArray(change.before) ? change.before.join('\n') : null
  const after = 'after' in change && Array.isArray(change.after) ? change.after.join('\n') : null
  if (!before && !after) return null
  return (
    <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 rounded-card bg-ice p-2 text-meta">
      {before && (
        <>
          <dt className="text-ink-soft">Before</dt>
          <dd className="min-w-0">
            <RecordValue value={before} />
          </dd>
        </>
      )}
      {after && (
        <>
          <dt className="text-ink-soft">After</dt>
          <dd className="min-w-0">
            <RecordValue value={after} />
          </dd>
        </>
      )}
    </dl>
  )
}
