import { z } from 'zod'
import { checkIdSchema, findingSchema, verdictSchema } from './finding.ts'
import { lookupStateSchema, rawAnswerSchema } from './lookup.ts'

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
  /** Stable within an audit: `spf`, `dmarc`, `mx`, `ns`, `dkim`, or `dkim:<selector>` for keys. */
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
  rows: z.array(auditRowSchema),
  findings: z.array(findingSchema),
  score: scoreSchema,
  raw: z.array(rawAnswerSchema),
})
export type AuditReport = z.infer<typeof auditReportSchema>

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
