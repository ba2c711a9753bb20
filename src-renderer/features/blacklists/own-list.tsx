import type { BlacklistKind, BlacklistWeight, ListEntry } from '#shared/model/blacklist.ts'
import { weightWords } from '#shared/words/blacklists.ts'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { failureText } from '../frame/failures.ts'

const kinds: readonly { id: string; label: string; kinds: BlacklistKind[] }[] = [
  { id: 'ip4', label: 'IPv4 addresses', kinds: ['ip4'] },
  { id: 'both', label: 'IPv4 and IPv6 addresses', kinds: ['ip4', 'ip6'] },
  { id: 'domain', label: 'Domains', kinds: ['domain'] },
  { id: 'email', label: 'Email addresses', kinds: ['email'] },
]
const weights = ([0, 1, 2, 3] as const).map(weight => ({ id: String(weight), label: weightWords[weight] }))

/** Adds a list of one's own; lists that are known not to work are refused with the reason. */
export function OwnList({ onAdded }: { onAdded: (lists: ListEntry[]) => void }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [zone, setZone] = useState('')
  const [kind, setKind] = useState('ip4')
  const [weight, setWeight] = useState('1')
  const [error, setError] = useState<string | null>(null)

  const add = async () => {
    const result = await client.blacklists.addList({
      zone,
      kinds: kinds.find(({ id }) => id === kind)?.kinds ?? ['ip4'],
      weight: Number(weight) as BlacklistWeight,
    })
    if (!result.ok) {
      setError(failureText(result.failure))
      return
    }
    setZone('')
    setError(null)
    showToast({ tone: 'pass', title: 'List added' })
    onAdded(result.value)
  }
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={event => {
        event.preventDefault()
        void add()
      }}
    >
      <TextField
        label="A list of your own"
        mono
        value={zone}
        onChange={value => {
          setZone(value)
          setError(null)
        }}
        placeholder="bl.example.net"
        error={error ?? undefined}
      />
      <div className="flex flex-wrap items-end gap-3">
        <Select label="Lists" options={kinds} value={kind} onChange={setKind} />
        <Select label="Weighs" options={weights} value={weight} onChange={setWeight} />
        <Button type="submit" isDisabled={!isOpen || zone.trim() === ''}>
          Add the list
        </Button>
      </div>
    </form>
  )
}
