import type { PlacementCell } from '#shared/model/warmup-view.ts'
import { placementWords } from '#shared/words/warmup-activity.ts'
import { Check, TriangleAlert, X } from 'lucide-react'
import { useMemo } from 'react'
import { Loading } from '../../../ui/loading.tsx'
import { mailProviderName } from '../../../words/providers.ts'
import { matrixOf, seenOf, shareOf, shareTone, type Tally } from './matrix.ts'

const looks = {
  pass: { icon: Check, colour: 'bg-pass-soft', ink: 'text-pass', word: 'good' },
  warn: { icon: TriangleAlert, colour: 'bg-warn-soft', ink: 'text-warn', word: 'slows down' },
  fail: { icon: X, colour: 'bg-fail-soft', ink: 'text-fail', word: 'pauses' },
} as const

const providerName = (id: string) => mailProviderName(id) ?? 'Other'

/** Who writes to whom, and how much of it lands in the inbox: one row for each kind of sender. */
export function PlacementMatrix({ cells }: { cells: readonly PlacementCell[] | null }) {
  const matrix = useMemo(() => (cells === null ? null : matrixOf(cells)), [cells])
  if (matrix === null) return <Loading label="Loading the placements" className="p-4" />
  if (matrix.from.length === 0)
    return (
      <p className="text-ink-soft">
        Not seen yet. It fills as soon as the first messages are found where they landed.
      </p>
    )
  return (
    <div
      className="scroll-quiet rounded-card border border-line"
      tabIndex={0}
      role="region"
      aria-label="Placement"
    >
      <table className="w-full border-collapse tabular-nums">
        <caption className="sr-only">
          Share of messages in the inbox over 28 days, a row for each sending provider, a column for each
          receiving one
        </caption>
        <thead>
          <tr className="bg-ice text-meta text-ink-soft">
            <th scope="col" className="w-36 px-4 py-2 text-left font-normal">
              From, by provider
            </th>
            {matrix.to.map(to => (
              <th key={to} scope="col" className="px-2 py-2 text-left font-normal">
                to {providerName(to)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.from.map(from => (
            <tr key={from} className="border-t border-line">
              <th scope="row" className="px-4 py-1.5 text-left font-medium">
                {providerName(from)}
              </th>
              {matrix.to.map(to => (
                <Cell key={to} tally={matrix.at(from, to)} />
              ))}
            </tr>
          ))}
        </tbody>
        {matrix.from.length > 1 && (
          <tfoot>
            <tr className="border-t border-line-strong">
              <th scope="row" className="px-4 py-1.5 text-left font-medium">
                All of them
              </th>
              {matrix.to.map(to => (
                <Cell key={to} tally={matrix.ofRecipient(to)} />
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  )
}

function Cell({ tally }: { tally: Tally | null }) {
  if (tally === null) return <td className="px-2 py-1.5 text-meta text-ink-faint">not seen yet</td>
  const share = shareOf(tally)
  const { icon: Icon, colour, ink, word } = looks[shareTone(share)]
  const seen = seenOf(tally)
  const rest = (['category', 'junk', 'missing'] as const).flatMap(where =>
    tally[where] > 0 ? [`${tally[where]} ${placementWords[where].name.toLowerCase()}`] : [],
  )
  return (
    <td
      aria-label={`${Math.round(share * 100)} %, ${word}: ${tally.inbox + tally.category} of ${seen} in the inbox${[...rest].map(part => `, ${part}`).join('')}`}
      className="px-2 py-1.5"
    >
      <span
        className={`flex min-w-22 flex-col rounded-control px-2.5 py-1 ${colour}`}
        title={[`${tally.inbox} inbox`, ...rest].join(', ')}
      >
        <span className="flex items-center gap-1.5 font-semibold">
          <Icon aria-hidden size={13} className={ink} />
          {Math.round(share * 100)} %
        </span>
        <span className="text-meta text-ink-soft">
          {tally.inbox + tally.category} of {seen}
          {tally.junk > 0 && `, ${tally.junk} spam`}
        </span>
      </span>
    </td>
  )
}
