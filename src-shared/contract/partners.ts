import { oc } from '@orpc/contract'
import { z } from 'zod'
import {
  invitationDaysSchema,
  partnerNameSchema,
  partnerTextKindSchema,
  partnerTextProblemSchema,
  perDaySchema,
  readPartnerTextSchema,
} from '../model/partner.ts'
import { nothing, resultOf } from '../model/result.ts'

const id = z.string().max(64)
/** With everything a mail program puts around it. */
const handed = z.string().max(200_000)
const ours = z.object({
  /** Our mailboxes that take part; each must warm up. */
  mailboxIds: z.array(id).min(1).max(500),
  /** Messages a day that each of them takes from the partner. */
  perDay: perDaySchema,
})

const refused = z.object({ taken: z.literal(false), problem: partnerTextProblemSchema })

/**
 * Agreements with other Rookeries; the agreements themselves come with the change feed (table `partners`). Texts go from
 * person to person, by whatever way they like; nothing is sent by this.
 */
export const partners = {
  /** Makes an invitation. It holds our name, the addresses and half of a key, and is no secret. */
  invite: oc
    .input(ours.extend({ name: partnerNameSchema, days: invitationDaysSchema }))
    .output(resultOf(z.object({ id: z.string(), text: z.string() }))),

  /** What a text says; nothing is kept. */
  read: oc
    .input(z.object({ text: handed }))
    .output(
      resultOf(
        z.discriminatedUnion('taken', [
          z.object({ taken: z.literal(true), says: readPartnerTextSchema }),
          refused,
        ]),
      ),
    ),

  /** Accepts an invitation; `text` is the answer to give back. */
  accept: oc
    .input(ours.extend({ name: partnerNameSchema, text: handed }))
    .output(
      resultOf(
        z.discriminatedUnion('taken', [
          z.object({ taken: z.literal(true), id: z.string(), text: z.string(), checkNumber: z.string() }),
          refused,
        ]),
      ),
    ),

  /** Takes an answer, a change or an end that the partner handed over. */
  take: oc
    .input(z.object({ text: handed }))
    .output(
      resultOf(
        z.discriminatedUnion('taken', [
          z.object({ taken: z.literal(true), id: z.string(), kind: partnerTextKindSchema }),
          refused,
        ]),
      ),
    ),

  /** Both people have compared the check number and it is the same; from here on mail may go. */
  confirm: oc.input(z.object({ id })).output(resultOf(nothing)),

  /** Other mailboxes of ours take part; `text` is to be given to the partner. */
  change: oc.input(ours.extend({ id })).output(resultOf(z.object({ text: z.string() }))),

  /** Goes on with a partner that was silent; the week begins anew. */
  goOn: oc.input(z.object({ id })).output(resultOf(nothing)),

  /** Ends an agreement or takes an invitation back, at once and for good; `text` tells the partner where there is one. */
  revoke: oc.input(z.object({ id })).output(resultOf(z.object({ text: z.string().nullable() }))),
}
