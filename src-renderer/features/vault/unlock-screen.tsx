import type { VaultState } from '#shared/model/vault.ts'
import { countOf } from '#shared/words/phrases.ts'
import { useEffect, useState } from 'react'
import { useClient } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Mark } from '../../ui/mark.tsx'
import { failureText } from '../frame/failures.ts'
import { patiently } from './patiently.ts'
import { useCountdown } from './use-countdown.ts'
import { useUnlock } from './unlock-state.ts'

/** Asks for the passphrase, or, where the key is in the keychain, for a press. */
export function UnlockScreen({ vault }: { vault: VaultState }) {
  const client = useClient()
  const dismiss = useUnlock(state => state.dismiss)
  const [passphrase, setPassphrase] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const seconds = useCountdown(vault.waitUntilAt)
  const needsPassphrase = vault.place === 'passphrase'

  useEffect(() => {
    document.title = 'Unlock – Rookery'
  }, [])

  const unlock = async () => {
    setBusy(true)
    const given = needsPassphrase ? passphrase : null
    const result = await client.vault.unlock({ passphrase: given }, patiently)
    setBusy(false)
    setPassphrase('')
    if (result.ok) return
    setError(failureText(result.failure))
  }
  return (
    <main className="scroll-quiet flex min-h-0 flex-1 flex-col items-center justify-center p-6">
      <div className="flex w-full max-w-sm flex-col gap-5">
        <div className="flex items-center gap-2">
          <Mark />
          <h1 className="text-title font-semibold">Unlock the vault</h1>
        </div>
        <p className="text-ink-soft">
          {needsPassphrase
            ? vault.secrets > 0
              ? `The vault holds ${countOf(vault.secrets, 'secret')}, sealed under your passphrase.`
              : 'Nothing is sealed yet. What is sealed from now on needs your passphrase.'
            : `The vault was locked by hand. Its key is in the keychain of this system.`}
          {vault.waitingJobs > 0 && ` ${countOf(vault.waitingJobs, 'task')} waiting for it.`}
        </p>
        <form
          className="flex flex-col gap-4"
          onSubmit={event => {
            event.preventDefault()
            if (!isBusy && seconds === 0) void unlock()
          }}
        >
          {needsPassphrase && (
            <TextField
              label="Passphrase"
              secret
              autoFocus
              value={passphrase}
              onChange={value => {
                setPassphrase(value)
                setError(null)
              }}
              error={error ?? undefined}
            />
          )}
          {!needsPassphrase && error !== null && (
            <p role="alert" className="text-fail">
              {error}
            </p>
          )}
          <div className="flex items-center gap-2">
            <Button
              type="submit"
              kind="primary"
              autoFocus={!needsPassphrase}
              isDisabled={isBusy || seconds > 0 || (needsPassphrase && passphrase === '')}
            >
              {isBusy ? 'Unlocking' : 'Unlock'}
            </Button>
            <Button kind="quiet" onPress={dismiss}>
              Continue without
            </Button>
          </div>
          <p aria-live="polite" className="text-meta text-ink-soft tabular-nums">
            {seconds > 0
              ? `Next try in ${countOf(seconds, 'second')}.`
              : 'Without it you can do everything that needs no password; what does need one waits.'}
          </p>
        </form>
        {needsPassphrase && (
          <details className="text-meta text-ink-soft">
            <summary className="cursor-default">The passphrase is lost</summary>
            <p className="pt-1">
              Nobody can bring it back, and nobody can open what it sealed. Continue without it, and in
              Settings start with a new key; then enter the passwords again.
            </p>
          </details>
        )}
      </div>
    </main>
  )
}
