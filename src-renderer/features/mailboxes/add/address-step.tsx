import type { DiscoverySource } from '#shared/model/discovery.ts'
import { discoverySourceWords, sourceSentence } from '#shared/words/discovery.ts'
import type { FormEvent } from 'react'
import { useConnectionState } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { type MarkKind, VerdictMark } from '../../../ui/verdict-mark.tsx'
import { failureText } from '../../frame/failures.ts'
import type { DiscoveryView } from './use-discovery.ts'

type AddressStepProps = {
  address: string
  view: DiscoveryView | null
  onChange: (address: string) => void
  onFind: (address: string) => void
  onByHand: () => void
}

/** The address, and the search for its servers as it goes. */
export function AddressStep({ address, view, onChange, onFind, onByHand }: AddressStepProps) {
  const isOpen = useConnectionState().kind === 'open'
  const failure = view?.failure && view.address === address ? view.failure : null
  const isSearching = view !== null && view.discovery === null && view.failure === null
  const suggestion = failure?.detail.suggestion
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onFind(address)
  }
  return (
    <form onSubmit={submit} className="flex max-w-xl flex-col gap-5">
      <TextField
        label="Address of the mailbox"
        autoFocus
        value={address}
        onChange={onChange}
        placeholder="mia@example.com"
        description="Its servers are looked for first; you can change what is found."
        error={failure && failure.code !== 'cancelled' ? failureText(failure) : undefined}
      />
      {typeof suggestion === 'string' && (
        <div>
          <Button onPress={() => onFind(suggestion)}>Use {suggestion}</Button>
        </div>
      )}
      <div className="flex items-center gap-3">
        <Button kind="primary" type="submit" isDisabled={address.trim() === '' || isSearching || !isOpen}>
          {isSearching ? 'Looking' : 'Find the servers'}
        </Button>
        <Button kind="quiet" isDisabled={address.trim() === ''} onPress={onByHand}>
          Enter them by hand
        </Button>
      </div>
      {isSearching && view && <Sources view={view} />}
    </form>
  )
}

const sources = Object.keys(discoverySourceWords) as DiscoverySource[]

const marks: Record<'found' | 'absent' | 'unavailable' | 'skipped', MarkKind> = {
  found: 'pass',
  absent: 'none',
  unavailable: 'unavailable',
  skipped: 'none',
}

/** Where settings are looked for, and how each place answered. */
function Sources({ view }: { view: DiscoveryView }) {
  return (
    <ul aria-label="Where the servers are looked for" className="flex flex-col gap-1">
      {sources.map(source => {
        const ended = view.events.find(event => event.kind === 'source' && event.outcome.source === source)
        const outcome = ended?.kind === 'source' ? ended.outcome : null
        return (
          <li key={source} className="flex items-center gap-2 text-ink-soft">
            <VerdictMark
              kind={outcome === null ? 'running' : marks[outcome.state]}
              label={outcome === null ? 'Under way' : outcome.state}
              size={18}
            />
            {outcome === null ? discoverySourceWords[source].name : sourceSentence(outcome)}
          </li>
        )
      })}
    </ul>
  )
}

/** What the search came to, above the form that it filled in. */
export function DiscoveryNotice({ view }: { view: DiscoveryView }) {
  const { discovery } = view
  if (discovery === null) return null
  if (discovery.suggestion !== null) {
    return (
      <Notice tone="warn" title={`Did you mean ${discovery.suggestion}?`}>
        {discovery.domain} is one slip away from it. If it is right as it stands, go on.
      </Notice>
    )
  }
  if (discovery.candidates.length === 0) {
    const blind = discovery.sources.filter(({ state }) => state === 'unavailable')
    return (
      <Notice
        tone={blind.length > 0 ? 'unknown' : 'info'}
        title={
          blind.length > 0
            ? 'Some places could not be looked at'
            : `No settings were found for ${discovery.domain}`
        }
      >
        {blind.length > 0
          ? `${sourceSentence(blind[0] as (typeof blind)[number])} Enter the servers by hand, or look again later.`
          : 'Enter the servers by hand; the help pages of your mail provider name them.'}
      </Notice>
    )
  }
  return null
}
