import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import {
  blacklistEventSchema,
  blacklistKindSchema,
  blacklistReportSchema,
  blacklistWeightSchema,
  keyServiceSchema,
  listEntrySchema,
} from '../model/blacklist.ts'
import { nothing, resultOf } from '../model/result.ts'

const id = z.string().max(64)

export const blacklists = {
  /** Looks a stored domain and its addresses up now, told list by list; the report is stored before it is returned. */
  check: oc
    .input(z.object({ id }))
    .output(eventIterator(blacklistEventSchema, resultOf(blacklistReportSchema))),

  /** Looks up addresses, domains and mailboxes that need not be stored. Stores nothing. */
  look: oc
    .input(z.object({ targets: z.array(z.string().max(2_000)).min(1).max(200) }))
    .output(eventIterator(blacklistEventSchema, resultOf(blacklistReportSchema))),

  /** The last stored report, or null before the first look. */
  report: oc.input(z.object({ id })).output(resultOf(blacklistReportSchema.nullable())),

  /** Every list there is, whether it is on, and how it passed its last test. */
  lists: oc.output(resultOf(z.array(listEntrySchema))),

  setList: oc
    .input(z.object({ zone: z.string().max(200), on: z.boolean() }))
    .output(resultOf(z.array(listEntrySchema))),

  /** Adds a list of one's own. Lists that ended, or never were about spam, are refused with the reason. */
  addList: oc
    .input(
      z.object({
        zone: z.string().max(200),
        kinds: z.array(blacklistKindSchema).min(1).max(4),
        weight: blacklistWeightSchema,
        delistUrl: z.string().max(500).nullable().default(null),
      }),
    )
    .output(resultOf(z.array(listEntrySchema))),
  removeList: oc.input(z.object({ zone: z.string().max(200) })).output(resultOf(z.array(listEntrySchema))),

  /** Seals the key of a service, or with null forgets it. A key is never read back. */
  setKey: oc
    .input(z.object({ service: keyServiceSchema, key: z.string().trim().max(100).nullable() }))
    .output(resultOf(nothing)),
}
