import { fail, ok, type Result } from '#shared/failure.ts'
import type { ConnectionEvent, ConnectionResult, Credential } from '#shared/model/connection.ts'
import type { MailboxConnection } from '#shared/model/mailbox.ts'
import type { AccessToken } from './credentials.ts'

type Tested = AsyncGenerator<ConnectionEvent, ConnectionResult, void>

/**
 * A test that renews a token which the server no longer takes, and then goes through once more; but not when the message
 * may already have been sent. Where the renewal says that the sign-in is over, so does the result
 * (`auth.sign-in-again`). Passwords are tested as they are.
 */
export async function* withFreshToken(
  test: (credential: Credential) => Tested,
  credential: Credential,
  renew: () => Promise<Result<Credential>>,
): Tested {
  const first = yield* test(credential)
  if (credential.kind !== 'oauth' || !first.failures.some(isRefusedToken)) return first
  const renewed = await renew()
  if (renewed.ok) {
    const neverSent = first.failures.some(
      ({ phase, code }) => phase === 'smtp-login' && isRefusedToken({ code }),
    )
    return neverSent ? yield* test(renewed.value) : first
  }
  if (renewed.failure.code !== 'oauth-sign-in-again') return first
  const failures = first.failures.map(failure =>
    isRefusedToken(failure) ? { ...failure, code: 'auth.sign-in-again' as const } : failure,
  )
  return { ...first, failures }
}

const isRefusedToken = ({ code }: { code: string }) =>
  code === 'auth.token-expired' || code === 'auth.sign-in-again'

/** How a mailbox that is signed in for gets another token. */
export function renewalOf(
  accessToken: AccessToken,
  { login, address, signal }: { login: MailboxConnection['login']; address: string; signal: AbortSignal },
): () => Promise<Result<Credential>> {
  return async () => {
    if (login.kind !== 'oauth') return fail('oauth-not-signed-in')
    const token = await accessToken(login.provider, address, signal, true)
    return token.ok ? ok({ kind: 'oauth', accessToken: token.value }) : token
  }
}
