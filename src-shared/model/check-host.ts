import { z } from 'zod'

/** What check_host can answer, in the words of RFC 7208 §2.6. */
export const checkHostResults = [
  'none',
  'neutral',
  'pass',
  'fail',
  'softfail',
  'temperror',
  'permerror',
] as const
export type CheckHostVerdict = (typeof checkHostResults)[number]

/** Why the answer is `none`, `temperror` or `permerror`. */
export const checkHostCauses = [
  'domain-malformed',
  'domain-missing',
  'record-missing',
  'record-multiple',
  'record-invalid',
  'target-malformed',
  'target-without-record',
  'too-many-lookups',
  'too-many-void-lookups',
  'too-many-mx-hosts',
  'unavailable',
] as const
export type CheckHostCause = (typeof checkHostCauses)[number]

export const checkHostStepSchema = z.object({
  /** The domain whose record the term stands in. */
  domain: z.string(),
  /** How many includes and redirects deep; 0 is the domain that was asked about. */
  depth: z.number().int(),
  /** As written in the record. */
  term: z.string(),
  /** The name the term came to, macros filled in; null for terms without one, or when it is no name at all. */
  target: z.string().nullable(),
  /** `followed`: a redirect, which hands the decision on; `error`: it ended the evaluation. */
  outcome: z.enum(['matched', 'not-matched', 'followed', 'error']),
})
export type CheckHostStep = z.infer<typeof checkHostStepSchema>

export const checkHostResultSchema = z.object({
  result: z.enum(checkHostResults),
  /** What the domain itself says about a `fail` (its `exp`), or null. */
  explanation: z.string().nullable(),
  /** Terms that cost a look-up (RFC 7208 §4.6.4), with the one that broke the limit of 10. */
  lookups: z.number().int(),
  /** Terms whose look-up found nothing, with the one that broke the limit of 2. */
  voidLookups: z.number().int(),
  /** The term that decided, through its includes and redirects: `include:a.example → ip4:192.0.2.0/24`. */
  matched: z.string().nullable(),
  /** The domain that was asked about. */
  domain: z.string(),
  /** The address as it was judged: an IPv4-mapped one is IPv4. */
  ip: z.string(),
  cause: z
    .object({
      code: z.enum(checkHostCauses),
      /** Where it happened, and at which term, if at one. */
      domain: z.string(),
      term: z.string().nullable(),
      /** The reason of an unavailable look-up (`unavailableReasons`) or of a syntax error (`SpfReason`). */
      reason: z.string().nullable(),
    })
    .nullable(),
  /** Every term that was looked at, in the order of evaluation. */
  trace: z.array(checkHostStepSchema),
})
export type CheckHostResult = z.infer<typeof checkHostResultSchema>
