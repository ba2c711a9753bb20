import { z } from 'zod'
import { connectionFailureSchema } from './connection.ts'
import { failureSchema } from './result.ts'

/** What a DMARC record asks for (RFC 9989 §4.7). */
export const reportPolicies = ['none', 'quarantine', 'reject'] as const
/** What a receiver did; `pass` is of RFC 9990, for mail that passed under a policy that stops other mail. */
export const dispositions = ['none', 'pass', 'quarantine', 'reject'] as const
export const dispositionSchema = z.enum(dispositions)
export type Disposition = z.infer<typeof dispositionSchema>

/** Why a receiver did not apply the policy: RFC 9990 §3.1.6, and those of RFC 7489 that older reporters send. */
export const overrideReasons = [
  'local_policy',
  'mailing_list',
  'policy_test_mode',
  'trusted_forwarder',
  'forwarded',
  'sampled_out',
  'other',
] as const
export type OverrideReason = (typeof overrideReasons)[number]

export const authenticationResults = [
  'none',
  'pass',
  'fail',
  'softfail',
  'neutral',
  'policy',
  'temperror',
  'permerror',
] as const
export type AuthenticationResult = (typeof authenticationResults)[number]

export type DkimSeen = {
  readonly domain: string
  readonly selector: string | null
  readonly result: AuthenticationResult
}
export type SpfSeen = { readonly domain: string; readonly result: AuthenticationResult }

/** One record: messages that came from one address and were treated alike. */
export type ReportRow = {
  readonly ip: string
  readonly messages: number
  readonly disposition: Disposition
  /** Whether it passed for a domain that is aligned with the one in From. */
  readonly spfAligned: boolean
  readonly dkimAligned: boolean
  readonly reasons: readonly OverrideReason[]
  readonly headerFrom: string
  /** Empty for a bounce; null when it is not told. */
  readonly envelopeFrom: string | null
  readonly spf: readonly SpfSeen[]
  readonly dkim: readonly DkimSeen[]
}

/** One aggregate report as it was read. Names are A-labels in lower case; times are epoch milliseconds. */
export type DmarcReport = {
  readonly format: 'rfc9990' | 'rfc7489'
  readonly organisation: string
  readonly email: string | null
  readonly reportId: string
  /** The domain whose policy it is about. */
  readonly domain: string
  readonly beginsAt: number
  readonly endsAt: number
  readonly policy: {
    readonly p: (typeof reportPolicies)[number] | null
    readonly sp: (typeof reportPolicies)[number] | null
    readonly np: (typeof reportPolicies)[number] | null
    readonly testing: boolean
  }
  /** What the reporter found wrong with the DMARC record. */
  readonly errors: readonly string[]
  readonly rows: readonly ReportRow[]
  /** Records that could not be read, and are left out. */
  readonly leftOut: number
}

/** Why a file, or a part of one, was not read. */
export const reportRefusals = [
  'empty',
  'file-too-large',
  'not-a-report',
  'gzip-damaged',
  'zip-damaged',
  'zip-encrypted',
  'zip-method',
  'zip-64',
  'too-many-entries',
  'archive-in-archive',
  'inflates-too-far',
  'inflated-too-large',
  'mail-unreadable',
  'mail-without-report',
  'has-doctype',
  'too-deep',
  'xml-damaged',
  'encoding-unknown',
  'domain-missing',
  'id-missing',
  'dates-unusable',
  'no-records',
  'too-many-records',
  'too-old',
  'not-on-list',
] as const
export const reportRefusalSchema = z.enum(reportRefusals)
export type ReportRefusal = z.infer<typeof reportRefusalSchema>

const outcomeOf = {
  /** The file, and what in it: an entry of an archive, an attachment. */
  file: z.string(),
  part: z.string().nullable(),
}
const about = {
  domain: z.string(),
  organisation: z.string(),
  reportId: z.string(),
  messages: z.number().int(),
}

/** What became of one report of a file. `duplicate`: it was read before, and nothing was counted again. */
export const fileOutcomeSchema = z.discriminatedUnion('state', [
  z.object({
    ...outcomeOf,
    state: z.literal('read'),
    ...about,
    beginsAt: z.number().int(),
    endsAt: z.number().int(),
    rows: z.number().int(),
    leftOut: z.number().int(),
  }),
  z.object({ ...outcomeOf, state: z.literal('duplicate'), ...about }),
  z.object({
    ...outcomeOf,
    state: z.literal('refused'),
    code: reportRefusalSchema,
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
])
export type FileOutcome = z.infer<typeof fileOutcomeSchema>

/** Who sent it, as far as can be told without asking: a known service, a domain that vouched, or an address. */
export const senderKinds = ['service', 'domain', 'address'] as const
export const senderSchema = z.object({ kind: z.enum(senderKinds), name: z.string() })
export type Sender = z.infer<typeof senderSchema>

/** What the results of a source come to; the sentences stand in `words/dmarc-reports.ts`. */
export const sourceVerdicts = [
  'aligned',
  'aligned-by-spf',
  'aligned-by-dkim',
  'forwarded',
  'forwarded-changed',
  'dkim-other-domain',
  'spf-other-domain',
  'dkim-fails',
  'spf-fails',
  'nothing',
  'could-not-check',
] as const
export const sourceVerdictSchema = z.enum(sourceVerdicts)
export type SourceVerdict = z.infer<typeof sourceVerdictSchema>

const count = z.number().int().min(0)

export const sourceLineSchema = z.object({
  verdict: sourceVerdictSchema,
  messages: count,
  /** Domains and selectors that the sentence names. */
  domains: z.array(z.string()),
  selectors: z.array(z.string()),
})

/** One sender over a period. */
export const reportSourceSchema = z.object({
  sender: senderSchema,
  messages: count,
  /** Messages that passed DMARC: SPF or DKIM passed and was aligned. */
  aligned: count,
  spfAligned: count,
  dkimAligned: count,
  /** Messages that somebody passed on, as far as the results show. */
  forwarded: count,
  quarantined: count,
  rejected: count,
  /** The busiest first, and how many there are. */
  addresses: z.array(z.object({ ip: z.string(), messages: count })),
  addressCount: count,
  headerFrom: z.array(z.string()),
  envelopeFrom: z.array(z.string()),
  selectors: z.array(z.string()),
  /** What it comes to, what matters most first. */
  lines: z.array(sourceLineSchema).min(1),
})
export type ReportSource = z.infer<typeof reportSourceSchema>
export type SourceLine = z.infer<typeof sourceLineSchema>

/** A day in UTC, `2026-11-22`. */
export const reportDaySchema = z.object({
  day: z.string(),
  messages: count,
  aligned: count,
  /** Not aligned, and passed on by somebody. */
  forwarded: count,
})
export type ReportDay = z.infer<typeof reportDaySchema>

export const summaryPeriods = [7, 30, 90, 396] as const

/** What the reports about a domain say over a period that ends today. */
export const dmarcSummarySchema = z.object({
  domain: z.string(),
  fromDay: z.string(),
  toDay: z.string(),
  /** The newest day of any report about this domain, within the period or before it; null when there is none. */
  newestDay: z.string().nullable(),
  reports: count,
  organisations: z.array(z.object({ name: z.string(), reports: count })),
  messages: count,
  aligned: count,
  forwarded: count,
  /** Every day of the period, also those without mail. */
  days: z.array(reportDaySchema),
  sources: z.array(reportSourceSchema),
  /** Sources beyond those, and their messages. */
  more: z.object({ sources: count, messages: count, aligned: count }),
  /** What reporters found wrong with the record. */
  errors: z.array(z.string()),
})
export type DmarcSummary = z.infer<typeof dmarcSummarySchema>

/** What reports show of the last 30 days, for an audit to judge the policy by. */
export const dmarcEvidenceSchema = z.object({
  /** From the first day with mail to the last, both counted. */
  days: count,
  /**
   * Messages that came directly from the domain's own addresses: those that were authenticated as it at least once, and
   * those its SPF record lets send. What somebody passed on says nothing about how it was sent.
   */
  messages: count,
  aligned: count,
  /** Other addresses that sent under its name and never passed, and their messages: forgeries, or a sender forgotten. */
  otherSources: count.default(0),
  otherMessages: count.default(0),
  /** Days since the last day with mail of its own, when the audit began. */
  ageDays: count,
})
export type DmarcEvidence = z.infer<typeof dmarcEvidenceSchema>

/** How the last reading of a mailbox ended. */
export const mailboxReadingSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('read'),
    at: z.number().int(),
    messages: count,
    reports: count,
    duplicates: count,
    refused: z.array(fileOutcomeSchema).max(20),
    refusedCount: count,
    /** Messages that are left for the next time. */
    left: count,
  }),
  z.object({
    state: z.literal('failed'),
    at: z.number().int(),
    /** What the server or the way to it refused, or what stood in the way before. */
    connection: connectionFailureSchema.nullable(),
    failure: failureSchema.nullable(),
  }),
])
export type MailboxReading = z.infer<typeof mailboxReadingSchema>

/** A mailbox whose folder is read for reports once a day. */
export const reportMailboxSchema = z.object({
  mailboxId: z.string(),
  address: z.string(),
  folder: z.string(),
  running: z.boolean(),
  nextAt: z.number().int().nullable(),
  last: mailboxReadingSchema.nullable(),
})
export type ReportMailbox = z.infer<typeof reportMailboxSchema>
