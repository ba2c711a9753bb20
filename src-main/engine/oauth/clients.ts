import { z } from 'zod'
import { fail, ok, type Result } from '#shared/failure.ts'
import {
  clientIdSchema,
  type OauthClient,
  type OauthProviderId,
  oauthProviderIds,
} from '#shared/model/oauth.ts'
import buildClients from '../../../resources/oauth-clients.json' with { type: 'json' }
import { writeOrFail } from '../storage/failures.ts'
import type { Reads, Store } from '../storage/open.ts'
import type { ClientKeys } from './sign-in.ts'
import type { TokenVault } from './tokens.ts'

export type OauthClients = {
  list(): OauthClient[]
  /** Sets one's own client, or with null forgets it. Fails with `oauth-client-invalid`, and as the vault does. */
  set(
    provider: OauthProviderId,
    keys: { readonly clientId: string | null; readonly clientSecret: string | null },
  ): Promise<Result<null>>
  /** The client to sign in with; fails with `oauth-client-missing`, and as the vault does. */
  of(provider: OauthProviderId): Promise<Result<ClientKeys>>
}

export type BuildClients = Readonly<
  Record<OauthProviderId, { readonly clientId: string | null; readonly clientSecret: string | null }>
>

const storedSchema = z.partialRecord(z.enum(oauthProviderIds), z.string())
const key = 'oauth-clients'
const secretOf = (provider: OauthProviderId) => `oauth-client-secret ${provider}`

export function createClients(
  store: Store,
  vault: TokenVault,
  build: BuildClients = buildClients,
): OauthClients {
  return {
    list: () => {
      const own = readOwn(store)
      return oauthProviderIds.map(provider => {
        const mine = own[provider] ?? null
        const { clientId, clientSecret } = build[provider]
        if (mine !== null)
          return { provider, origin: 'own', clientId: mine, hasSecret: vault.has(secretOf(provider)) }
        const origin = clientId === null ? null : 'build'
        return { provider, origin, clientId, hasSecret: clientSecret !== null }
      })
    },
    set: async (provider, { clientId, clientSecret }) => {
      const read = clientId === null ? null : clientIdSchema.safeParse(clientId)
      const secret = clientSecret?.trim() ?? ''
      if (read?.success === false || /\s/.test(secret)) return fail('oauth-client-invalid', { provider })
      const kept =
        read === null || secret === ''
          ? await vault.forget(secretOf(provider))
          : await vault.keep(secretOf(provider), secret)
      if (!kept.ok) return kept
      return writeOrFail(store, writes => {
        const { [provider]: _, ...others } = readOwn(writes)
        const next = read === null ? others : { ...others, [provider]: read.data }
        writes.run('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)', key, JSON.stringify(next))
        return null
      })
    },
    of: async provider => {
      const mine = readOwn(store)[provider]
      if (mine !== undefined) {
        const secret = await vault.read(secretOf(provider))
        return secret.ok ? ok({ clientId: mine, clientSecret: secret.value }) : secret
      }
      const { clientId, clientSecret } = build[provider]
      return clientId === null ? fail('oauth-client-missing', { provider }) : ok({ clientId, clientSecret })
    },
  }
}

function readOwn(reads: Reads): Partial<Record<OauthProviderId, string>> {
  const stored = reads.get<{ value: string }>('SELECT value FROM settings WHERE key = ?', key)?.value
  const parsed = storedSchema.safeParse(stored === undefined ? {} : JSON.parse(stored))
  return parsed.success ? parsed.data : {}
}
