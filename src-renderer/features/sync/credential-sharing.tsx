import type { Mailbox } from '#shared/model/mailbox.ts'
import { credentialChoice } from '#shared/words/sync.ts'
import { useCallback, useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { useSyncState } from '../../replica/sync.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { tellFailure } from '../frame/failures.ts'

/** Whether the tenant API gets the servers and password of this mailbox. Off unless a person says so, mailbox by mailbox. */
export function CredentialSharing({ mailbox }: { mailbox: Mailbox }) {
  const sync = useSyncState()
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [isShared, setShared] = useState<boolean | null>(null)
  const [isAsking, setAsking] = useState(false)
  const isConnected = sync !== undefined && sync.state !== 'not-connected'
  // A choice is for one server and tenant.
  const connectedAt = sync?.connectedAt ?? null
  const load = useCallback(async () => {
    const result = await client.sync.sharedCredentials()
    if (result.ok) setShared(result.value.includes(mailbox.id))
  }, [client, mailbox.id])
  useEffect(() => {
    if (isOpen && connectedAt !== null) void load()
  }, [isOpen, connectedAt, load])
  if (!isConnected || isShared === null) return null
  const choose = async (share: boolean) => {
    setAsking(false)
    const result = await client.sync.chooseCredentials({ mailboxId: mailbox.id, share })
    if (result.ok) setShared(result.value.includes(mailbox.id))
    else tellFailure(result.failure)
  }
  const isOauth = mailbox.connection.login.kind === 'oauth'
  return (
    <section aria-labelledby="sharing" className="flex flex-col gap-2">
      <h2 id="sharing" className="text-section font-semibold">
        Tenant API
      </h2>
      <Checkbox
        showLabel
        label="Give it the servers and the password"
        describedBy="sharing-note"
        checked={isShared}
        isDisabled={!isOpen || isOauth}
        onChange={share => (share ? setAsking(true) : void choose(false))}
      />
      <p id="sharing-note" className="text-meta text-ink-soft">
        {isOauth
          ? 'This mailbox signs in with its provider; there is no password to give.'
          : isShared
            ? 'It has them. When you take them back here, also remove them there.'
            : 'It gets the address and the state alone.'}
      </p>
      <Dialog
        title={`Give the password of ${mailbox.address} away?`}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onPress={() => setAsking(false)}>Keep it here</Button>
            <Button kind="danger" onPress={() => void choose(true)}>
              Give it to the tenant API
            </Button>
          </>
        }
      >
        {credentialChoice.text}
      </Dialog>
    </section>
  )
}
