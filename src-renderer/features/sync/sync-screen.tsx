import type { SyncEvent, SyncState } from '#shared/model/sync.ts'
import { RefreshCw, Square } from 'lucide-react'
import { useLocation } from 'wouter'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { useOutbox, useSyncState } from '../../replica/sync.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../frame/page.tsx'
import { useUnlock } from '../vault/unlock-state.ts'
import { syncNow, useRound } from './actions.ts'
import { ConflictList } from './conflict-list.tsx'
import { OutboxList } from './outbox-list.tsx'
import { SyncStanding } from './standing.tsx'

const mostShown = 200

/** How this machine and the tenant API stand: what waits, what was refused, where both had something to say. */
export function SyncScreen() {
  const sync = useSyncState()
  const outbox = useOutbox(mostShown)
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [, go] = useLocation()
  const { round, stop } = useRound()
  if (sync === undefined || outbox === undefined)
    return (
      <Page title="Sync">
        <Loading label="Loading" />
      </Page>
    )
  if (sync.state === 'not-connected')
    return (
      <Page title="Sync">
        <EmptyState
          drawing="nest"
          title="Not connected to a tenant API"
          action={
            <Button kind="primary" onPress={() => go('/settings')}>
              Connect in Settings
            </Button>
          }
        >
          Rookery needs none. With one, your domains and mailboxes are the same here and there, and you go on
          working when it is away.
        </EmptyState>
      </Page>
    )
  return (
    <Page
      title="Sync"
      action={
        round !== null && stop !== null ? (
          <Button onPress={stop}>
            <Square aria-hidden />
            Stop watching
          </Button>
        ) : (
          <Button kind="primary" isDisabled={!isOpen} onPress={() => void syncNow(client)}>
            <RefreshCw aria-hidden />
            Sync now
          </Button>
        )
      }
    >
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-4xl flex-col gap-8 px-6 py-6">
          <div className="flex flex-col gap-3">
            <div className="flex items-start gap-4">
              <div className="min-w-0 flex-1">
                <SyncStanding sync={sync} />
              </div>
              <NextStep sync={sync} />
            </div>
            <Round sync={sync} round={round} />
          </div>
          {sync.conflicts > 0 && <ConflictList />}
          <OutboxList {...outbox} />
          {sync.conflicts === 0 && <ConflictList />}
        </div>
      </div>
    </Page>
  )
}

/** What a person can do about a state that does not end by itself. */
function NextStep({ sync: { state } }: { sync: SyncState }) {
  const [, go] = useLocation()
  const ask = useUnlock(unlock => unlock.ask)
  if (state === 'needs-sign-in' || state === 'refused')
    return (
      <Button onPress={() => go('/settings')}>
        {state === 'refused' ? 'Check the connection' : 'Enter a new token'}
      </Button>
    )
  return state === 'vault-locked' ? <Button onPress={ask}>Unlock the vault</Button> : null
}

function Round({ sync, round }: { sync: SyncState; round: SyncEvent | 'begun' | null }) {
  const counted =
    round !== null && round !== 'begun' && round.kind !== 'fetching'
      ? { label: round.kind === 'sending' ? 'Changes sent' : 'Domains taken in', ...round }
      : sync.state !== 'up-to-date' && sync.progress !== null
        ? { label: 'Changes sent', ...sync.progress }
        : null
  if (counted !== null) return <Progress label={counted.label} done={counted.done} total={counted.total} />
  return round === null ? null : (
    <p role="status" className="text-ink-soft">
      {round === 'begun' ? 'Reaching the tenant API' : 'Asking what changed there'}
    </p>
  )
}
