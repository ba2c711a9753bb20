import { z } from 'zod'
import { serverAddressSchema } from './connection.ts'
import { httpsFaults } from './exchange.ts'
import { unavailableReasons } from './lookup.ts'

/** Where settings may come from, the most trustworthy first; the first trusted candidate in this order is chosen. */
export const discoverySources = [
  'preset',
  'mx',
  'autodiscover',
  'srv',
  'autoconfig',
  'bundled',
  'guess',
] as const
export const discoverySourceSchema = z.enum(discoverySources)
export type DiscoverySource = z.infer<typeof discoverySourceSchema>

export const loginMethods = ['password', 'app-password', 'oauth'] as const
export const loginMethodSchema = z.enum(loginMethods)
export type LoginMethod = z.infer<typeof loginMethodSchema>

/** What a person must know about a provider before a password is typed. The words stand in `words/provider-rules.ts`. */
export const providerRuleCodes = [
  'oauth-only',
  'imap-oauth-only',
  'smtp-password-ending',
  'smtp-login-off-by-default',
  'password-login-ended',
  'app-password-needed',
  'app-password-with-two-step',
  'app-password-may-be-blocked',
  'authorisation-code-needed',
  'imap-to-be-enabled',
  'other-apps-to-be-allowed',
  'admin-consent-may-be-needed',
  'own-client-needed',
  'bridge-needed',
  'no-imap',
  'forwarding-only',
  'paid-plan-needed',
  'servers-by-region',
  'servers-by-account',
  'user-is-own-name',
  'sending-cap',
] as const
export const providerRuleCodeSchema = z.enum(providerRuleCodes)
export type ProviderRuleCode = z.infer<typeof providerRuleCodeSchema>

/** `facts` are for the sentences: dates as `2026-12-31`, numbers, names; never a sentence. `link` is https or null. */
export const providerRuleSchema = z.object({
  code: providerRuleCodeSchema,
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  link: z.string().nullable(),
})
export type ProviderRule = z.infer<typeof providerRuleSchema>

export const providerNameSchema = z.object({ id: z.string(), name: z.string() })

/** Why a candidate is not trusted. */
export const distrustReasons = [
  'other-organisation',
  'certificate',
  'not-encrypted',
  'one-server-only',
] as const
export const distrustReasonSchema = z.enum(distrustReasons)
export type DistrustReason = z.infer<typeof distrustReasonSchema>

/** One whole set of servers. */
export const discoveryCandidateSchema = z.object({
  source: discoverySourceSchema,
  /** The evidence: a domain, an MX host, the address of a page, the name of a service record. */
  from: z.string(),
  trusted: z.boolean(),
  distrust: distrustReasonSchema.nullable(),
  /** The known provider the servers belong to. */
  provider: providerNameSchema.nullable(),
  smtp: serverAddressSchema,
  imap: serverAddressSchema.nullable(),
  smtpUser: z.string(),
  imapUser: z.string(),
  /** Ways to log in, the best first. */
  authentication: z.array(loginMethodSchema),
})
export type DiscoveryCandidate = z.infer<typeof discoveryCandidateSchema>

/** What was wrong with an autoconfig page. */
export const autoconfigFaults = [
  'status',
  'has-doctype',
  'too-deep',
  'not-xml',
  'not-autoconfig',
  'no-servers',
] as const
export type AutoconfigFault = (typeof autoconfigFaults)[number] | 'too-large'

/** Why a source gave nothing. */
export const discoveryReasons = [
  ...new Set([...unavailableReasons, ...httpsFaults, ...autoconfigFaults, 'not-offered'] as const),
]
export type DiscoveryReason = (typeof discoveryReasons)[number]

/**
 * How one source ended: `found` at least one candidate; `absent` there is none, or it was refused as unusable (`reason`
 * says what was wrong with it); `unavailable` could not look, which says nothing; `skipped` was not needed or not wanted.
 */
export const sourceOutcomeSchema = z.object({
  source: discoverySourceSchema,
  state: z.enum(['found', 'absent', 'unavailable', 'skipped']),
  /** Of `unavailable` what kept us from looking, of `absent` what was wrong with what was there. */
  reason: z.enum(discoveryReasons).nullable(),
})
export type SourceOutcome = z.infer<typeof sourceOutcomeSchema>

/** Told while it runs: each candidate as it comes, and each source as it ends. */
export const discoveryEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('candidate'), candidate: discoveryCandidateSchema }),
  z.object({ kind: z.literal('source'), outcome: sourceOutcomeSchema }),
])
export type DiscoveryEvent = z.infer<typeof discoveryEventSchema>

/** What is known about a mailbox's servers from its address. */
export const discoverySchema = z.object({
  address: z.string(),
  domain: z.string(),
  provider: providerNameSchema.nullable(),
  /** By source, the most trustworthy first. */
  candidates: z.array(discoveryCandidateSchema),
  /** Index of the candidate to begin with; null when none is trusted, and a person must decide. */
  chosen: z.number().int().nullable(),
  rules: z.array(providerRuleSchema),
  sources: z.array(sourceOutcomeSchema),
  /** The domain that was probably meant, of a provider's that is one slip away. */
  suggestion: z.string().nullable(),
})
export type Discovery = z.infer<typeof discoverySchema>
