import { countOf } from '#shared/words/phrases.ts'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useClient } from '../../client/engine.tsx'
import { useReplicaReady } from '../../replica/domains.ts'
import { useAlerts } from '../../replica/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/choice.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../frame/page.tsx'
import { acknowledgeAlerts } from './actions.ts'
import { AlertCard } from './alert-card.tsx'

type Which = 'standing' | 'resolved'

/** As many as a person reads through; what is below comes up as those above are dealt with. */
const mostShown = 200

/** Everything that needs a person, worst first. */
export function AlertsScreen() {
  const [which, setWhich] = useState<Which>('standing')
  const alerts = useAlerts(which)
  const isReady = useReplicaReady()
  const client = useClient()
  const [, go] = useLocation()
  const open = alerts?.filter(({ state }) => state === 'open') ?? []
  return (
    <Page
      title="Alerts"
      action={
        open.length > 1 && (
          <Button
            onPress={() =>
              void acknowledgeAlerts(
                client,
                open.map(({ id }) => id),
              )
            }
          >
            Mark all as seen
          </Button>
        )
      }
    >
      <div className="scroll-quiet flex min-h-0 flex-1 flex-col">
        <div className="mx-auto flex w-full max-w-4xl flex-1 flex-col gap-4 px-6 py-6">
          <div className="flex">
            <Segments
              label="Which alerts"
              value={which}
              onChange={picked => setWhich(picked as Which)}
              options={[
                { id: 'standing', label: 'To look at' },
                { id: 'resolved', label: 'Resolved' },
              ]}
            />
          </div>
          {alerts === undefined || !isReady ? (
            <Loading label="Loading the alerts" />
          ) : alerts.length === 0 ? (
            <EmptyState
              drawing="nest"
              title={which === 'standing' ? 'Nothing needs you' : 'Nothing was resolved yet'}
              action={<Button onPress={() => go('/domains')}>Go to Domains</Button>}
            >
              {which === 'standing'
                ? 'Rookery looks at every domain each night and at the blacklists each day. What gets worse is shown here.'
                : 'Alerts that are over, or that you put aside, stay here for 90 days.'}
            </EmptyState>
          ) : (
            <>
              <ul
                aria-label={which === 'standing' ? 'Alerts, worst first' : 'Resolved alerts'}
                className="divide-y divide-line rounded-card border border-line px-4"
              >
                {alerts.slice(0, mostShown).map(alert => (
                  <AlertCard key={alert.id} alert={alert} />
                ))}
              </ul>
              {alerts.length > mostShown && (
                <p className="text-ink-soft">and {countOf(alerts.length - mostShown, 'more alert')}</p>
              )}
            </>
          )}
        </div>
      </div>
    </Page>
  )
}
