import type { MailboxEvent } from '#shared/model/mailbox.ts'
import { describeMailboxEvent } from '#shared/words/mailboxes.ts'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Time } from '../../frame/time.tsx'

const shownFirst = 8

/** What happened to the mailbox, newest first. */
export function EventList({ events }: { events: readonly MailboxEvent[] }) {
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? events : events.slice(0, shownFirst)
  return (
    <section aria-labelledby="events" className="flex flex-col gap-3">
      <h2 id="events" className="text-section font-semibold">
        What happened
      </h2>
      <ol className="flex flex-col">
        {shown.map((event, index) => {
          const { title, evidence } = describeMailboxEvent(event)
          return (
            <li key={`${event.at} ${index}`} className="flex gap-4 border-b border-line py-2 last:border-0">
              <span className="w-24 shrink-0 text-meta text-ink-soft">
                <Time at={event.at} />
              </span>
              <div className="min-w-0">
                <p>{title}</p>
                {evidence && (
                  <code className="font-mono text-meta text-ink-soft [overflow-wrap:anywhere]">
                    {evidence}
                  </code>
                )}
              </div>
            </li>
          )
        })}
      </ol>
      {events.length > shown.length && (
        <div>
          <Button kind="quiet" onPress={() => setShowsAll(true)}>
            Show all {events.length}
          </Button>
        </div>
      )}
    </section>
  )
}
