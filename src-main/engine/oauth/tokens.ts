import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import { fail, type FailureCode, ok, type Result } from '#shared/failure.ts'
import { type OauthProviderId, oauthProviderIdSchema, type SignedIn } from '#shared/model/oauth.ts'
import { limits } from '../net/limits.ts'
import { oauthFailure } from './faults.ts'
import type { OauthEndpoints } from './providers.ts'
import type { OauthRequest } from './request.ts'
import { authenticationOf, type ClientKeys, serverOf, type Tokens } from './sign-in.ts'

/** Where tokens are kept: the vault. A locked one fails with its own code, which is passed on. */
export type TokenVault = {
  has(name: string): boolean
  read(name: string): Promise<Result<string | null>>
  keep(name: string, text: string): Promise<Result<null>>
  forget(name: string): Result<null> | Promise<Result<null>>
}

export type OauthTokens = {
  /** Keeps what a sign-in gave. */
  keep(address: string, provider: OauthProviderId, tokens: Tokens): Promise<Result<SignedIn>>
  /** Who is signed in for this mailbox, or null. */
  status(address: string): Promise<Result<SignedIn | null>>
  /**
   * A token to log in with (XOAUTH2), and the user it is for; renewed when it ends within `limits.tokenAheadMs`, or with
   * `renew` because a server refused it. Renewals of one mailbox never overlap. Fails with `oauth-not-signed-in`,
   * `oauth-sign-in-again` (and then without asking again, until somebody signs in), other codes of `OauthFailure`,
   * `cancelled`, and what the vault fails with.
   */
  access(
    address: string,
    asked?: { readonly renew?: boolean; readonly signal?: AbortSignal },
  ): Promise<Result<{ readonly accessToken: string; readonly user: string }>>
  /**
   * Forgets the sign-in here. It is not taken back at the provider: that would end the sign-ins of every mailbox of the
   * same account.
   */
  forget(address: string): Promise<Result<null>>
}

const keptSchema = z.object({
  provider: oauthProviderIdSchema,
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresAt: z.number(),
  account: z.string().nullable(),
  signedInAt: z.number(),
  ended: z.boolean(),
})
type Kept = z.infer<typeof keptSchema>

const nameOf = (address: string) => `oauth ${address.toLowerCase()}`
/** Long enough for one login with a token that could not be renewed. */
const stillGoodMs = 30_000

export function createTokens(options: {
  readonly vault: TokenVault
  readonly endpoints: Readonly<Record<OauthProviderId, OauthEndpoints>>
  clientOf(provider: OauthProviderId): Promise<Result<ClientKeys>>
  readonly request: OauthRequest
  now(): number
}): OauthTokens {
  const { vault, endpoints, clientOf, request, now } = options
  const renewing = new Map<string, Promise<Result<Kept>>>()
  const fetching = (url: string, init: unknown) => request(url, init as RequestInit)

  const read = async (address: string): Promise<Result<Kept | null>> => {
    const text = await vault.read(nameOf(address))
    if (!text.ok || text.value === null) return text as Result<null>
    const kept = keptSchema.safeParse(readJson(text.value))
    return ok(kept.success ? kept.data : null)
  }
  const write = (address: string, kept: Kept) => vault.keep(nameOf(address), JSON.stringify(kept))

  /** What somebody signed in for while the renewal was under way; it stands over what was renewed. */
  const newerThan = async (address: string, { refreshToken }: Kept): Promise<Kept | null> => {
    const found = await read(address)
    return found.ok && found.value !== null && found.value.refreshToken !== refreshToken ? found.value : null
  }

  const renew = async (address: string, kept: Kept): Promise<Result<Kept>> => {
    const { provider } = kept
    const client = await clientOf(provider)
    if (!client.ok) return client
    const server = serverOf(endpoints[provider])
    const party = { client_id: client.value.clientId }
    let granted: oauth.TokenEndpointResponse
    try {
      const response = await oauth.refreshTokenGrantRequest(
        server,
        party,
        authenticationOf(client.value),
        kept.refreshToken,
        { [oauth.customFetch]: fetching },
      )
      granted = await oauth.processGenericTokenEndpointResponse(server, party, await withoutIdToken(response))
    } catch (error) {
      const failed = oauthFailure(provider, 'refresh', error)
      const newer = await newerThan(address, kept)
      if (newer !== null) return ok(newer)
      // Remembered, so that nobody knocks again with a token that is over.
      if (failed.failure.code === 'oauth-sign-in-again') await write(address, { ...kept, ended: true })
      return failed
    }
    const newer = await newerThan(address, kept)
    if (newer !== null) return ok(newer)
    const renewed = {
      ...kept,
      accessToken: granted.access_token,
      refreshToken: granted.refresh_token ?? kept.refreshToken,
      expiresAt: now() + (granted.expires_in ?? 300) * 1_000,
    }
    const written = await write(address, renewed)
    return written.ok ? ok(renewed) : written
  }
  const renewOnce = (address: string, kept: Kept): Promise<Result<Kept>> => {
    const name = nameOf(address)
    const running = renewing.get(name) ?? renew(address, kept).finally(() => renewing.delete(name))
    renewing.set(name, running)
    return running
  }

  return {
    keep: async (address, provider, tokens) => {
      const kept = { provider, ...tokens, signedInAt: now(), ended: false }
      const written = await write(address, kept)
      return written.ok ? ok(signedIn(kept)) : written
    },
    status: async address => {
      const kept = await read(address)
      return kept.ok ? ok(kept.value && signedIn(kept.value)) : kept
    },
    access: async (address, { renew: asked = false, signal } = {}) => {
      const found = await read(address)
      if (!found.ok) return found
      const kept = found.value
      if (kept === null) return fail('oauth-not-signed-in')
      if (kept.ended) return fail('oauth-sign-in-again', { provider: kept.provider })
      const leftMs = kept.expiresAt - now()
      const answer = (one: Kept) => ok({ accessToken: one.accessToken, user: one.account ?? address })
      if (!asked && leftMs > limits.tokenAheadMs) return answer(kept)
      const renewed = await orAborted(renewOnce(address, kept), signal)
      if (renewed.ok) return answer(renewed.value)
      const isPassing = renewed.failure.retry === 'later'
      return isPassing && !asked && leftMs > stillGoodMs ? answer(kept) : renewed
    },
    forget: async address => {
      // What is being renewed would otherwise be kept after it was forgotten.
      await renewing.get(nameOf(address))
      return vault.forget(nameOf(address))
    },
  }
}

function signedIn({ provider, account, signedInAt, ended }: Kept): SignedIn {
  return { provider, account, signedInAt, ended }
}

/** A renewal may bring an ID token again, under a tenant's issuer; who it is was settled when the person signed in. */
async function withoutIdToken(response: Response): Promise<Response> {
  const { status, headers } = response
  const text = await response.text()
  const body = readJson(text)
  if (!response.ok || typeof body !== 'object' || body === null)
    return new Response(text, { status, headers })
  return new Response(JSON.stringify({ ...body, id_token: undefined }), { status, headers })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function orAborted<T>(
  work: Promise<Result<T>>,
  signal: AbortSignal | undefined,
): Promise<Result<T, FailureCode>> {
  if (signal === undefined) return work
  const left = new Promise<Result<T>>(resolve => {
    const leave = () => resolve(fail('cancelled', {}, 'now'))
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
  return Promise.race([work, left])
}
