import type { Domain } from '#shared/model/domain.ts'
import { mailboxReasonLine } from '#shared/words/mailboxes.ts'
import { Plus } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import { useMailboxesOf } from '../../replica/mailboxes.ts'
import { useWarmupRowsOf } from '../../replica/warmup.ts'
import { Button } from '../../ui/button.tsx'
import { Time } from '../frame/time.tsx'
import { MailboxHealth } from '../warmup/mailbox-health.tsx'
import { DailyLimit } from './daily-limit.tsx'
import { MailboxStatusBadge } from './status-badge.tsx'

/** The mailboxes of a domain on its page, and what each of them may send in a day. */
export function DomainMailboxes({ domain }: { domain: Domain }) {
  const mailboxes = useMailboxesOf(domain.name)
  const warmup = useWarmupRowsOf(domain.name)
  const [, go] = useLocation()
  return (
    <section aria-labelledby="mailboxes" className="flex flex-col gap-3">
      <div className="flex h-8 items-center gap-4">
        <h2 id="mailboxes" className="flex-1 text-section font-semibold">
          Mailboxes
        </h2>
        <Button onPress={() => go(`/mailboxes/add?domain=${domain.name}`)}>
          <Plus aria-hidden />
          Add mailbox
        </Button>
      </div>
      {mailboxes === undefined || mailboxes.length === 0 ? (
        <p className="text-ink-soft">None of this domain yet.</p>
      ) : (
        <ul
          aria-label="Mailboxes of this domain"
          className="divide-y divide-line rounded-card border border-line"
        >
          {mailboxes.map(row => (
            <li key={row.id} className="flex min-h-11 items-center gap-4 px-4 py-1.5">
              <Link to={`/mailboxes/${row.id}`} className="w-64 truncate font-medium hover:underline">
                {row.address}
              </Link>
              <span className="w-36 shrink-0">
                <MailboxHealth row={warmup?.find(({ id }) => id === row.id)} hint />
              </span>
              <MailboxStatusBadge mailbox={row} />
              <span className="min-w-0 flex-1 truncate text-ink-soft">
                {row.reason !== null && row.reason.code !== 'by-person' && mailboxReasonLine(row.reason)}
              </span>
              <span className="text-meta text-ink-soft tabular-nums">{row.dailyLimit} a day</span>
              {row.testedAt !== null && (
                <span className="text-meta text-ink-soft">
                  <Time at={row.testedAt} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <DailyLimit key={domain.dailyLimit} domain={domain} />
    </section>
  )
}
