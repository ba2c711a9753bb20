import { z } from 'zod'

export const oauthProviderIds = ['google', 'microsoft'] as const
export const oauthProviderIdSchema = z.enum(oauthProviderIds)
export type OauthProviderId = z.infer<typeof oauthProviderIdSchema>

/** Whose client identifier is in use: the person's own, the one this build brings, or none. A secret is never shown. */
export const oauthClientSchema = z.object({
  provider: oauthProviderIdSchema,
  origin: z.enum(['own', 'build']).nullable(),
  clientId: z.string().nullable(),
  hasSecret: z.boolean(),
})
export type OauthClient = z.infer<typeof oauthClientSchema>

/** Identifiers are short texts without spaces; anything else was pasted from the wrong box. */
export const clientIdSchema = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,200}$/)

/** A sign-in as it goes. `url` is for a window that must open the browser itself; null when the host has opened it. */
export const signInEventSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('browser'), url: z.string().nullable(), endsAt: z.number().int() }),
  z.object({ state: z.literal('exchanging') }),
])
export type SignInEvent = z.infer<typeof signInEventSchema>

/** Who signed in for a mailbox; the tokens stay in the vault. */
export const signedInSchema = z.object({
  provider: oauthProviderIdSchema,
  /** The account as the provider names it; null when it does not say. It is the user name to log in with. */
  account: z.string().nullable(),
  signedInAt: z.number().int(),
  /** The provider ended it: only a new sign-in helps. */
  ended: z.boolean(),
})
export type SignedIn = z.infer<typeof signedInSchema>
