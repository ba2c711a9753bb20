import type { Failure } from '#shared/failure.ts'
import type { SyncState } from '#shared/model/sync.ts'
import { countOf } from '#shared/words/phrases.ts'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { showToast } from '../../ui/toast.tsx'
import { FailureNotice } from '../frame/failure-notice.tsx'

type Trial = { kind: 'asking' } | { kind: 'answered'; domains: number } | { kind: 'failed'; failure: Failure }

type ConnectFormProps = {
  sync: SyncState
  /** Told when it is connected, or given up. */
  onDone: () => void
  /** Whether there is a way back without connecting. */
  canCancel: boolean
}

/** As the engine keeps an address: without a slash at its end, and without what all paths begin with. */
function withoutEnd(address: string): string {
  return address.replace(/\/+$/, '').replace(/\/api\/v1$/, '')
}

/** Address, tenant and token of the tenant API. The token goes to the vault and is never shown again. */
export function ConnectForm({ sync, onDone, canCancel }: ConnectFormProps) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [baseUrl, setBaseUrl] = useState(sync.baseUrl ?? '')
  const [tenantId, setTenantId] = useState(sync.tenantId ?? '')
  const [token, setToken] = useState('')
  const [trial, setTrial] = useState<Trial | null>(null)
  const typed = { baseUrl: baseUrl.trim(), tenantId: tenantId.trim(), token: token.trim() }
  const isComplete = Object.values(typed).every(value => value !== '')
  const waiting = sync.waiting + sync.refused
  const isElsewhere =
    sync.baseUrl !== null &&
    isComplete &&
    (typed.tenantId !== sync.tenantId || withoutEnd(typed.baseUrl) !== sync.baseUrl)
  const isBusy = trial?.kind === 'asking'
  const changing = (set: (value: string) => void) => (value: string) => {
    set(value)
    setTrial(null)
  }
  const test = async () => {
    setTrial({ kind: 'asking' })
    const result = await client.sync.test(typed)
    setTrial(
      result.ok
        ? { kind: 'answered', domains: result.value.domains }
        : { kind: 'failed', failure: result.failure },
    )
  }
  const connect = async () => {
    setTrial({ kind: 'asking' })
    const result = await client.sync.connect(typed)
    if (!result.ok) return setTrial({ kind: 'failed', failure: result.failure })
    setToken('')
    setTrial(null)
    showToast({ tone: 'pass', title: 'Connected', detail: 'Your domains are being brought together.' })
    onDone()
  }
  return (
    <form
      aria-label="Tenant API"
      className="flex flex-col gap-3"
      onSubmit={event => {
        event.preventDefault()
        if (isComplete && !isBusy) void connect()
      }}
    >
      <TextField
        label="Address"
        mono
        value={baseUrl}
        onChange={changing(setBaseUrl)}
        placeholder="https://api.example.com"
      />
      <TextField label="Tenant ID" mono value={tenantId} onChange={changing(setTenantId)} />
      <TextField
        label="Token"
        secret
        mono
        value={token}
        onChange={changing(setToken)}
        description="Sealed in the vault. It is sent to this address alone, and never shown again."
      />
      {isElsewhere && (
        <Notice tone="info" title="This is another server or tenant">
          {waiting > 0 && `${countOf(waiting, 'change')} for the one before will not be sent there. `}
          What you have here is brought together with it by name. It gets no password until you choose so
          again.
        </Notice>
      )}
      <div aria-live="polite">
        {trial?.kind === 'asking' && <p className="text-ink-soft">Asking the tenant API</p>}
        {trial?.kind === 'answered' && (
          <Notice tone="info" title={`It answers, and has ${countOf(trial.domains, 'domain')}`}>
            Nothing was changed on either side. Connecting brings both lists together by name; nothing is
            deleted.
          </Notice>
        )}
        {trial?.kind === 'failed' && <FailureNotice failure={trial.failure} withCause />}
      </div>
      <div className="flex items-center gap-2">
        <Button type="submit" kind="primary" isDisabled={!isOpen || !isComplete || isBusy}>
          Connect
        </Button>
        <Button isDisabled={!isOpen || !isComplete || isBusy} onPress={() => void test()}>
          Test
        </Button>
        {canCancel && (
          <Button kind="quiet" onPress={onDone}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  )
}
