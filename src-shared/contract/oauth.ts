import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import {
  oauthClientSchema,
  oauthProviderIdSchema,
  signedInSchema,
  signInEventSchema,
} from '../model/oauth.ts'
import { nothing, resultOf } from '../model/result.ts'

const address = z.string().max(2_000)

export const oauth = {
  /** Whose client identifiers are in use. */
  clients: oc.output(resultOf(z.array(oauthClientSchema))),

  /** Sets one's own client, or with null goes back to that of the build. Secrets are sealed and never read back. */
  setClient: oc
    .input(
      z.object({
        provider: oauthProviderIdSchema,
        clientId: z.string().max(500).nullable(),
        clientSecret: z.string().max(500).nullable().default(null),
      }),
    )
    .output(resultOf(z.array(oauthClientSchema))),

  /**
   * Signs in for a mailbox in the browser. Leaving the stream ends it. With `otherAccount` `keep` an account of another
   * name than the address is taken: an alias, or a mailbox that is shared.
   */
  signIn: oc
    .input(
      z.object({
        provider: oauthProviderIdSchema,
        address,
        otherAccount: z.enum(['refuse', 'keep']).default('refuse'),
      }),
    )
    .output(eventIterator(signInEventSchema, resultOf(signedInSchema))),

  /** Who is signed in for a mailbox, or null. */
  status: oc.input(z.object({ address })).output(resultOf(signedInSchema.nullable())),

  /** Forgets the sign-in of a mailbox. */
  forget: oc.input(z.object({ address })).output(resultOf(nothing)),
}
