import type { Domain } from '#shared/model/domain.ts'
import type { OutboxItem, ServerDomain } from '#shared/model/sync.ts'
import { outboxReason, outboxTitle } from '#shared/words/sync.ts'
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { useOutboxOf, useServerDomain, useSyncState } from '../../replica/sync.ts'
import { Button } from '../../ui/button.tsx'
import { HealthScoreRing } from '../../ui/health-score-ring.tsx'
import { Notice } from '../../ui/notice.tsx'
import { tellFailure } from '../frame/failures.ts'
import { Time } from '../frame/time.tsx'

/** What of this domain has not reached the tenant API; nothing when all of it has. */
export function UnsentChanges({ id }: { id: string }) {
  const items = useOutboxOf(id)
  const refused = items?.find(({ state }) => state === 'refused')
  const first: OutboxItem | undefined = refused ?? items?.[0]
  if (first === undefined) return null
  const title = outboxTitle(first)
  const what = title.charAt(0).toLowerCase() + title.slice(1)
  return (
    <Notice
      tone={refused ? 'warn' : 'info'}
      title={refused ? `The tenant API refused to ${what}` : `The tenant API has still to ${what}`}
      action={
        <Link to="/sync" className="rounded-control px-1 text-accent-ink hover:underline">
          Look at it
        </Link>
      }
    >
      {outboxReason(first)}
    </Notice>
  )
}

const statusWords = { verified: 'Verified', pending: 'Pending', failed: 'Failed' } as const
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 })

/** This machine and the tenant API side by side: two judgements, neither mixed into the other. */
export function ServerStanding({ domain }: { domain: Domain }) {
  const sync = useSyncState()
  const there = useServerDomain(domain.id)
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [isAsking, setAsking] = useState(false)
  if (sync === undefined || sync.state === 'not-connected' || there === undefined) return null
  const ask = async () => {
    setAsking(true)
    const result = await client.sync.refreshReputation({ domainIds: [domain.id] })
    setAsking(false)
    if (!result.ok) tellFailure(result.failure)
  }
  return (
    <section aria-labelledby="there" className="flex flex-col gap-3">
      <div className="flex h-8 items-center gap-3">
        <h2 id="there" className="flex-1 text-section font-semibold">
          Here and on the server
        </h2>
        <Button isDisabled={!isOpen || isAsking} onPress={() => void ask()}>
          <RefreshCw aria-hidden />
          Ask the server
        </Button>
      </div>
      <div className="grid gap-4 md:grid-cols-2">
        <Side
          name="This machine"
          score={domain.score}
          status={statusWords[domain.status]}
          rows={[
            ['Listings', domain.listings === null ? 'No list has answered yet' : String(domain.listings)],
          ]}
          at={domain.checkedAt}
          note="From the records and the blacklists, as looked up here."
        />
        <Side
          name="Tenant API"
          score={there?.score ?? null}
          status={there?.serverStatus ? statusWords[there.serverStatus] : 'Says nothing'}
          rows={serverRows(there)}
          at={there?.askedAt ?? null}
          note={
            there === null || there.askedAt === null
              ? 'Not asked yet; it is asked once a day.'
              : there.score === null
                ? 'The server has no score for this domain.'
                : 'The server’s own measure. It is shown as it came.'
          }
        />
      </div>
    </section>
  )
}

function serverRows(there: ServerDomain | null): [string, string][] {
  if (there === null) return []
  return [
    ...(there.bounceRate === null
      ? []
      : [['Bounce rate', percent.format(there.bounceRate)] as [string, string]]),
    ...(there.complaintRate === null
      ? []
      : [['Complaint rate', percent.format(there.complaintRate)] as [string, string]]),
    ...(there.askedAt === null
      ? []
      : [['Listings', there.listedOn.length === 0 ? 'None' : there.listedOn.join(', ')] as [string, string]]),
  ]
}

type SideProps = {
  name: string
  score: number | null
  status: string
  rows: [string, string][]
  at: number | null
  note: string
}

function Side({ name, score, status, rows, at, note }: SideProps) {
  return (
    <div className="flex items-start gap-4 rounded-card border border-line p-4">
      <HealthScoreRing score={score === null ? null : Math.round(score)} size={48} explanation={[note]} />
      <div className="min-w-0 flex-1">
        <h3 className="font-medium">{name}</h3>
        <dl className="grid grid-cols-[96px_1fr] gap-x-3">
          {[['Status', status] as const, ...rows].map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-ink-soft">{label}</dt>
              <dd className="tabular-nums [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
        <p className="pt-1 text-meta text-ink-soft">
          {note}
          {at !== null && (
            <>
              {' '}
              Looked at <Time at={at} />.
            </>
          )}
        </p>
      </div>
    </div>
  )
}
