import { z } from 'zod'
import { failureSchema } from './result.ts'

/** What a record of the plan is for, in the order the plan lists them. */
export const planParts = ['spf', 'dmarc', 'dkim', 'mx', 'mta-sts', 'tls-rpt', 'tracking'] as const
export const planPartSchema = z.enum(planParts)
export type PlanPart = z.infer<typeof planPartSchema>

/** The steps of a DMARC policy, the mildest first (RFC 9989 §4.7). */
export const dmarcStepSchema = z.enum(['none', 'quarantine', 'reject'])
export type DmarcStep = z.infer<typeof dmarcStepSchema>

export const mtaStsModeSchema = z.enum(['testing', 'enforce'])
export type MtaStsMode = z.infer<typeof mtaStsModeSchema>

/** What a person decides about the records of a domain; everything left out is as detected, or not wanted. */
export const planChoicesSchema = z.object({
  /** Ids of providers; null takes what the last audit detected. */
  mailProvider: z.string().max(40).nullable().default(null),
  dnsProvider: z.string().max(40).nullable().default(null),
  /** A name whose SPF record may send too, as typed. */
  spfInclude: z.string().max(2_000).nullable().default(null),
  /** Null keeps the policy that is published. */
  dmarcStep: dmarcStepSchema.nullable().default(null),
  mtaSts: mtaStsModeSchema.nullable().default(null),
  tlsRpt: z.boolean().default(false),
  /** Where the tracking name leads, as typed; null: no tracking name is wanted. */
  trackingTarget: z.string().max(2_000).nullable().default(null),
  /** The tracking name itself: what stands left of the domain, or the full name. */
  trackingName: z.string().max(2_000).default('track'),
})
export type PlanChoices = z.infer<typeof planChoicesSchema>

/** A record the domain should publish. */
export const requiredRecordSchema = z.object({
  check: planPartSchema,
  type: z.enum(['TXT', 'CNAME', 'MX']),
  /** Full name, without the trailing dot. */
  name: z.string(),
  /** The value in standard form; null when only the mail provider can make it. */
  value: z.string().nullable(),
  /** What the DNS provider wants in its name box. */
  enterName: z.string(),
  /** What the DNS provider wants in its value box. */
  enterValue: z.string().nullable(),
  /** `add` a new record, `replace` the one that stands there, `keep` it, or get the value from the mail `provider`. */
  action: z.enum(['add', 'replace', 'keep', 'provider']),
  current: z.string().nullable(),
})
export type RequiredRecord = z.infer<typeof requiredRecordSchema>

/** The file that an MTA-STS record announces (RFC 8461 §3.2). */
export const policyFileSchema = z.object({
  /** The name the web server answers for. */
  host: z.string(),
  url: z.string(),
  text: z.string(),
  mode: mtaStsModeSchema,
})
export type PolicyFile = z.infer<typeof policyFileSchema>

export const recordPlanSchema = z.object({
  domain: z.string(),
  /** The zone the records are edited in; it may be a parent of the domain. */
  zone: z.string(),
  /** The providers the plan is made for: those chosen, else those detected. */
  dnsProvider: z.string().nullable(),
  mailProvider: z.string().nullable(),
  records: z.array(requiredRecordSchema),
  /** The DMARC policy that is published, and the one this plan leads to; null where there is none, or it is unknown. */
  dmarc: z.object({ published: dmarcStepSchema.nullable(), planned: dmarcStepSchema.nullable() }),
  policyFile: policyFileSchema.nullable(),
  /** Names that were chosen and cannot be used: the plan is made without them. */
  problems: z.array(
    z.object({ field: z.enum(['spfInclude', 'trackingTarget', 'trackingName']), failure: failureSchema }),
  ),
  /** Parts that were chosen and make no sense while no server is known that takes mail for the domain. */
  leftOut: z.array(planPartSchema),
  /** The plan rests on look-ups that could not be made; it may change. */
  incomplete: z.boolean(),
  /** The audit it rests on. */
  checkedAt: z.number().int().nullable(),
})
export type PlanProblem = RecordPlan['problems'][number]
export type RecordPlan = z.infer<typeof recordPlanSchema>
