import { type FailureCode, ok, type Result } from '#shared/failure.ts'
import { parseAddress, type ReadDomain } from '#shared/mail-auth/parse-address.ts'
import type { SignedIn, SignInEvent } from '#shared/model/oauth.ts'
import type { guarded } from '../guard.ts'
import type { Platform } from '../platform.ts'
import type { OauthClients } from './clients.ts'
import { oauthEndpoints } from './providers.ts'
import type { OauthRequest } from './request.ts'
import { signIn } from './sign-in.ts'
import type { OauthTokens } from './tokens.ts'

export type OauthDependencies = {
  readonly clients: OauthClients
  readonly tokens: OauthTokens
  readonly request: OauthRequest
  readonly platform: Platform
  readonly readDomain: ReadDomain<FailureCode>
  readonly endpoints?: typeof oauthEndpoints
}

/** What may be asked about sign-ins: `src-shared/contract/oauth.ts` says what each procedure answers. */
export function oauthProcedures(engine: ReturnType<typeof guarded>, dependencies: OauthDependencies) {
  const { clients, tokens, request, platform, readDomain, endpoints = oauthEndpoints } = dependencies
  const os = engine.oauth
  return {
    clients: os.clients.handler(() => ok(clients.list())),

    setClient: os.setClient.handler(async ({ input: { provider, ...keys } }) => {
      const set = await clients.set(provider, keys)
      return set.ok ? ok(clients.list()) : set
    }),

    signIn: os.signIn.handler(async function* ({
      input,
      signal,
    }): AsyncGenerator<SignInEvent, Result<SignedIn>, void> {
      const { provider, otherAccount } = input
      const address = parseAddress(input.address, readDomain)
      if (!address.ok) return address
      const client = await clients.of(provider)
      if (!client.ok) return client
      const granted = yield* signIn({
        provider,
        endpoints: endpoints[provider],
        client: client.value,
        address: address.value.address,
        otherAccount,
        opensLinks: platform.host.opensLinks,
        openExternal: platform.openExternal,
        request,
        now: platform.clock.now,
        signal,
      })
      return granted.ok ? tokens.keep(address.value.address, provider, granted.value) : granted
    }),

    status: os.status.handler(async ({ input }) => {
      const address = parseAddress(input.address, readDomain)
      return address.ok ? tokens.status(address.value.address) : address
    }),

    forget: os.forget.handler(async ({ input }) => {
      const address = parseAddress(input.address, readDomain)
      return address.ok ? tokens.forget(address.value.address) : address
    }),
  }
}
