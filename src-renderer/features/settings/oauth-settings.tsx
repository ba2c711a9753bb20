import { ok, type Result } from '#shared/failure.ts'
import type { OauthClient } from '#shared/model/oauth.ts'
import { clientSentence, oauthProviderWords } from '#shared/words/oauth.ts'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { failureText } from '../frame/failures.ts'
import { NotYet } from '../frame/not-yet.tsx'
import { useAnswer } from '../frame/use-answer.ts'
import { ExternalPage } from '../frame/external-page.tsx'

/** The client IDs that sign-ins go through, with the steps to make one for each provider. */
export function OauthSettings() {
  const { value: clients, take } = useAnswer(engine => engine.oauth.clients())
  if (clients === null) return <NotYet />
  return (
    <div className="flex flex-col gap-8">
      {clients.map(entry => (
        <ClientForm key={entry.provider} entry={entry} onChanged={clients => take(ok(clients))} />
      ))}
    </div>
  )
}

function ClientForm({
  entry,
  onChanged,
}: {
  entry: OauthClient
  onChanged: (clients: OauthClient[]) => void
}) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [clientId, setClientId] = useState(entry.origin === 'own' ? (entry.clientId ?? '') : '')
  const [secret, setSecret] = useState('')
  const [error, setError] = useState<string | null>(null)
  const { provider, origin, hasSecret } = entry
  const words = oauthProviderWords[provider]

  const take = (result: Result<OauthClient[]>, title: string) => {
    if (!result.ok) {
      setError(failureText(result.failure))
      return
    }
    setSecret('')
    setError(null)
    showToast({ tone: 'pass', title })
    onChanged(result.value)
  }
  const save = async () => {
    const clientSecret = secret.trim() === '' ? null : secret.trim()
    take(
      await client.oauth.setClient({ provider, clientId: clientId.trim(), clientSecret }),
      'Client ID kept',
    )
  }
  const forget = async () => {
    setClientId('')
    take(
      await client.oauth.setClient({ provider, clientId: null, clientSecret: null }),
      'Client ID forgotten',
    )
  }
  return (
    <form
      aria-label={`Client ID for ${words.name}`}
      className="flex flex-col gap-3"
      onSubmit={event => {
        event.preventDefault()
        void save()
      }}
    >
      <div className="flex items-center gap-2">
        <h3 className="font-semibold">{words.name}</h3>
        {origin !== null && <Badge tone="pass">{origin === 'own' ? 'Your own' : 'From this build'}</Badge>}
      </div>
      <p className="text-meta text-ink-soft">{clientSentence(origin)}</p>
      <details className="text-meta">
        <summary className="cursor-default">How to make one</summary>
        <ol className="my-2 flex list-decimal flex-col gap-1 pl-5">
          {words.steps.map(step => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p className="mb-2 text-ink-soft">{words.note}</p>
        <ExternalPage
          url={words.url}
          className="inline-flex h-8 items-center gap-2 rounded-control border border-line-strong px-3 hover:bg-hover"
        >
          Open the page of {words.name}
        </ExternalPage>
      </details>
      <TextField
        label={`Client ID for ${words.name}`}
        mono
        value={clientId}
        onChange={value => {
          setClientId(value)
          setError(null)
        }}
        error={error ?? undefined}
      />
      <TextField
        label={`Client secret for ${words.name}`}
        secret
        mono
        value={secret}
        onChange={setSecret}
        placeholder={
          origin === 'own' && hasSecret ? 'A secret is kept; type it again to keep it with a new ID' : ''
        }
        description={words.secret}
      />
      <div className="flex items-center gap-2">
        <Button type="submit" kind="primary" isDisabled={!isOpen || clientId.trim() === ''}>
          Keep the client ID
        </Button>
        {origin === 'own' && (
          <Button kind="quiet" isDisabled={!isOpen} onPress={() => void forget()}>
            Forget it
          </Button>
        )}
      </div>
    </form>
  )
}
