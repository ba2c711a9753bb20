import type { Failure } from '#shared/failure.ts'
import type { OauthProviderId, SignedIn, SignInEvent } from '#shared/model/oauth.ts'
import { CircleCheck, LogIn } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { readStream } from '../../../client/stream.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { failureText } from '../actions.ts'

const names: Record<OauthProviderId, string> = { google: 'Google', microsoft: 'Microsoft' }

type SignInProps = {
  provider: OauthProviderId
  address: string
  /** The user name to log in with, where the provider says one. */
  onSignedIn: (user: string | null) => void
}

/** Signing in with the provider in the browser; what it grants stays in the vault. */
export function SignIn({ provider, address, onSignedIn }: SignInProps) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [signedIn, setSignedIn] = useState<SignedIn | null>(null)
  const [event, setEvent] = useState<SignInEvent | 'begun' | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const running = useRef<AbortController | null>(null)
  const told = useRef(onSignedIn)
  told.current = onSignedIn

  useEffect(() => {
    let isCurrent = true
    if (isOpen) {
      void client.oauth.status({ address }).then(result => {
        if (isCurrent && result.ok) setSignedIn(result.value)
      })
    }
    return () => {
      isCurrent = false
    }
  }, [client, address, isOpen])
  useEffect(() => () => running.current?.abort(), [])

  const start = async () => {
    const cancel = new AbortController()
    running.current = cancel
    setFailure(null)
    setEvent('begun')
    const result = await readStream(client.oauth.signIn({ provider, address }, { signal: cancel.signal }), {
      signal: cancel.signal,
      onEvent: setEvent,
    })
    setEvent(null)
    if (result.ok) {
      setSignedIn(result.value)
      told.current(result.value.account)
    } else if (result.failure.code !== 'cancelled') setFailure(result.failure)
  }

  const url = event !== null && event !== 'begun' && event.state === 'browser' ? event.url : null
  const isGood = signedIn !== null && !signedIn.ended && signedIn.provider === provider
  return (
    <div className="flex flex-col gap-3">
      {failure && (
        <Notice tone="fail" title="Not signed in">
          {failureText(failure)}
        </Notice>
      )}
      {event === null ? (
        <div className="flex items-center gap-3">
          <Button isDisabled={!isOpen} onPress={() => void start()}>
            <LogIn aria-hidden />
            {isGood ? 'Sign in again' : `Sign in with ${names[provider]}`}
          </Button>
          {isGood && (
            <span className="inline-flex items-center gap-1.5 text-pass">
              <CircleCheck aria-hidden size={16} />
              Signed in{signedIn.account === null ? '' : ` as ${signedIn.account}`}
            </span>
          )}
        </div>
      ) : (
        <div className="flex items-center gap-3">
          <Spinner size={16} />
          <span role="status">
            {event !== 'begun' && event.state === 'exchanging'
              ? 'Finishing the sign-in.'
              : 'Go on in your browser; this page waits for it.'}
          </span>
          {url && (
            <a
              href={url}
              target="_blank"
              rel="noopener noreferrer"
              className="font-medium text-accent-ink hover:underline"
            >
              Open the page of {names[provider]}
            </a>
          )}
          <Button kind="quiet" onPress={() => running.current?.abort()}>
            Cancel
          </Button>
        </div>
      )}
    </div>
  )
}
