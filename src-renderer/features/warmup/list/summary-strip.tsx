import type { HealthState } from '#shared/model/mailbox-health.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { healthStateWords } from '#shared/words/mailbox-health.ts'
import { countMailboxes } from '#shared/words/phrases.ts'
import { poolSentence } from '#shared/words/warmup.ts'
import { Users } from 'lucide-react'
import { useMemo } from 'react'
import { stateLooks } from '../state-badge.tsx'
import { usePoolReach } from '../use-pool.ts'
import { useWarmupList } from './list-state.ts'
import { summariseWarmup } from './order.ts'

const shownStates: readonly HealthState[] = [
  'ramping',
  'maintenance',
  'slowed',
  'rate-limited',
  'paused',
  'offline',
]

const inks = {
  pass: 'text-pass',
  warn: 'text-warn',
  fail: 'text-fail',
  unknown: 'text-unknown',
  neutral: 'text-ink-soft',
}

/** What the whole pool comes to today. A state is a button that shows its mailboxes alone. */
export function SummaryStrip({ rows }: { rows: readonly WarmupRow[] }) {
  const summary = useMemo(() => summariseWarmup(rows), [rows])
  const { filter, setFilter } = useWarmupList()
  const { states, sent, planned, placed, inInbox } = summary
  return (
    <section aria-label="All of them" className="@container flex shrink-0 flex-col border-b border-line">
      <div className="flex flex-wrap items-center gap-x-8 gap-y-2 px-5 py-3">
        <Figure name="Sent today" value={sent.toLocaleString('en')}>
          of {planned.toLocaleString('en')} planned
        </Figure>
        <Figure
          name="In the inbox"
          value={placed === 0 ? '–' : `${Math.round((inInbox / placed) * 1_000) / 10} %`}
        >
          {placed === 0 ? 'nothing seen yet' : `of ${placed.toLocaleString('en')}, 28 days`}
        </Figure>
        <ul
          aria-label="States"
          className="flex flex-1 flex-wrap items-center gap-1 @min-[1000px]:justify-end @max-[1000px]:-ml-1.5 @max-[1000px]:basis-full"
        >
          {shownStates
            .filter(state => states[state] > 0 || state === 'ramping')
            .map(state => {
              const { icon: Icon, tone } = stateLooks[state]
              const isChosen = filter.state === state
              return (
                <li key={state}>
                  <button
                    type="button"
                    aria-pressed={isChosen}
                    onClick={() => setFilter({ state: isChosen ? 'all' : state })}
                    className={`inline-flex h-7 cursor-default items-center gap-1 rounded-control border px-1.5 whitespace-nowrap tabular-nums hover:bg-hover ${isChosen ? 'border-accent bg-chosen' : 'border-transparent'}`}
                  >
                    <Icon aria-hidden size={14} className={inks[tone]} />
                    <span className="font-semibold">{states[state]}</span>
                    <span className="text-meta text-ink-soft">{healthStateWords[state].name}</span>
                  </button>
                </li>
              )
            })}
        </ul>
      </div>
      <PoolLine mailboxes={rows.length} targetPerDay={summary.targetPerDay} />
    </section>
  )
}

function Figure({ name, value, children }: { name: string; value: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col justify-center">
      <span className="text-meta text-ink-soft">{name}</span>
      <span className="flex items-baseline gap-1.5">
        <span className="text-title font-semibold tabular-nums">{value}</span>
        <span className="text-meta whitespace-nowrap text-ink-soft tabular-nums">{children}</span>
      </span>
    </div>
  )
}

/** What a pool of this size can and cannot do. The most telling sentence first, the others behind it. */
function PoolLine({ mailboxes, targetPerDay }: { mailboxes: number; targetPerDay: number }) {
  const reach = usePoolReach(mailboxes, targetPerDay)
  if (reach === null || reach.notes.length === 0) return null
  const sentences = reach.notes.map(note => poolSentence(note, reach))
  return (
    <details className="group border-t border-line bg-ice px-5 py-2 text-ink-soft">
      <summary className="flex cursor-default items-start gap-2 [&::-webkit-details-marker]:hidden">
        <Users aria-hidden size={14} className="mt-0.5 shrink-0 text-ink-faint" />
        <span className="min-w-0 flex-1 group-open:hidden">{sentences[0]}</span>
        <span className="hidden flex-1 group-open:inline">
          What a pool of {countMailboxes(mailboxes)} can and cannot do
        </span>
        {sentences.length > 1 && (
          <span className="shrink-0 text-accent-ink group-open:hidden">{sentences.length - 1} more</span>
        )}
      </summary>
      <ul className="mt-1 ml-5.5 flex list-disc flex-col pl-4">
        {sentences.map(sentence => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  )
}
