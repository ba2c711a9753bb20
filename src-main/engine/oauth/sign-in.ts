import * as oauth from 'oauth4webapi'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { OauthProviderId, SignInEvent } from '#shared/model/oauth.ts'
import type { OauthFailure } from '#shared/words/failures/oauth.ts'
import { startDeadline } from '../net/deadline.ts'
import { limits } from '../net/limits.ts'
import { oauthFailure } from './faults.ts'
import type { OauthEndpoints } from './providers.ts'
import { listenForRedirect, type RedirectListener } from './redirect-listener.ts'
import type { OauthRequest } from './request.ts'

/** What a provider knows a program by. The secret of a desktop program is none, but some providers want it. */
export type ClientKeys = { readonly clientId: string; readonly clientSecret: string | null }

/** What a sign-in gave. Secret: it goes to the vault and nowhere else. */
export type Tokens = {
  readonly accessToken: string
  readonly refreshToken: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
  readonly account: string | null
}

export type SignInOptions = {
  readonly provider: OauthProviderId
  readonly endpoints: OauthEndpoints
  readonly client: ClientKeys
  /** The address of the mailbox. */
  readonly address: string
  readonly otherAccount: 'refuse' | 'keep'
  readonly opensLinks: 'host' | 'page'
  openExternal(url: string): Promise<Result<null>>
  readonly request: OauthRequest
  now(): number
  readonly signal?: AbortSignal | undefined
  /** How long the person may take, in milliseconds. */
  readonly waitMs?: number
}

/** Lifetime when the answer does not say one: short, so that it is renewed soon. */
const shortLifeS = 300

/**
 * Signs a person in: authorisation code with PKCE (RFC 7636), in the browser of the system, which comes back to the
 * loopback interface (RFC 8252); `state` and `nonce` are checked. Ends within `waitMs`. Fails with the codes of
 * `OauthFailure` and with `cancelled`; nothing is kept then.
 */
export async function* signIn(
  options: SignInOptions,
): AsyncGenerator<SignInEvent, Result<Tokens, OauthFailure | 'cancelled'>, void> {
  const { provider, endpoints, client, now, signal, waitMs = limits.signInMs } = options
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const nonce = oauth.generateRandomNonce()
  const listening = await listenForRedirect(endpoints.redirectHost, state)
  if (!listening.ok) return listening
  const listener = listening.value
  const deadline = startDeadline(waitMs, signal)
  try {
    const url = new URL(endpoints.authorization)
    const parameters = {
      client_id: client.clientId,
      redirect_uri: listener.redirectUri,
      response_type: 'code',
      scope: [...endpoints.mailScopes, ...endpoints.scopes].join(' '),
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      login_hint: options.address,
      ...endpoints.extra,
    }
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    if (options.opensLinks === 'host' && !(await options.openExternal(url.href)).ok)
      return fail('oauth-browser-unopened', { provider }, 'now')
    yield {
      state: 'browser',
      url: options.opensLinks === 'page' ? url.href : null,
      endsAt: now() + waitMs,
    }
    const answer = await untilAborted(listener, deadline.signal)
    if (answer === null) {
      if (deadline.ended() === 'cancelled') return fail('cancelled', {}, 'now')
      const code = listener.sawStranger() ? 'oauth-answer-not-ours' : 'oauth-timed-out'
      return fail(code, { provider }, 'now')
    }
    yield { state: 'exchanging' }
    return await exchange(options, { answer, state, nonce, verifier, listener, cancel: deadline.signal })
  } finally {
    deadline.end()
    await listener.close()
  }
}

async function untilAborted(
  listener: RedirectListener,
  signal: AbortSignal,
): Promise<URLSearchParams | null> {
  const aborted = new Promise<null>(resolve => {
    if (signal.aborted) resolve(null)
    signal.addEventListener('abort', () => resolve(null), { once: true })
  })
  return Promise.race([listener.answer, aborted])
}

type Answered = {
  readonly answer: URLSearchParams
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly listener: RedirectListener
  readonly cancel: AbortSignal
}

/** Trades the code for tokens (RFC 6749 §4.1.3) and looks at what was granted, and to whom. */
async function exchange(
  { provider, endpoints, client, request, now, signal, address, otherAccount }: SignInOptions,
  { answer, state, nonce, verifier, listener, cancel }: Answered,
): Promise<Result<Tokens, OauthFailure | 'cancelled'>> {
  const server = serverOf(endpoints)
  const party = { client_id: client.clientId }
  let granted: oauth.TokenEndpointResponse
  let step: 'authorization' | 'exchange' = 'authorization'
  try {
    const checked = oauth.validateAuthResponse(server, party, answer, state)
    step = 'exchange'
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      party,
      authenticationOf(client),
      checked,
      listener.redirectUri,
      verifier,
      { [oauth.customFetch]: (url, init) => request(url, init as RequestInit), signal: cancel },
    )
    granted = await readGrant(server, party, response, nonce)
  } catch (error) {
    if (signal?.aborted) return fail('cancelled', {}, 'now')
    return oauthFailure(provider, step, error)
  }
  const scopes = granted.scope?.toLowerCase().split(' ') ?? null
  if (scopes !== null && !endpoints.mailScopes.every(scope => scopes.includes(scope.toLowerCase())))
    return fail('oauth-scope-missing', { provider }, 'now')
  if (granted.refresh_token === undefined)
    return fail('oauth-provider-refused', { provider, error: 'no_refresh_token' })
  const account = accountOf(granted, endpoints.accountClaims)
  if (otherAccount === 'refuse' && account !== null && account.toLowerCase() !== address.toLowerCase())
    return fail('oauth-other-account', { provider, account, expected: address }, 'now')
  return ok({
    accessToken: granted.access_token,
    refreshToken: granted.refresh_token,
    expiresAt: now() + (granted.expires_in ?? shortLifeS) * 1_000,
    account,
  })
}

/**
 * Checks the answer and the ID token in it. Microsoft issues each under the name of the account's organisation, which
 * only the token itself says (`tid`); the token came straight from the token endpoint over TLS (OpenID Connect Core
 * §3.1.3.7).
 */
async function readGrant(
  server: oauth.AuthorizationServer,
  party: oauth.Client,
  response: Response,
  nonce: string,
): Promise<oauth.TokenEndpointResponse> {
  const text = await response.text()
  const tenant = server.issuer.includes('{tenantid}') ? tenantIn(text) : null
  const issuer = tenant === null ? server.issuer : server.issuer.replace('{tenantid}', tenant)
  const { status, headers } = response
  const again = new Response(text, { status, headers })
  return oauth.processAuthorizationCodeResponse({ ...server, issuer }, party, again, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
}

function tenantIn(text: string): string | null {
  try {
    const { id_token: token } = JSON.parse(text) as { id_token?: unknown }
    if (typeof token !== 'string') return null
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      tid?: unknown
    }
    return typeof claims.tid === 'string' && /^[0-9a-f-]{36}$/i.test(claims.tid) ? claims.tid : null
  } catch {
    return null
  }
}

function accountOf(granted: oauth.TokenEndpointResponse, names: readonly string[]): string | null {
  const claims = oauth.getValidatedIdTokenClaims(granted)
  const [named] = names
    .map(name => claims?.[name])
    .filter((claim): claim is string => typeof claim === 'string' && claim !== '')
  return named?.slice(0, 320) ?? null
}

export function serverOf({ issuer, authorization, token }: OauthEndpoints): oauth.AuthorizationServer {
  return { issuer, authorization_endpoint: authorization, token_endpoint: token }
}

export function authenticationOf({ clientSecret }: ClientKeys): oauth.ClientAuth {
  return clientSecret === null ? oauth.None() : oauth.ClientSecretPost(clientSecret)
}
