import type { RecordView, ViewedServer } from '#shared/model/audit.ts'
import { stateWords } from '#shared/words/checks.ts'
import { viewSentence } from '#shared/words/more-sentences.ts'
import { duration } from '#shared/words/times.ts'
import { unavailableClause } from '#shared/words/unavailable.ts'

/** One record as each nameserver has it, asked directly, beside what the resolver still sees. */
export function RecordViewPanel({ view }: { view: RecordView }) {
  return (
    <section aria-label="Where it is seen" className="flex flex-col gap-1.5">
      <p>{viewSentence(view)}</p>
      <dl className="grid grid-cols-[minmax(120px,200px)_1fr] gap-x-3 gap-y-1 text-meta">
        {view.servers.map(server => (
          <Line key={server.host} name={server.host} hint={server.address} values={server.values}>
            {saidBy(server)}
          </Line>
        ))}
        <Line
          name="Your resolver"
          hint={view.ttlS === null ? null : `keeps it for ${duration(view.ttlS * 1_000)}`}
          values={view.resolver}
        >
          {stateWords.absent.name}
        </Line>
      </dl>
    </section>
  )
}

type LineProps = { name: string; hint: string | null; values: readonly string[]; children: string }

/** What one of them has: the values, or the words for there being none. */
function Line({ name, hint, values, children }: LineProps) {
  return (
    <>
      <dt className="min-w-0 truncate text-ink-soft" title={hint ?? undefined}>
        {name}
      </dt>
      <dd className="min-w-0">
        {values.length > 0 ? (
          <code className="line-clamp-2 font-mono break-all whitespace-pre-line">{values.join('\n')}</code>
        ) : (
          <span className="text-ink-faint">{children}</span>
        )}
      </dd>
    </>
  )
}

function saidBy({ state, host, reason }: ViewedServer): string {
  if (state === 'lame') return 'Does not hold the domain'
  if (state === 'absent') return stateWords.absent.name
  return state === 'found'
    ? stateWords.found.name
    : `${stateWords.unavailable.name}: ${unavailableClause(reason, host)}`
}
