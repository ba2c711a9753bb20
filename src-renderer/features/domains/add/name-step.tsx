import type { Failure } from '#shared/failure.ts'
import type { Domain, InspectedName } from '#shared/model/domain.ts'
import { type FormEvent, useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { failureText } from '../../frame/failures.ts'
import { readTags } from '../list/tag-dialog.tsx'

const typingPauseMs = 180

type Reading = { input: string; name: InspectedName | null; failure: Failure | null }

/** The name, read as it is typed. A mistake is told after a pause, or at once when it is sent. */
export function NameStep({ onAdded }: { onAdded: (domain: Domain) => void }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [input, setInput] = useState('')
  const [tags, setTags] = useState('')
  const [reading, setReading] = useState<Reading | null>(null)
  const [isBusy, setBusy] = useState(false)

  useEffect(() => {
    if (input.trim() === '' || !isOpen) return
    let isCurrent = true
    const timer = setTimeout(async () => {
      const result = await client.domains.inspect({ input })
      if (!isCurrent) return
      setReading(
        result.ok
          ? { input, name: result.value, failure: null }
          : { input, name: null, failure: result.failure },
      )
    }, typingPauseMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, input, isOpen])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const result = await client.domains.add({ input, tags: readTags(tags) })
    setBusy(false)
    if (result.ok) onAdded(result.value)
    else setReading({ input, name: null, failure: result.failure })
  }

  const current = reading?.input === input ? reading : null
  const mended = current?.failure?.detail.suggestion
  const suggestion = current?.name?.suggestion
  return (
    <form onSubmit={event => void submit(event)} className="flex max-w-xl flex-col gap-5">
      <div className="flex flex-col gap-2">
        <TextField
          label="Domain you send from"
          autoFocus
          value={input}
          onChange={setInput}
          placeholder="example.com"
          description={readAs(current?.name, input)}
          error={current?.failure ? failureText(current.failure) : undefined}
        />
        {typeof mended === 'string' && (
          <div>
            <Button onPress={() => setInput(mended)}>Use {mended}</Button>
          </div>
        )}
      </div>
      {suggestion && (
        <div className="flex items-start gap-4 rounded-card border border-line p-4">
          <div className="flex-1">
            <p className="font-medium">Send from a subdomain instead?</p>
            <p className="text-ink-soft">
              Mail from <code className="font-mono text-meta">{suggestion}</code> builds its own reputation.
              If something goes wrong there, your main domain keeps its good name.
            </p>
          </div>
          <Button onPress={() => setInput(suggestion)}>Use {suggestion}</Button>
        </div>
      )}
      <TextField
        label="Tags"
        value={tags}
        onChange={setTags}
        placeholder="Client name"
        description="Optional. For grouping and filtering; separate several with commas."
      />
      <div className="flex items-center gap-3">
        <Button kind="primary" type="submit" isDisabled={input.trim() === '' || isBusy || !isOpen}>
          Continue
        </Button>
        <span className="text-meta text-ink-soft">Nothing is changed in your DNS.</span>
      </div>
    </form>
  )
}

function readAs(name: InspectedName | null | undefined, input: string): string {
  if (!name) return 'The name alone, without https:// or anything after it.'
  if (name.alreadyAdded) return `${name.displayName} is on your list already.`
  return name.name === input.trim().toLowerCase() ? 'This name can be used.' : `In DNS this is ${name.name}.`
}
