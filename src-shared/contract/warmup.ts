import { oc } from '@orpc/contract'
import { z } from 'zod'
import { resultOf } from '../model/result.ts'
import {
  domainReputationSchema,
  placementCellSchema,
  templateProblemAtSchema,
  templateSchema,
  templateTrialSchema,
  warmupActivityCodeSchema,
  warmupActivitySchema,
  warmupDetailsSchema,
} from '../model/warmup-view.ts'
import { poolReachSchema, rampPreviewSchema, warmupSettingsSchema } from '../model/warmup.ts'

const id = z.string().max(64)
const ids = z.array(id).min(1).max(1_000)
const changed = resultOf(z.object({ changed: z.array(z.string()) }))

/** The mailboxes that warm up come with the change feed (table `warmup`). */
export const warmup = {
  /** Lets mailboxes warm up, with these settings or the usual ones of their domain. Those that do already are left alone. */
  start: oc.input(z.object({ ids, settings: warmupSettingsSchema.nullable().default(null) })).output(changed),

  /** Takes mailboxes out; what was sent stays in the books. */
  stop: oc.input(z.object({ ids })).output(changed),

  /** Holds mailboxes until a person lets them go on; nothing is sent, what arrives is still found, rescued and read. */
  pause: oc.input(z.object({ ids })).output(changed),

  /** Goes on at half the volume; also ends a pause that Rookery made, if its cause is gone or `anyway` is said. */
  resume: oc.input(z.object({ ids, anyway: z.boolean().default(false) })).output(changed),

  /** Ends the ramp before its time: the mailbox goes on in maintenance. */
  skip: oc.input(z.object({ ids })).output(changed),

  setSettings: oc.input(z.object({ ids, settings: warmupSettingsSchema })).output(changed),

  /** The whole ramp of these settings, and what the pool can give, before anything is sent. */
  preview: oc
    .input(z.object({ id: id.nullable(), settings: warmupSettingsSchema }))
    .output(resultOf(z.object({ ramp: rampPreviewSchema, reach: poolReachSchema }))),

  details: oc.input(z.object({ id })).output(resultOf(warmupDetailsSchema)),

  /** What the mail of all mailboxes of a domain came to over 28 days; null while none of them has warmed up. */
  domain: oc.input(z.object({ id })).output(resultOf(domainReputationSchema.nullable())),

  /** Placements by provider over 28 days, of one mailbox or of all. */
  placements: oc.input(z.object({ id: id.nullable() })).output(resultOf(z.array(placementCellSchema))),

  /** What happened, newest first; `before` is the id of the last entry that was read. */
  activity: oc
    .input(
      z.object({
        id: id.nullable(),
        codes: z.array(warmupActivityCodeSchema).max(40).nullable().default(null),
        before: z.number().int().nullable().default(null),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .output(resultOf(z.object({ entries: z.array(warmupActivitySchema), more: z.boolean() }))),

  /** Templates of a person's own, for all mailboxes; refused as a whole while one has a problem. */
  templates: oc.output(resultOf(z.array(templateSchema))),
  setTemplates: oc
    .input(z.object({ templates: z.array(templateSchema).max(200) }))
    .output(resultOf(z.object({ problems: z.array(templateProblemAtSchema) }))),

  /** What a template would become, before it is kept; nothing is stored. */
  tryTemplate: oc
    .input(z.object({ subject: z.string().max(200), body: z.string().max(5_000) }))
    .output(resultOf(templateTrialSchema)),

  /**
   * Campaign messages mailboxes send besides, which count against their limits: on one local date, or with null every
   * day. What was said of a date goes before what is said of every day. The rest of today is planned anew.
   */
  setCampaign: oc
    .input(
      z.object({
        ids,
        date: z.iso.date().nullable().default(null),
        messages: z.number().int().min(0).max(100_000),
      }),
    )
    .output(changed),
}
