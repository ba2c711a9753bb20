import { z } from 'zod'

export const checkIds = ['ns', 'mx', 'spf', 'dmarc', 'dkim'] as const
export const checkIdSchema = z.enum(checkIds)
export type CheckId = z.infer<typeof checkIdSchema>

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const
export const severitySchema = z.enum(severities)
export type Severity = z.infer<typeof severitySchema>

export const verdictSchema = z.enum(['pass', 'warn', 'fail', 'unavailable'])
export type Verdict = z.infer<typeof verdictSchema>

/* Every finding the audit can make, by check. A code names the fact; the sentence and the fix live with the words. */
const nsCodes = ['ns.missing', 'ns.single'] as const

const mxCodes = [
  'mx.missing',
  'mx.implicit',
  'mx.null',
  'mx.null-with-others',
  'mx.target-is-address',
  'mx.target-missing',
  'mx.target-is-alias',
  'mx.target-private',
] as const

const spfCodes = [
  'spf.missing',
  'spf.multiple',
  'spf.almost',
  'spf.syntax',
  'spf.too-many-lookups',
  'spf.many-lookups',
  'spf.too-many-void-lookups',
  'spf.too-many-mx-hosts',
  'spf.pass-all',
  'spf.neutral-all',
  'spf.no-all',
  'spf.ptr',
  'spf.terms-after-all',
  'spf.redirect-ignored',
  'spf.include-without-record',
  'spf.loop',
  'spf.string-seam',
  'spf.string-too-long',
  'spf.record-long',
  'spf.answer-large',
  'spf.duplicate-terms',
  'spf.overlapping-ranges',
  'spf.broad-range',
  'spf.private-range',
  'spf.explanation-unusable',
  'spf.retired-type',
  'spf.sender-id',
  'spf.lapsed-target',
  'spf.wildcard',
  'spf.ending',
  'spf.inert-include',
  'spf.provider-missing',
  'spf.non-sending-open',
] as const

const dmarcCodes = [
  'dmarc.missing',
  'dmarc.multiple',
  'dmarc.almost',
  'dmarc.syntax',
  'dmarc.policy-missing',
  'dmarc.policy-none',
  'dmarc.subdomain-policy-weaker',
  'dmarc.testing',
  'dmarc.removed-tag',
  'dmarc.no-reports',
  'dmarc.report-address-invalid',
  'dmarc.wrong-location',
  'dmarc.psd',
  'dmarc.np-advised',
  'dmarc.strict-alignment',
  'dmarc.unknown-tag',
  'dmarc.alias-dangling',
  'dmarc.weaker-than-organisation',
  'dmarc.many-report-addresses',
  'dmarc.report-size-limit',
  'dmarc.reports-not-permitted',
  'dmarc.report-host-no-mail',
  'dmarc.failure-options',
] as const

const dkimCodes = [
  'dkim.none-possible',
  'dkim.none-found',
  'dkim.revoked',
  'dkim.key-invalid',
  'dkim.key-too-short',
  'dkim.key-short',
  'dkim.key-very-long',
  'dkim.testing',
  'dkim.sha1-only',
  'dkim.not-for-email',
  'dkim.version-invalid',
  'dkim.multiple-records',
  'dkim.alias-dangling',
  'dkim.alias-loop',
  'dkim.ed25519-alone',
  'dkim.strict-identity',
  'dkim.proxied',
  'dkim.doubled-name',
  'dkim.same-key',
  'dkim.one-microsoft-selector',
  'dkim.wildcard',
] as const

export const findingCodes = [...nsCodes, ...mxCodes, ...spfCodes, ...dmarcCodes, ...dkimCodes] as const
export type FindingCode = (typeof findingCodes)[number]

export const factSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
export type Fact = z.infer<typeof factSchema>

export const findingSchema = z.object({
  code: z.enum(findingCodes),
  severity: severitySchema,
  check: checkIdSchema,
  /** The evidence, by name; what the words are made from. */
  facts: z.record(z.string(), factSchema),
  /** Where the rule stands, as `RFC 7208 §4.6.4`. */
  rfc: z.string(),
})
export type Finding = z.infer<typeof findingSchema>
