import type { OutboxItem } from '#shared/model/sync.ts'
import { countOf } from '#shared/words/phrases.ts'
import { discardWords, outboxReason, outboxTitle } from '#shared/words/sync.ts'
import { CircleX, Clock3, LoaderCircle } from 'lucide-react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import type { WaitingChanges } from '../../replica/sync.ts'
import { Button } from '../../ui/button.tsx'
import { Time } from '../frame/time.tsx'
import { discardChanges, retryChanges } from './actions.ts'

const looks = {
  waiting: { icon: Clock3, ink: 'text-unknown', label: 'Waiting' },
  sending: { icon: LoaderCircle, ink: 'text-unknown', label: 'Sending' },
  refused: { icon: CircleX, ink: 'text-fail', label: 'Refused' },
} as const

/** What has not reached the server: refused changes, which need a person, before those that only wait. */
export function OutboxList({ shown, total }: WaitingChanges) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const refused = shown.filter(({ state }) => state === 'refused').map(({ id }) => id)
  return (
    <section aria-labelledby="outbox" className="flex flex-col gap-3">
      <div className="flex h-8 items-center gap-3">
        <h2 id="outbox" className="text-section font-semibold">
          Waiting to be sent
        </h2>
        {total > 0 && <span className="text-ink-soft tabular-nums">{total.toLocaleString('en')}</span>}
        <span className="flex-1" />
        {refused.length > 1 && (
          <Button isDisabled={!isOpen} onPress={() => void retryChanges(client, refused)}>
            Try all refused again
          </Button>
        )}
      </div>
      {total === 0 ? (
        <p className="text-ink-soft">Every change made here has arrived.</p>
      ) : (
        <ul aria-labelledby="outbox" className="divide-y divide-line rounded-card border border-line px-4">
          {shown.map(item => (
            <Change key={item.id} item={item} />
          ))}
        </ul>
      )}
      {total > shown.length && (
        <p className="text-ink-soft">and {countOf(total - shown.length, 'more change')}, in this order</p>
      )}
    </section>
  )
}

function Change({ item }: { item: OutboxItem }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const { icon: Icon, ink, label } = looks[item.state]
  const title = outboxTitle(item)
  return (
    <li className="flex items-start gap-3 py-3">
      <Icon
        role="img"
        aria-label={label}
        size={16}
        className={`mt-0.5 shrink-0 ${ink} ${item.state === 'sending' ? 'animate-spin motion-reduce:animate-none' : ''}`}
      />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium [overflow-wrap:anywhere]">{title}</span>
          <span className="text-meta text-ink-soft">
            <Time at={item.queuedAt} />
          </span>
        </p>
        <p className="text-ink-soft">{outboxReason(item)}</p>
        {item.state === 'refused' && (
          <div className="mt-1.5 flex flex-wrap items-center gap-2">
            <Button
              aria-label={`Try again: ${title}`}
              isDisabled={!isOpen}
              onPress={() => void retryChanges(client, [item.id])}
            >
              Try again
            </Button>
            <Button
              kind="quiet"
              aria-label={`Give up: ${title}`}
              isDisabled={!isOpen}
              onPress={() => void discardChanges(client, [item.id])}
            >
              Give up
            </Button>
            <span className="text-meta text-ink-soft">{discardWords[item.kind]}</span>
          </div>
        )}
      </div>
    </li>
  )
}
