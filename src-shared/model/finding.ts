import { z } from 'zod'
import { checkIds } from './check-ids.ts'

export {
  type CheckId,
  checkIds,
  checkOrder,
  type MoreCheckId,
  moreCheckIds,
  type RequiredCheckId,
  requiredCheckIds,
} from './check-ids.ts'

export const checkIdSchema = z.enum(checkIds)
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const
export const severitySchema = z.enum(severities)
export type Severity = z.infer<typeof severitySchema>

export const verdictSchema = z.enum(['pass', 'warn', 'fail', 'unavailable'])
export type Verdict = z.infer<typeof verdictSchema>

/* Every finding the audit can make, by check. A code names the fact; the sentence and the fix live with the words. */
const nsCodes = ['ns.missing', 'ns.single', 'ns.cname-at-apex', 'ns.parked'] as const

const mxCodes = [
  'mx.missing',
  'mx.implicit',
  'mx.null',
  'mx.null-with-others',
  'mx.target-is-address',
  'mx.target-missing',
  'mx.target-is-alias',
  'mx.target-private',
  'mx.mixed-providers',
  'mx.duplicate-host',
  'mx.verification-leftover',
  'mx.single',
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
  'dmarc.can-enforce',
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

const viewsCodes = ['views.differs'] as const

const zoneCodes = [
  'zone.lame-server',
  'zone.same-network',
  'zone.parent-differs',
  'zone.serials-differ',
  'zone.soa-values',
] as const

const dnssecCodes = ['dnssec.unsigned', 'dnssec.ds-mismatch', 'dnssec.weak-algorithm'] as const

const ptrCodes = ['ptr.missing', 'ptr.not-confirmed', 'ptr.generic'] as const

const mtaStsCodes = [
  'mta-sts.multiple',
  'mta-sts.record-invalid',
  'mta-sts.policy-unreachable',
  'mta-sts.policy-invalid',
  'mta-sts.mx-not-covered',
  'mta-sts.max-age-short',
  'mta-sts.testing',
] as const

const tlsRptCodes = ['tls-rpt.multiple', 'tls-rpt.record-invalid'] as const

const tlsCodes = [
  'tls.not-offered',
  'tls.certificate-invalid',
  'tls.certificate-expires-soon',
  'tls.old-version',
] as const

const daneCodes = ['dane.unsigned', 'dane.usage', 'dane.mismatch', 'dane.single-record'] as const

const subdomainCodes = ['subdomain.policy-inherited', 'subdomain.return-path-incomplete'] as const

const trackingCodes = ['tracking.missing', 'tracking.certificate-invalid', 'tracking.dangling'] as const

const webCodes = ['web.no-address'] as const

const caaCodes = ['caa.record-invalid', 'caa.no-issuer'] as const

const bimiCodes = [
  'bimi.multiple',
  'bimi.record-invalid',
  'bimi.policy-too-weak',
  'bimi.logo-invalid',
  'bimi.certificate-invalid',
] as const

export const findingCodes = [
  ...nsCodes,
  ...mxCodes,
  ...spfCodes,
  ...dmarcCodes,
  ...dkimCodes,
  ...viewsCodes,
  ...zoneCodes,
  ...dnssecCodes,
  ...ptrCodes,
  ...mtaStsCodes,
  ...tlsRptCodes,
  ...tlsCodes,
  ...daneCodes,
  ...subdomainCodes,
  ...trackingCodes,
  ...webCodes,
  ...caaCodes,
  ...bimiCodes,
] as const
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
