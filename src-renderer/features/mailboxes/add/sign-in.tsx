import type { Failure } from '#shared/failure.ts'
import type { OauthProviderId, SignedIn, SignInEvent } from '#shared/model/oauth.ts'
import { CircleCheck, LogIn } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { readStream } from '../../../client/stream.ts'
import { Button } from '../../../ui/button.tsx'
import { Segments } from '../../../ui/choice.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { failureText } from '../../frame/failures.ts'

const names: Record<OauthProviderId, string> = { google: 'Google', microsoft: 'Microsoft' }

type SignInProps = {
  provider: OauthProviderId
  address: string
  /** The user name that stands in the form. */
  user: string
  onUser: (user: string) => void
}

/** Signing in with the provider in the browser; what it grants stays in the vault. */
export function SignIn({ provider, address, user, onUser }: SignInProps) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [signedIn, setSignedIn] = useState<SignedIn | null>(null)
  const [event, setEvent] = useState<SignInEvent | 'begun' | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const running = useRef<AbortController | null>(null)
  const told = useRef(onUser)
  told.current = onUser

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

  const start = async (otherAccount: 'refuse' | 'keep' = 'refuse') => {
    const cancel = new AbortController()
    running.current = cancel
    setFailure(null)
    setEvent('begun')
    const result = await readStream(
      client.oauth.signIn({ provider, address, otherAccount }, { signal: cancel.signal }),
      {
        signal: cancel.signal,
        onEvent: setEvent,
      },
    )
    setEvent(null)
    if (result.ok) {
      setSignedIn(result.value)
      told.current(userOf(result.value, address))
    } else if (result.failure.code !== 'cancelled') setFailure(result.failure)
  }

  const url = event !== null && event !== 'begun' && event.state === 'browser' ? event.url : null
  const isGood = signedIn !== null && !signedIn.ended && signedIn.provider === provider
  return (
    <div className="flex flex-col gap-3">
      {failure && (
        <Notice
          tone="fail"
          title="Not signed in"
          action={
            failure.code === 'oauth-other-account' && (
              <Button isDisabled={!isOpen} onPress={() => void start('keep')}>
                Use the other account
              </Button>
            )
          }
        >
          {failureText(failure)}
          {failure.code === 'oauth-other-account' &&
            ' Or use the other one, if this address is an alias of it or shared with it.'}
        </Notice>
      )}
      {event === null ? (
        <div className="flex flex-wrap items-center gap-3">
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
        <div className="flex flex-wrap items-center gap-3">
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
      {event === null && isGood && isShared(signedIn, address) && (
        <div className="flex flex-col gap-1.5">
          <Segments
            label="Log in as"
            value={user === signedIn.account ? 'account' : 'address'}
            onChange={as => onUser(as === 'account' ? (signedIn.account ?? address) : address)}
            options={[
              { id: 'address', label: 'A shared mailbox' },
              { id: 'account', label: 'An alias' },
            ]}
          />
          <p className="text-meta text-ink-soft">
            {user === signedIn.account
              ? `${address} is another name of ${signedIn.account}, which logs in.`
              : `${address} is shared with ${signedIn.account}, and logs in under its own name.`}
          </p>
        </div>
      )}
    </div>
  )
}

/** Exchange opens a shared mailbox with the token of whoever it is shared with, under the name of the mailbox. */
function isShared({ provider, account }: SignedIn, address: string): boolean {
  return provider === 'microsoft' && account !== null && account.toLowerCase() !== address.toLowerCase()
}

function userOf(signedIn: SignedIn, address: string): string {
  return isShared(signedIn, address) ? address : (signedIn.account ?? address)
}
