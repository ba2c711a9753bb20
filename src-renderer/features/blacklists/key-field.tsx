import type { KeyService } from '#shared/model/blacklist.ts'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { failureText } from '../frame/failures.ts'

type KeyFieldProps = { service: KeyService; isPresent: boolean; onChanged: () => void }

/** The key of Spamhaus' query service. It is sealed in the vault and never shown again. */
export function KeyField({ service, isPresent, onChanged }: KeyFieldProps) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)

  const set = async (key: string | null) => {
    const result = await client.blacklists.setKey({ service, key })
    if (!result.ok) {
      setError(failureText(result.failure))
      return
    }
    setText('')
    setError(null)
    showToast({ tone: 'pass', title: key === null ? 'Key forgotten' : 'Key sealed' })
    onChanged()
  }
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={event => {
        event.preventDefault()
        void set(text.trim())
      }}
    >
      <TextField
        label="Spamhaus key (DQS)"
        secret
        mono
        value={text}
        onChange={value => {
          setText(value)
          setError(null)
        }}
        placeholder={isPresent ? 'A key is kept; type another to replace it' : ''}
        description="With a key Spamhaus answers from any DNS server. Free for non-commercial use; agencies need a paid one. It is sealed in the vault."
        error={error ?? undefined}
      />
      <div className="flex items-center gap-2">
        <Button type="submit" kind="primary" isDisabled={!isOpen || text.trim() === ''}>
          Seal the key
        </Button>
        {isPresent && (
          <>
            <Button kind="quiet" isDisabled={!isOpen} onPress={() => void set(null)}>
              Forget the key
            </Button>
            <Badge tone="pass">A key is kept</Badge>
          </>
        )}
      </div>
    </form>
  )
}
