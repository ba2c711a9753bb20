import type { VaultState } from '#shared/model/vault.ts'
import { lockAfterChoicesMs } from '#shared/model/vault-values.ts'
import { countOf } from '#shared/words/phrases.ts'
import { duration } from '#shared/words/times.ts'
import { describeVault } from '#shared/words/vault.ts'
import { useEffect, useState } from 'react'
import type { Result } from '#shared/failure.ts'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { Notice } from '../../ui/notice.tsx'
import { showToast } from '../../ui/toast.tsx'
import { type MarkKind, VerdictMark } from '../../ui/verdict-mark.tsx'
import { tellFailure } from '../frame/failures.ts'
import { NotYet } from '../frame/not-yet.tsx'
import { Time } from '../frame/time.tsx'
import { useEngineStatus } from '../frame/use-engine-status.ts'
import { PassphraseForm } from './passphrase-form.tsx'
import { patiently } from './patiently.ts'
import { useUnlock } from './unlock-state.ts'
import { formsFor, type VaultFormId, vaultForms } from './vault-forms.tsx'

const never = 'never'

/** How the vault stands, and what can be done with its key. */
export function VaultSettings() {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const vault = useEngineStatus()?.vault
  const [form, setForm] = useState<VaultFormId | null>(null)

  // Asks the keychain, which may have changed since; how it stands then comes with the status.
  useEffect(() => {
    if (isOpen) void client.vault.state(undefined, patiently)
  }, [client, isOpen])

  if (vault === undefined) return <NotYet />
  const offered = formsFor(vault)
  const openForm = (id: VaultFormId) => (
    <Button key={id} onPress={() => setForm(id)}>
      {vaultForms[id].label}
    </Button>
  )
  const shown = form !== null && offered.includes(form) ? vaultForms[form] : null
  return (
    <div className="flex flex-col gap-4">
      <Standing vault={vault} />
      {vault.lost > 0 && vault.state !== 'key-gone' && (
        <Notice tone="warn" title={`${countOf(vault.lost, 'secret')} must be entered again`}>
          The key they were sealed with is gone. Each place that needs one says so.
        </Notice>
      )}
      {shown === null ? (
        <div className="flex flex-wrap gap-2">
          <Actions vault={vault} />
          {offered.filter(id => vaultForms[id].danger !== true).map(openForm)}
        </div>
      ) : (
        <PassphraseForm
          key={form}
          asks={shown.asks}
          explanation={shown.explanation}
          submit={shown.submit}
          danger={shown.danger ?? false}
          run={given => shown.run(client, given, patiently)}
          onDone={() => {
            setForm(null)
            showToast({ tone: 'pass', title: shown.done })
          }}
          onCancel={() => setForm(null)}
        />
      )}
      {shown === null && offered.some(id => vaultForms[id].danger === true) && (
        <details className="text-ink-soft">
          <summary className="cursor-default">
            {vault.state === 'locked' ? 'The passphrase is lost' : 'The key will not come back'}
          </summary>
          <div className="flex flex-wrap gap-2 pt-2">
            {offered.filter(id => vaultForms[id].danger === true).map(openForm)}
          </div>
        </details>
      )}
      {vault.place !== null && <AutoLock vault={vault} />}
    </div>
  )
}

const marks: Record<VaultState['state'], { kind: MarkKind; label: string }> = {
  empty: { kind: 'unavailable', label: 'Empty' },
  open: { kind: 'pass', label: 'Open' },
  locked: { kind: 'warn', label: 'Locked' },
  unavailable: { kind: 'unavailable', label: 'Away' },
  'key-gone': { kind: 'fail', label: 'Key gone' },
}

function Standing({ vault }: { vault: VaultState }) {
  const { title, text } = describeVault(vault)
  const { kind, label } = marks[vault.state]
  return (
    <div className="flex items-start gap-2.5" aria-live="polite">
      <VerdictMark kind={kind} label={label} size={18} />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <p className="text-ink-soft">{text}</p>
        {vault.place !== null && (
          <p className="pt-1 text-meta text-ink-soft">
            {vault.secrets > 0 ? `${countOf(vault.secrets, 'secret')} sealed` : 'Nothing sealed yet'}
            {vault.keyMadeAt !== null && (
              <>
                , key made <Time at={vault.keyMadeAt} />
              </>
            )}
            {vault.waitingJobs > 0 && `, ${countOf(vault.waitingJobs, 'task')} waiting for the vault`}
            {vault.locksAt !== null && (
              <>
                , locks <Time at={vault.locksAt} ahead />
              </>
            )}
          </p>
        )}
      </div>
    </div>
  )
}

/** What needs no more than a press. */
function Actions({ vault }: { vault: VaultState }) {
  const client = useClient()
  const ask = useUnlock(state => state.ask)
  const [isBusy, setBusy] = useState(false)
  const run = async (work: () => Promise<Result<VaultState>>, done: string | null) => {
    setBusy(true)
    const result = await work()
    setBusy(false)
    if (!result.ok) tellFailure(result.failure)
    else if (done !== null) showToast({ tone: 'pass', title: done })
  }
  const { state, place } = vault
  if (state === 'locked')
    return (
      <Button kind="primary" onPress={ask}>
        Unlock
      </Button>
    )
  if (state === 'unavailable' || state === 'key-gone')
    return (
      <Button
        kind="primary"
        isDisabled={isBusy}
        onPress={() => void run(() => client.vault.state(undefined, patiently), null)}
      >
        Try again
      </Button>
    )
  if (state === 'empty')
    return (
      <Button
        isDisabled={isBusy}
        onPress={() =>
          void run(
            () => client.vault.useKeychain({ passphrase: null }, patiently),
            'The key is in the keychain',
          )
        }
      >
        Use the keychain
      </Button>
    )
  return (
    <>
      <Button isDisabled={isBusy} onPress={() => void run(() => client.vault.lock(), 'Vault locked')}>
        Lock now
      </Button>
      {place === 'keychain' && (
        <Button
          isDisabled={isBusy}
          onPress={() =>
            void run(
              () => client.vault.rotate({ passphrase: null }, patiently),
              'Everything is sealed with a new key',
            )
          }
        >
          Make a new key
        </Button>
      )}
    </>
  )
}

function AutoLock({ vault }: { vault: VaultState }) {
  const client = useClient()
  const { lockAfterMs } = vault
  const times = new Set<number>([...lockAfterChoicesMs, ...(lockAfterMs === null ? [] : [lockAfterMs])])
  const options = [
    { id: never, label: 'Never' },
    ...[...times].toSorted((a, b) => a - b).map(ms => ({ id: String(ms), label: `After ${duration(ms)}` })),
  ]
  const choose = async (id: string) => {
    const result = await client.vault.setAutoLock({ afterMs: id === never ? null : Number(id) })
    if (!result.ok) tellFailure(result.failure)
  }
  return (
    <div className="max-w-52">
      <Select
        label="Lock by itself"
        options={options}
        value={lockAfterMs === null ? never : String(lockAfterMs)}
        onChange={id => void choose(id)}
      />
    </div>
  )
}
