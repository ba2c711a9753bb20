import { z } from 'zod'
import { dmarcEvidenceSchema } from './dmarc-report.ts'
import { rawHttpsSchema, rawSmtpSchema } from './exchange.ts'
import { checkIdSchema, findingSchema, moreCheckIds, verdictSchema } from './finding.ts'
import { lookupStateSchema, rawAnswerSchema } from './lookup.ts'
import { reachSettingsSchema } from './settings.ts'

/** One term of an SPF record that costs look-ups, and what stands below it (RFC 7208 §4.6.4). */
export type SpfCost = {
  term: string
  /** The name asked, or null when it holds a macro that only a message can fill in. */
  target: string | null
  /** Look-ups this term costs with everything below it. */
  lookups: number
  voidLookups: number
  state: 'found' | 'absent' | 'unavailable' | 'not-asked'
  children: SpfCost[]
}
export const spfCostSchema: z.ZodType<SpfCost> = z.object({
  term: z.string(),
  target: z.string().nullable(),
  lookups: z.number().int(),
  voidLookups: z.number().int(),
  state: z.enum(['found', 'absent', 'unavailable', 'not-asked']),
  get children() {
    return z.array(spfCostSchema)
  },
})

export const spfResultSchema = z.object({
  state: lookupStateSchema,
  record: z.string().nullable(),
  verdict: verdictSchema,
  lookups: z.number().int(),
  voidLookups: z.number().int(),
  all: z.enum(['+all', '-all', '~all', '?all']).nullable(),
  costs: z.array(spfCostSchema),
})
export type SpfResult = z.infer<typeof spfResultSchema>

/** In what a receiver that still goes by RFC 7489 differs from one of RFC 9989. */
export const olderDifferences = [
  'organisational-domain',
  'record',
  'policy',
  'percentage',
  'test-mode',
  'missing-subdomains',
  'policy-not-second',
  'report-size',
] as const
export type OlderDifference = (typeof olderDifferences)[number]
/** What a receiver does that still goes by RFC 7489. */
export const olderReceiverSchema = z.object({
  policy: z.enum(['none', 'quarantine', 'reject']).nullable(),
  /** By the public suffix list. */
  organisationalDomain: z.string(),
  /** The name of the record it applies. */
  foundAt: z.string().nullable(),
  /** Of the mail that fails, so many of a hundred get the policy (`pct`). */
  percentage: z.number().int(),
  differences: z.array(z.enum(olderDifferences)),
})
export type OlderReceiver = z.infer<typeof olderReceiverSchema>

export const dmarcResultSchema = z.object({
  state: lookupStateSchema,
  record: z.string().nullable(),
  verdict: verdictSchema,
  policy: z.enum(['none', 'quarantine', 'reject']).nullable(),
  /** The name the record stands at, as `_dmarc.example.com`: the domain's own, or one its organisation inherits. */
  foundAt: z.string().nullable(),
  /** By the tree walk (RFC 9989 §4.10.2); null when a name of it could not be looked up. Earlier reports lack it. */
  organisationalDomain: z.string().nullable().optional(),
  /** Null when it could not be told, or where neither receiver finds a record. Earlier reports lack it. */
  older: olderReceiverSchema.nullable().optional(),
})
export type DmarcResult = z.infer<typeof dmarcResultSchema>

export const dkimSelectorSchema = z.object({
  selector: z.string(),
  state: lookupStateSchema,
  verdict: verdictSchema,
  keyType: z.enum(['rsa', 'ed25519']).nullable(),
  keyBits: z.number().int().nullable(),
  record: z.string().nullable(),
  /** The names an alias at the selector leads through, in order; empty without one. Earlier reports lack it. */
  aliases: z.array(z.string()).optional(),
})
export type DkimSelector = z.infer<typeof dkimSelectorSchema>

export const dkimResultSchema = z.object({
  state: lookupStateSchema,
  verdict: verdictSchema,
  /** Selectors that exist, or that could not be asked. Names that were tried and are absent are not listed. */
  selectors: z.array(dkimSelectorSchema),
  /** How many names were tried. */
  tried: z.number().int(),
})
export type DkimResult = z.infer<typeof dkimResultSchema>

export const mxHostSchema = z.object({
  preference: z.number().int(),
  host: z.string(),
  addresses: z.array(z.string()),
  state: lookupStateSchema,
})
export const mxResultSchema = z.object({
  state: lookupStateSchema,
  verdict: verdictSchema,
  nullMx: z.boolean(),
  hosts: z.array(mxHostSchema),
  /** The mail provider the hosts belong to, an id of `resources/mail-providers.json`, when it is known. */
  provider: z.string().nullable(),
})
export type MxResult = z.infer<typeof mxResultSchema>

export const nsResultSchema = z.object({
  state: lookupStateSchema,
  verdict: verdictSchema,
  /** The zone the nameservers were found at: the domain itself or the nearest ancestor with NS records. */
  zone: z.string().nullable(),
  hosts: z.array(z.string()),
  /** The DNS provider, an id of `resources/dns-providers.json`, when it is known. */
  provider: z.string().nullable(),
})
export type NsResult = z.infer<typeof nsResultSchema>

/** One line of the DNS table. `expected` is what Rookery would publish, in standard form, when it knows. */
export const auditRowSchema = z.object({
  /** Stable within an audit: the check's id, with `:` and a part of it where a check has several rows, as `dkim:<selector>`. */
  id: z.string(),
  check: checkIdSchema,
  name: z.string(),
  type: z.string(),
  state: lookupStateSchema,
  /** Why it could not be looked up, a reason of `unavailableReasons`; null otherwise. */
  reason: z.string().nullable(),
  verdict: verdictSchema,
  found: z.array(z.string()),
  expected: z.string().nullable(),
  ttlS: z.number().int().nullable(),
  server: z.string().nullable(),
  /** Findings of this row, worst first; they stand in full in the report. */
  codes: z.array(z.string()),
})
export type AuditRow = z.infer<typeof auditRowSchema>

export const scorePartSchema = z.object({
  check: checkIdSchema,
  code: z.string(),
  points: z.number(),
})
/** A score is a number with its reasons, or unknown with the checks that were missing. Never a guess. */
export const scoreSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('known'),
    value: z.number().int().min(0).max(100),
    lost: z.array(scorePartSchema),
  }),
  z.object({ state: z.literal('unknown'), missing: z.array(checkIdSchema) }),
])
export type Score = z.infer<typeof scoreSchema>

/** What every check comes to, whatever else it knows. */
export const checkStateSchema = z.object({ state: lookupStateSchema, verdict: verdictSchema })
export type CheckState = z.infer<typeof checkStateSchema>

/** What one nameserver, asked directly, says about a record. `lame`: it does not hold the zone. */
export const viewedServerSchema = z.object({
  host: z.string(),
  address: z.string().nullable(),
  state: z.enum(['found', 'absent', 'lame', 'unavailable']),
  values: z.array(z.string()),
  reason: z.string().nullable(),
})
export type ViewedServer = z.infer<typeof viewedServerSchema>

/**
 * A required record as each nameserver has it and as the resolver sees it. `ttlS`: how long the resolver keeps its
 * answer, in seconds. `resolver-old`: the nameservers agree, and the resolver has something else.
 */
export const recordViewSchema = z.object({
  /** The row it belongs to. */
  row: z.string(),
  name: z.string(),
  type: z.string(),
  state: z.enum(['same', 'resolver-old', 'differs', 'lame', 'unavailable']),
  ttlS: z.number().int().nullable(),
  resolver: z.array(z.string()),
  servers: z.array(viewedServerSchema),
})
export type RecordView = z.infer<typeof recordViewSchema>

export const auditReachedSchema = z.object({
  direct: z.boolean(),
  https: z.boolean(),
  smtp: z.boolean(),
  trackingHost: z.string().nullable(),
  /** DKIM selectors that were known to be in use and looked at beside those that were guessed. */
  selectors: z.array(z.string()).default([]),
  /** False when no selectors were guessed: then DKIM is known as far as its known selectors go. Earlier reports lack it. */
  guessSelectors: z.boolean().default(true),
  /** What stored aggregate reports showed of the domain's mail when it began; null without any. */
  dmarcEvidence: dmarcEvidenceSchema.nullable().default(null),
})

export const auditReportSchema = z.object({
  domain: z.string(),
  startedAt: z.number().int(),
  tookMs: z.number(),
  /** Questions sent to a server; answers from the cache cost none. */
  queries: z.number().int(),
  ns: nsResultSchema,
  mx: mxResultSchema,
  spf: spfResultSchema,
  dmarc: dmarcResultSchema,
  dkim: dkimResultSchema,
  /** What the audit could reach beyond its resolver. */
  reach: auditReachedSchema.default({
    direct: false,
    https: false,
    smtp: false,
    trackingHost: null,
    selectors: [],
    guessSelectors: true,
    dmarcEvidence: null,
  }),
  /** Every check that was made, the required ones included. */
  checks: z.partialRecord(checkIdSchema, checkStateSchema).default({}),
  views: z.array(recordViewSchema).default([]),
  rows: z.array(auditRowSchema),
  findings: z.array(findingSchema),
  score: scoreSchema,
  raw: z.array(rawAnswerSchema),
  rawHttps: z.array(rawHttpsSchema).default([]),
  rawSmtp: z.array(rawSmtpSchema).default([]),
})
export type AuditReport = z.infer<typeof auditReportSchema>

/**
 * How far an audit goes beyond its resolver, and which checks it makes beside the required ones (null: all). What is not
 * said of `direct`, `https` and `smtp` is as the settings have it. Without `guessSelectors` DKIM is looked at under known
 * selectors alone.
 */
export const auditReachSchema = z.object({
  ...reachSettingsSchema.partial().shape,
  /** The name that links in mail lead through. */
  trackingHost: z
    .string()
    .max(253)
    .regex(/^[a-z0-9_-]+(?:\.[a-z0-9-]+)+$/i)
    .transform(host => host.toLowerCase())
    .nullable()
    .default(null),
  more: z.array(z.enum(moreCheckIds)).nullable().default(null),
  guessSelectors: z.boolean().default(true),
})
export type AuditReach = z.infer<typeof auditReachSchema>

/** What a running audit tells: the checks it will make, then each as it finishes. */
export const auditEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), domain: z.string(), checks: z.array(checkIdSchema) }),
  z.object({
    kind: z.literal('checked'),
    check: checkIdSchema,
    rows: z.array(auditRowSchema),
    findings: z.array(findingSchema),
    done: z.number().int(),
    total: z.number().int(),
    queries: z.number().int(),
  }),
])
export type AuditEvent = z.infer<typeof auditEventSchema>
