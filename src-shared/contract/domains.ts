import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { readIpAddress } from '../mail-auth/ip-range.ts'
import { auditEventSchema, auditReachSchema, auditReportSchema } from '../model/audit.ts'
import { checkHostResultSchema } from '../model/check-host.ts'
import { dailyLimitSchema, domainSchema, inspectedNameSchema } from '../model/domain.ts'
import { planChoicesSchema, recordPlanSchema } from '../model/record-plan.ts'
import { failureSchema, nothing, resultOf } from '../model/result.ts'
import { domainPerDaySchema, warmupDefaultsSchema } from '../model/warmup.ts'

const ids = z.array(z.string().max(64)).min(1).max(10_000)
const tag = z.string().trim().min(1).max(40)

export const domains = {
  /** Reads a name as typed: its A-labels, or what is wrong with it. Touches no network. */
  inspect: oc.input(z.object({ input: z.string().max(2_000) })).output(resultOf(inspectedNameSchema)),

  /** Adds a domain as Pending and plans its background polling. */
  add: oc
    .input(z.object({ input: z.string().max(2_000), tags: z.array(tag).max(20).default([]) }))
    .output(resultOf(domainSchema)),

  /** Adds every name of a pasted list or CSV (its first column, or the one headed `domain`). Good lines are kept, bad ones told. */
  import: oc
    .input(z.object({ text: z.string().max(2_000_000), tags: z.array(tag).max(20).default([]) }))
    .output(
      resultOf(
        z.object({
          added: z.array(z.object({ id: z.string(), name: z.string() })),
          refused: z.array(z.object({ line: z.number().int(), input: z.string(), failure: failureSchema })),
        }),
      ),
    ),

  /**
   * Takes domains off the list. `restore` brings them back whole for seven days. Without `withMailboxes` a domain that
   * has mailboxes stops it: `domain-has-mailboxes`; with it they go too, and come back with it.
   */
  remove: oc
    .input(z.object({ ids, withMailboxes: z.boolean().default(false) }))
    .output(resultOf(z.object({ removed: z.array(z.string()) }))),
  restore: oc.input(z.object({ ids })).output(resultOf(z.object({ restored: z.array(z.string()) }))),

  tag: oc
    .input(z.object({ ids, add: z.array(tag).max(20).default([]), remove: z.array(tag).max(20).default([]) }))
    .output(resultOf(nothing)),

  /** What each mailbox of these domains may send in a day, unless it has a limit of its own. */
  setDailyLimit: oc.input(z.object({ ids, dailyLimit: dailyLimitSchema })).output(resultOf(nothing)),

  /** What the mailboxes of these domains begin to warm up with; null takes the usual. Those in warmup keep what they have. */
  setWarmupDefaults: oc
    .input(z.object({ ids, defaults: warmupDefaultsSchema.nullable() }))
    .output(resultOf(nothing)),

  /** What all mailboxes of each of these domains may send together in a day, campaigns included; null for no limit. */
  setWarmupPerDay: oc
    .input(z.object({ ids, perDay: domainPerDaySchema.nullable() }))
    .output(resultOf(nothing)),

  /** Runs an audit of a stored domain now, told check by check; the report is stored before it is returned. */
  audit: oc
    .input(z.object({ id: z.string().max(64), reach: auditReachSchema.prefault({}) }))
    .output(eventIterator(auditEventSchema, resultOf(auditReportSchema))),

  /** Audits a name that need not be stored. Stores nothing. */
  auditName: oc
    .input(z.object({ input: z.string().max(2_000), reach: auditReachSchema.prefault({}) }))
    .output(eventIterator(auditEventSchema, resultOf(auditReportSchema))),

  /** Asks SPF whether an address may send (check_host of RFC 7208). An empty `mailFrom` is a bounce. Stores nothing. */
  checkHost: oc
    .input(
      z.object({
        ip: z
          .string()
          .max(45)
          .refine(text => readIpAddress(text) !== null, 'not an IP address'),
        mailFrom: z.string().max(1_000),
        helo: z.string().max(1_000),
      }),
    )
    .output(resultOf(checkHostResultSchema)),

  /** Queues audits as durable work; the list shows them as they finish. `cancelChecks` drops what has not started. */
  check: oc.input(z.object({ ids })).output(resultOf(z.object({ queued: z.number().int() }))),
  cancelChecks: oc.input(z.object({ ids })).output(resultOf(z.object({ cancelled: z.number().int() }))),

  /** The last stored report, or null before the first audit. */
  report: oc.input(z.object({ id: z.string().max(64) })).output(resultOf(auditReportSchema.nullable())),

  /** Scores over time, oldest first, for the trend. */
  history: oc
    .input(z.object({ id: z.string().max(64) }))
    .output(resultOf(z.array(z.object({ at: z.number().int(), score: z.number().int().nullable() })))),

  /**
   * The records this domain should publish, in standard form and as its DNS provider wants them typed. A name among the
   * choices that cannot be used is one of its `problems`; everything else is planned all the same.
   */
  plan: oc
    .input(z.object({ id: z.string().max(64), ...planChoicesSchema.shape }))
    .output(resultOf(recordPlanSchema)),

  /** What was chosen about the records of a domain; kept with it. */
  planChoices: oc.input(z.object({ id: z.string().max(64) })).output(resultOf(planChoicesSchema)),
  setPlanChoices: oc
    .input(z.object({ id: z.string().max(64), choices: planChoicesSchema }))
    .output(resultOf(nothing)),
}
