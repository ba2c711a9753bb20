import { z } from 'zod'

/** What can be looked up on a list. */
export const blacklistKinds = ['ip4', 'ip6', 'domain', 'email'] as const
export const blacklistKindSchema = z.enum(blacklistKinds)
export type BlacklistKind = (typeof blacklistKinds)[number]

/** How much a listing weighs: 3 causes rejections widely, 2 is noticeable, 1 is minor, 0 is for information only. */
export const blacklistWeightSchema = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])
export type BlacklistWeight = z.infer<typeof blacklistWeightSchema>

/** What one answer of a list says. `allowed` and `neutral` are entries that harm nobody. */
export const codeMeaningSchema = z.enum(['listed', 'allowed', 'neutral', 'refused'])

const octet = '(?:\\*|\\d{1,3}(?:-\\d{1,3})?)'
/** One octet each: a number, a range such as `4-7`, or `*`. */
export const addressPatternSchema = z.string().regex(new RegExp(`^127(?:\\.${octet}){3}$`))

export const blacklistCodeSchema = z.union([
  z.strictObject({
    address: addressPatternSchema,
    says: codeMeaningSchema,
    meaning: z.string().min(3),
    /** Where it differs from the list's own. */
    weight: blacklistWeightSchema.optional(),
  }),
  /** A bit of the last octet of 127.0.0.x; the bits of an answer add up. */
  z.strictObject({
    bit: z.union([1, 2, 4, 8, 16, 32, 64, 128].map(bit => z.literal(bit))),
    says: codeMeaningSchema,
    meaning: z.string().min(3),
    weight: blacklistWeightSchema.optional(),
  }),
])
export type BlacklistCode = z.infer<typeof blacklistCodeSchema>

export const zoneNameSchema = z
  .string()
  .max(200)
  .regex(/^(?=.*[a-z])[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+$/)

export const keyServices = ['spamhaus', 'abusix'] as const
export const keyServiceSchema = z.enum(keyServices)
export type KeyService = z.infer<typeof keyServiceSchema>

const testPointSchema = z.strictObject({ listed: z.string().min(1), clean: z.string().min(1) })

const httpsUrl = z.string().regex(/^https:\/\/[a-z0-9.-]+(\/|$)/)

/** One list of `resources/dnsbl.json`. */
export const blacklistSchema = z.strictObject({
  zone: zoneNameSchema,
  name: z.string().min(2),
  kinds: z.array(blacklistKindSchema).min(1),
  weight: blacklistWeightSchema,
  codes: z.array(blacklistCodeSchema).min(1),
  /** A page about a listing and how it ends; `{target}` stands for what was looked up. */
  delistUrl: httpsUrl.nullable(),
  /** What the operator asks of those who query, in a sentence; null when nothing is known. */
  policy: z.string().min(3).nullable(),
  /** The operator answers only resolvers that were registered; from others silence says nothing. */
  needsRegistration: z.boolean().optional(),
  /** The zone with a key in its name, for those who have one. With `required` there is no other. */
  keyed: z
    .strictObject({ service: keyServiceSchema, zone: z.string().includes('{key}'), required: z.boolean() })
    .optional(),
  /** Answers for 127.0.0.1 and its like are no fault (RFC 5782 §5 asks that there be none). */
  exemptFromNegativeTest: z.boolean().optional(),
  offByDefault: z.boolean().optional(),
  /** Domain lists that want the registrable domain, never a host below it. */
  registrableOnly: z.boolean().optional(),
  /** Test entries other than those of RFC 5782 §5; null when the list is known to have none. */
  tests: z.partialRecord(blacklistKindSchema, testPointSchema.nullable()).optional(),
})
export type Blacklist = z.infer<typeof blacklistSchema>

export const deniedReasons = [
  'closed',
  'lists-everything',
  'merged',
  'unmaintained',
  'paid',
  'wrong-kind',
] as const
/** One line of `resources/dnsbl-denied.json`: zones that are never asked, with all names below them. */
export const deniedZoneSchema = z.strictObject({
  zone: zoneNameSchema,
  /** When it ended, as `2024-06-05`, `2025-01` or `2012`; null when nobody wrote it down. */
  since: z
    .string()
    .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/)
    .nullable(),
  reason: z.enum(deniedReasons),
  source: z.string().min(3),
})
export type DeniedZone = z.infer<typeof deniedZoneSchema>
export type DeniedReason = DeniedZone['reason']

/** A list that a person added. Any answer in 127.0.0.0/8 that is no error counts as a listing. */
export const customListSchema = z.object({
  zone: zoneNameSchema,
  kinds: z.array(blacklistKindSchema).min(1),
  weight: blacklistWeightSchema,
  delistUrl: z
    .string()
    .max(500)
    .regex(/^https:\/\//)
    .nullable(),
})
export type CustomList = z.infer<typeof customListSchema>

/**
 * What a look on one list came to. Only `listed` says anything bad about the target. `refused`: the list does not answer
 * this resolver or key. `tampering`: something between here and the list made up the answer. `dead-zone`: the list is gone,
 * parked or lists everything. `unavailable`: no usable answer.
 */
export const listingStates = [
  'listed',
  'not-listed',
  'refused',
  'tampering',
  'dead-zone',
  'unavailable',
] as const
export const listingStateSchema = z.enum(listingStates)
export type ListingState = z.infer<typeof listingStateSchema>

/** Why an answer is neither `listed` nor `not-listed`; look-ups that failed add a reason of `unavailableReasons`. */
export const blacklistReasons = [
  'public-resolver',
  'too-many-queries',
  'wrong-zone',
  'query-refused',
  'answer-outside-loopback',
  'resolver-rewrites',
  'loopback-one',
  'parked',
  'lists-everything',
  'test-entry-missing',
  'undocumented-code',
  'registration-needed',
  'no-test-entry',
] as const
export type BlacklistReason = (typeof blacklistReasons)[number]

export const listResultSchema = z.object({
  zone: z.string(),
  name: z.string(),
  state: listingStateSchema,
  /** The addresses the list answered with. */
  codes: z.array(z.string()),
  /** What the list says these codes mean; null when it says nothing. */
  meaning: z.string().nullable(),
  /** One of `blacklistReasons` or `unavailableReasons`; null for `listed` and `not-listed`. */
  reason: z.string().nullable(),
  /** The list's own words about a listing. */
  text: z.string().nullable(),
  delistUrl: z.string().nullable(),
  /** What the listing weighs for this target; without a listing, what the list weighs. */
  weight: blacklistWeightSchema,
})
export type ListResult = z.infer<typeof listResultSchema>

/** Why something is looked up: as asked, because mail is sent from it, or because it is seen in the domain's records. */
export const targetRoles = ['asked', 'domain', 'sending-ip', 'mx-ip'] as const
export type TargetRole = (typeof targetRoles)[number]

export const blacklistTargetSchema = z.object({
  /** An address, a domain in A-labels, or an email address. */
  target: z.string(),
  kind: blacklistKindSchema,
  role: z.enum(targetRoles),
  /** It belongs to a provider's pool that others share: a listing weighs nothing and nobody but the provider can end it. */
  shared: z.boolean(),
})
export type BlacklistTarget = z.infer<typeof blacklistTargetSchema>

export const targetResultSchema = blacklistTargetSchema.extend({ lists: z.array(listResultSchema) })
export type TargetResult = z.infer<typeof targetResultSchema>

export const blacklistReportSchema = z.object({
  checkedAt: z.number().int(),
  tookMs: z.number(),
  targets: z.array(targetResultSchema),
  /** Addresses and ranges of the SPF record that were left out, being too many to look up. */
  leftOut: z.array(z.string()),
})
export type BlacklistReport = z.infer<typeof blacklistReportSchema>

export const blacklistEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), targets: z.array(blacklistTargetSchema), total: z.number().int() }),
  z.object({
    kind: z.literal('checked'),
    target: z.string(),
    list: listResultSchema,
    done: z.number().int(),
    total: z.number().int(),
  }),
])
export type BlacklistEvent = z.infer<typeof blacklistEventSchema>

/** How a list passed the test of RFC 5782 §5 when it was last asked. */
export const selfTestSchema = z.object({
  kind: blacklistKindSchema,
  /** `passed`, or the state every answer of the list has instead. */
  state: z.enum(['passed', 'refused', 'tampering', 'dead-zone', 'unavailable']),
  reason: z.string().nullable(),
  testedAt: z.number().int(),
})
export type SelfTest = z.infer<typeof selfTestSchema>

/** A list as the settings show it. */
export const listEntrySchema = z.object({
  zone: z.string(),
  name: z.string(),
  kinds: z.array(blacklistKindSchema),
  weight: blacklistWeightSchema,
  policy: z.string().nullable(),
  on: z.boolean(),
  custom: z.boolean(),
  needsRegistration: z.boolean(),
  /** Whose key opens it, and whether it can be asked without one. */
  key: z.object({ service: keyServiceSchema, required: z.boolean(), present: z.boolean() }).nullable(),
  selfTests: z.array(selfTestSchema),
})
export type ListEntry = z.infer<typeof listEntrySchema>
