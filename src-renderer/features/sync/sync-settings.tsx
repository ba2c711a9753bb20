import type { SyncState } from '#shared/model/sync.ts'
import { countOf } from '#shared/words/phrases.ts'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { useSyncState } from '../../replica/sync.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { showToast } from '../../ui/toast.tsx'
import { tellFailure } from '../frame/failures.ts'
import { NotYet } from '../frame/not-yet.tsx'
import { syncNow, useRound } from './actions.ts'
import { ConnectForm } from './connect-form.tsx'
import { SyncStanding } from './standing.tsx'

/** The tenant API in the settings: connect, see how it stands, leave it. */
export function SyncSettings() {
  const sync = useSyncState()
  const [isEditing, setEditing] = useState(false)
  if (sync === undefined) return <NotYet />
  const isConnected = sync.state !== 'not-connected'
  const asksForToken = isEditing || sync.state === 'needs-sign-in'
  return (
    <div className="flex flex-col gap-4">
      <SyncStanding sync={sync} />
      {(asksForToken || !isConnected) && (
        <ConnectForm
          key={sync.connectedAt}
          sync={sync}
          canCancel={isEditing}
          onDone={() => setEditing(false)}
        />
      )}
      {isConnected && !isEditing && (
        <Connected
          sync={sync}
          {...(sync.state === 'needs-sign-in' ? {} : { onEdit: () => setEditing(true) })}
        />
      )}
    </div>
  )
}

function Connected({ sync, onEdit }: { sync: SyncState; onEdit?: () => void }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [, go] = useLocation()
  const [isLeaving, setLeaving] = useState(false)
  const isBusy = useRound(state => state.round !== null)
  const waiting = sync.waiting + sync.refused
  const disconnect = async () => {
    setLeaving(false)
    const result = await client.sync.disconnect()
    if (result.ok) showToast({ tone: 'info', title: 'Disconnected', detail: 'Everything here stays.' })
    else tellFailure(result.failure)
  }
  return (
    <div className="flex flex-wrap gap-2">
      <Button isDisabled={!isOpen || isBusy} onPress={() => void syncNow(client)}>
        Sync now
      </Button>
      <Button onPress={() => go('/sync')}>
        {sync.conflicts > 0
          ? `Look at ${countOf(sync.conflicts, 'conflict')}`
          : waiting > 0
            ? `Look at ${countOf(waiting, 'change')}`
            : 'Open the sync panel'}
      </Button>
      {onEdit && (
        <Button kind="quiet" isDisabled={!isOpen} onPress={onEdit}>
          Change the connection
        </Button>
      )}
      <Button kind="quiet" isDisabled={!isOpen} onPress={() => setLeaving(true)}>
        Disconnect
      </Button>
      <Dialog
        title="Disconnect from the tenant API?"
        isOpen={isLeaving}
        onClose={() => setLeaving(false)}
        actions={
          <>
            <Button onPress={() => setLeaving(false)}>Cancel</Button>
            <Button kind="danger" onPress={() => void disconnect()}>
              Disconnect
            </Button>
          </>
        }
      >
        The token is forgotten.{' '}
        {waiting > 0 && `${countOf(waiting, 'change')} that did not arrive will not be sent. `}
        Domains, mailboxes and conflicts stay here, and nothing is deleted there.
      </Dialog>
    </div>
  )
}
