import type { RecordView, ViewedServer } from '#shared/model/audit.ts'
import { stateWords } from '#shared/words/checks.ts'
import { viewSentence } from '#shared/words/more-sentences.ts'
import { duration } from '#shared/words/times.ts'
import { unavailableClause } from '#shared/words/unavailable.ts'
import type { ReactNode } from 'react'
import { type MarkKind, VerdictMark } from '../../../ui/verdict-mark.tsx'
import { RecordValue } from './record-value.tsx'

/** One record as each nameserver has it, asked directly, beside what the resolver still sees. */
export function RecordViewPanel({ view }: { view: RecordView }) {
  const seen = resolverMark(view)
  return (
    <section aria-label="Where it is seen" className="flex flex-col gap-2">
      <p>{viewSentence(view)}</p>
      <ul className="divide-y divide-line border-y border-line">
        {view.servers.map(server => (
          <Line
            key={server.host}
            mark={<VerdictMark kind={serverMark(server, view)} label={markWords(server)} size={16} />}
            name={server.host}
            hint={server.address}
            values={server.values}
          >
            {saidBy(server)}
          </Line>
        ))}
        <Line
          mark={<VerdictMark kind={seen.kind} label={seen.label} size={16} />}
          name="Your resolver"
          hint={view.ttlS === null ? null : `keeps it for ${duration(view.ttlS * 1_000)}`}
          values={view.resolver}
        >
          {view.state === 'unavailable' && view.ttlS === null
            ? stateWords.unavailable.name
            : stateWords.absent.name}
        </Line>
      </ul>
    </section>
  )
}

/** What every record that was compared comes to, one line each. */
export function RecordViewList({ views }: { views: readonly RecordView[] }) {
  return (
    <ul aria-label="Records compared" className="divide-y divide-line border-y border-line">
      {views.map(view => (
        <li key={view.row} className="grid grid-cols-[minmax(120px,260px)_1fr] gap-x-3 py-1.5">
          <span className="min-w-0 truncate text-meta text-ink-soft" title={view.name}>
            {view.type} {view.name}
          </span>
          <span>{viewSentence(view)}</span>
        </li>
      ))}
    </ul>
  )
}

type LineProps = {
  mark: ReactNode
  name: string
  hint: string | null
  values: readonly string[]
  children: string
}

/** What one of them has: the values, or the words for there being none. */
function Line({ mark, name, hint, values, children }: LineProps) {
  return (
    <li className="grid grid-cols-[16px_minmax(120px,200px)_1fr] items-start gap-x-2 py-1.5">
      <span className="pt-0.5">{mark}</span>
      <span className="flex min-w-0 flex-col text-meta">
        <span className="truncate">{name}</span>
        {hint !== null && <span className="truncate text-ink-faint">{hint}</span>}
      </span>
      <span className="min-w-0">
        {values.length > 0 ? (
          <RecordValue value={values.join('\n')} clamp />
        ) : (
          <span className="text-meta text-ink-soft">{children}</span>
        )}
      </span>
    </li>
  )
}

function serverMark({ state }: ViewedServer, view: RecordView): MarkKind {
  if (state === 'unavailable') return 'unavailable'
  if (state === 'lame' || view.state === 'differs') return 'warn'
  return 'pass'
}

function markWords({ state }: ViewedServer): string {
  return state === 'lame' ? 'Does not hold the domain' : stateWords[state].name
}

/** A resolver that is behind is no fault: it waits. */
function resolverMark(view: RecordView): { kind: MarkKind; label: string } {
  if (view.state === 'resolver-old') return { kind: 'waiting', label: 'Still the old answer' }
  return view.ttlS === null
    ? { kind: 'unavailable', label: stateWords.unavailable.name }
    : { kind: 'pass', label: 'Has this answer' }
}

function saidBy({ state, host, reason }: ViewedServer): string {
  if (state === 'lame') return 'Does not hold the domain'
  if (state === 'absent') return stateWords.absent.name
  return state === 'found'
    ? stateWords.found.name
    : `${stateWords.unavailable.name}: ${unavailableClause(reason, host)}`
}
