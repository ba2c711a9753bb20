import type { Alert } from '#shared/model/alert.ts'
import { alertStateWords, describeAlert } from '#shared/words/alerts.ts'
import { severityWords } from '#shared/words/checks.ts'
import { ExternalLink } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { severityLooks } from '../../ui/severity-looks.ts'
import { ExternalPage } from '../frame/external-page.tsx'
import { Time } from '../frame/time.tsx'
import { acknowledgeAlerts, reopenAlerts, resolveAlerts } from './actions.ts'

/** One alert: what happened where, what caused it, the evidence, the next step, and what can be done with it here. */
export function AlertCard({ alert }: { alert: Alert }) {
  const { title, cause, next } = describeAlert(alert)
  const { icon: Icon, ink } = severityLooks[alert.severity]
  const isOver = alert.state === 'resolved'
  return (
    <li className="flex gap-3 py-4">
      <Icon aria-hidden size={16} className={`mt-0.5 shrink-0 ${isOver ? 'text-ink-faint' : ink}`} />
      <article aria-label={`${alert.about}: ${title}`} className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="flex flex-wrap items-center gap-x-2 text-meta text-ink-soft">
          <span className={isOver ? '' : `font-medium ${ink}`}>{severityWords[alert.severity].name}</span>
          <Link to={placeOf(alert)} className="font-medium text-ink hover:underline">
            {alert.about}
          </Link>
          <Time at={alert.raisedAt} />
          {alert.state !== 'open' && <Badge tone="neutral">{stateLabel(alert)}</Badge>}
        </p>
        <h2 className="font-medium">{title}</h2>
        <p className="text-ink-soft [overflow-wrap:anywhere]">{cause}</p>
        <Evidence alert={alert} />
        {!isOver && <p>{next}</p>}
        <Actions alert={alert} />
      </article>
    </li>
  )
}

function placeOf({ code, domainId, mailboxId }: Alert): string {
  if (domainId !== null) return `/domains/${domainId}`
  return code === 'warmup.paused' ? `/warmup/mailbox/${mailboxId}` : `/mailboxes/${mailboxId}`
}

function stateLabel(alert: Alert): string {
  if (alert.state !== 'resolved') return alertStateWords[alert.state].name
  return alert.resolvedBy === 'itself' ? 'Over by itself' : 'Resolved'
}

/** What the list itself said, word for word. */
function Evidence({ alert: { facts } }: { alert: Alert }) {
  const { text, codes } = facts
  const lines = [
    Array.isArray(codes) && codes.length > 0 ? codes.join(' ') : '',
    typeof text === 'string' ? text : '',
  ]
  const shown = lines.filter(line => line !== '')
  if (shown.length === 0) return null
  return (
    <code className="font-mono text-meta text-ink-soft [overflow-wrap:anywhere]">{shown.join(' · ')}</code>
  )
}

function Actions({ alert }: { alert: Alert }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [, go] = useLocation()
  const { delistUrl } = alert.facts
  const ids = [alert.id]
  if (alert.state === 'resolved')
    return (
      <div className="mt-1 flex gap-2">
        <Button kind="quiet" isDisabled={!isOpen} onPress={() => void reopenAlerts(client, ids)}>
          Put back
        </Button>
      </div>
    )
  return (
    <div className="mt-1 flex flex-wrap items-center gap-2">
      {typeof delistUrl === 'string' && delistUrl !== '' && (
        <ExternalPage
          url={delistUrl}
          className="inline-flex h-8 items-center gap-1.5 rounded-control pr-1 font-medium text-accent-ink hover:underline"
        >
          Open the list’s page
          <ExternalLink aria-hidden size={13} />
        </ExternalPage>
      )}
      {alert.mailboxId !== null && (
        <Button onPress={() => go(placeOf(alert))}>
          {alert.code === 'warmup.paused' ? 'Open its warmup' : 'Open the mailbox'}
        </Button>
      )}
      {alert.state === 'open' && (
        <Button isDisabled={!isOpen} onPress={() => void acknowledgeAlerts(client, ids)}>
          Mark as seen
        </Button>
      )}
      <Button kind="quiet" isDisabled={!isOpen} onPress={() => void resolveAlerts(client, ids)}>
        Resolve
      </Button>
    </div>
  )
}
