import type { SpfCost, SpfResult } from '#shared/model/audit.ts'
import { countOf } from '#shared/words/phrases.ts'

const limit = 10

/** What an SPF record costs: ten slots, and the terms that fill them. */
export function SpfCostTree({ spf }: { spf: SpfResult }) {
  const slots = Array.from({ length: Math.max(limit, spf.lookups) }, (_, index) => index)
  const colour = (index: number) => {
    if (index >= limit) return 'bg-fail-fill'
    if (index >= spf.lookups) return 'bg-line'
    return spf.lookups > limit ? 'bg-fail-fill' : spf.lookups > 8 ? 'bg-warn-fill' : 'bg-pass-fill'
  }
  return (
    <div className="rounded-card border border-line p-3">
      <div className="flex items-center gap-3">
        <span className="font-medium">
          {spf.lookups} of {limit} look-ups
        </span>
        <span aria-hidden className="flex gap-0.5">
          {slots.slice(0, 20).map(index => (
            <span key={index} className={`h-3 w-2.5 rounded-[2px] ${colour(index)}`} />
          ))}
        </span>
        {spf.voidLookups > 0 && (
          <span className="text-meta text-ink-soft">
            {countOf(spf.voidLookups, 'of them leads', 'of them lead')} nowhere
          </span>
        )}
      </div>
      <CostList costs={spf.costs} />
    </div>
  )
}

function CostList({ costs }: { costs: readonly SpfCost[] }) {
  return (
    <ul className="mt-1 ml-1 border-l border-line pl-3">
      {costs.map((cost, index) => (
        <li key={`${cost.term}:${index}`} className="py-0.5">
          <div className="flex items-baseline gap-3">
            <code className="font-mono text-meta [overflow-wrap:anywhere]">{cost.term}</code>
            <span className="text-meta text-ink-soft tabular-nums">{countOf(cost.lookups, 'look-up')}</span>
            {cost.state !== 'found' && (
              <span className="text-meta text-unknown">{stateNotes[cost.state]}</span>
            )}
          </div>
          {cost.children.length > 0 && <CostList costs={cost.children} />}
        </li>
      ))}
    </ul>
  )
}

const stateNotes = {
  absent: 'no such record',
  unavailable: 'could not be looked up',
  'not-asked': 'depends on the message, or lies too deep to follow',
} as const
