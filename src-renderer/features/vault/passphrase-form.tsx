import type { Result } from '#shared/failure.ts'
import { passphraseLeastCharacters } from '#shared/model/vault-values.ts'
import { useState } from 'react'
import { useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { failureText } from '../frame/failures.ts'

type PassphraseFormProps = {
  /** Which passphrases it asks for: the one in use, a new one, both or none. */
  asks: { current: boolean; next: boolean }
  explanation: string
  submit: string
  danger?: boolean
  run: (given: { current: string; next: string }) => Promise<Result<unknown>>
  onDone: () => void
  onCancel: () => void
}

/** Asks for a passphrase, and says in place what is wrong with it. What was typed is forgotten with the form. */
export function PassphraseForm(props: PassphraseFormProps) {
  const { asks, explanation, submit, danger = false, run, onDone, onCancel } = props
  const isOpen = useConnectionState().kind === 'open'
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [error, setError] = useState<{ field: 'current' | 'next' | 'again' | 'all'; text: string } | null>(
    null,
  )
  const [isBusy, setBusy] = useState(false)
  const errorOf = (field: 'current' | 'next' | 'again') => (error?.field === field ? error.text : undefined)
  const change = (set: (text: string) => void) => (text: string) => {
    set(text)
    setError(null)
  }

  const send = async () => {
    if (asks.next && [...next].length < passphraseLeastCharacters) {
      setError({
        field: 'next',
        text: `It needs ${passphraseLeastCharacters} characters. Four or five words do.`,
      })
      return
    }
    if (asks.next && next !== again) {
      setError({ field: 'again', text: 'The two are not the same.' })
      return
    }
    setBusy(true)
    const result = await run({ current, next })
    setBusy(false)
    if (result.ok) {
      onDone()
      return
    }
    const isAboutNew = result.failure.code === 'vault-passphrase-short'
    const isAboutOld = result.failure.code.startsWith('vault-w')
    setError({
      field: isAboutNew ? 'next' : isAboutOld ? 'current' : 'all',
      text: failureText(result.failure),
    })
  }
  return (
    <form
      aria-label={submit}
      className="flex max-w-md flex-col gap-3 rounded-card border border-line bg-ice p-4"
      onSubmit={event => {
        event.preventDefault()
        if (!isBusy) void send()
      }}
    >
      <p className="text-ink-soft">{explanation}</p>
      {asks.current && (
        <TextField
          label="Passphrase in use"
          secret
          autoFocus
          value={current}
          onChange={change(setCurrent)}
          error={errorOf('current')}
        />
      )}
      {asks.next && (
        <>
          <TextField
            label="New passphrase"
            secret
            autoFocus={!asks.current}
            value={next}
            onChange={change(setNext)}
            description={`At least ${passphraseLeastCharacters} characters. Four or five words that do not belong together are easy to keep and hard to guess.`}
            error={errorOf('next')}
          />
          <TextField
            label="New passphrase again"
            secret
            value={again}
            onChange={change(setAgain)}
            error={errorOf('again')}
          />
        </>
      )}
      {error?.field === 'all' && (
        <p role="alert" className="text-fail">
          {error.text}
        </p>
      )}
      <div className="flex gap-2">
        <Button
          type="submit"
          kind={danger ? 'danger' : 'primary'}
          isDisabled={!isOpen || isBusy || (asks.current && current === '') || (asks.next && next === '')}
        >
          {submit}
        </Button>
        <Button kind="quiet" onPress={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
