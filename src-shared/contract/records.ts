import { oc } from '@orpc/contract'
import { z } from 'zod'
import { ownKeySchema, selectorSchema } from '../model/own-key.ts'
import { failureSchema, nothing, resultOf } from '../model/result.ts'

const id = z.string().max(64)
const key = z.object({ id, selector: selectorSchema })

/** What goes into the records of a domain. No answer here ever holds a private key (decision 12). */
export const records = {
  /** The keys made here for a domain, a selector for the next one, and whether the vault can keep its private half now. */
  keys: oc.input(z.object({ id })).output(
    resultOf(
      z.object({
        keys: z.array(ownKeySchema),
        proposed: z.string(),
        canKeep: z.boolean(),
        /** Why it cannot, where something has to be done about it. */
        whyNot: failureSchema.nullable(),
      }),
    ),
  ),

  /**
   * Makes an RSA key pair for DKIM. The private half goes to the vault, or at once to a new file in the data folder that
   * only its owner can read; the answer holds the public record and the path.
   */
  createKey: oc.input(key.extend({ place: z.enum(['vault', 'file']) })).output(resultOf(ownKeySchema)),

  /** Moves a private key from the vault to such a file, once: the vault forgets it. */
  saveKey: oc.input(key).output(resultOf(ownKeySchema)),

  /** Forgets a key here, its private half in the vault too. A file stays where it is, and so does the record in DNS. */
  removeKey: oc.input(key).output(resultOf(nothing)),

  /** Looks a name up that is about to be used: does it hold one SPF record, and what does that cost; does it lead anywhere. */
  checkName: oc
    .input(z.object({ use: z.enum(['spf-include', 'tracking-target']), name: z.string().max(2_000) }))
    .output(
      resultOf(
        z.object({
          name: z.string(),
          /** `usable`, `unusable`, or nothing is known because no answer came. */
          state: z.enum(['usable', 'unusable', 'unavailable']),
          /** Look-ups that including the name costs, itself counted (RFC 7208 §4.6.4); null for other uses. */
          lookups: z.number().int().nullable(),
        }),
      ),
    ),
}
