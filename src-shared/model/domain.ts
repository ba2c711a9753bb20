import { z } from 'zod'
import { verdictSchema } from './finding.ts'
import { dailyLimits } from './mailbox-values.ts'
import { domainPerDaySchema, warmupDefaultsSchema } from './warmup.ts'

export const dailyLimitSchema = z.number().int().min(dailyLimits.least).max(dailyLimits.most)

/** Verified: every required record is right. Pending: not yet, still being polled. Failed: it was not right in time, or stopped being so. */
export const domainStatusSchema = z.enum(['verified', 'pending', 'failed'])
export type DomainStatus = z.infer<typeof domainStatusSchema>

/** The mark of one check in the list; null before the first audit. */
export const markSchema = z
  .object({ verdict: verdictSchema, state: z.enum(['found', 'absent', 'unavailable']) })
  .nullable()

/** One blacklist that a domain stands on: what of it is listed there, and what that takes from the score. */
export const listedOnSchema = z.object({
  zone: z.string(),
  name: z.string(),
  targets: z.array(z.string()),
  points: z.number().int(),
})
export type ListedOn = z.infer<typeof listedOnSchema>

/** A domain as the list shows it: small, because ten thousand of these live in the window's replica. */
export const domainSchema = z.object({
  id: z.string(),
  /** A-labels, lower case, no trailing dot (RFC 5890). */
  name: z.string(),
  /** As the person typed it. */
  displayName: z.string(),
  status: domainStatusSchema,
  /** 0–100, what blacklists take included, or null while too little is known. */
  score: z.number().int().nullable(),
  marks: z.object({ spf: markSchema, dkim: markSchema, dmarc: markSchema, mx: markSchema }),
  /** Findings of severity critical, and of severity high. */
  critical: z.number().int(),
  high: z.number().int(),
  /** Blacklist entries that weigh something; null until a list has answered. */
  listings: z.number().int().nullable(),
  /** The lists these stand on, worst first. */
  listedOn: z.array(listedOnSchema),
  dnsProvider: z.string().nullable(),
  mailProvider: z.string().nullable(),
  tags: z.array(z.string()),
  /** Mailboxes on the list whose addresses end in this name. */
  mailboxes: z.number().int(),
  /** What each of them may send in a day, unless it has a limit of its own. */
  dailyLimit: dailyLimitSchema,
  /** What they begin to warm up with; null while nobody chose anything. */
  warmupDefaults: warmupDefaultsSchema.nullable(),
  /** What they may send together in a day, campaigns included; null for no such limit. */
  warmupPerDay: domainPerDaySchema.nullable(),
  addedAt: z.number().int(),
  checkedAt: z.number().int().nullable(),
  /** When the newest DMARC report about it was read; null while there is none. */
  reportsAt: z.number().int().nullable(),
  /** An audit is queued or running for it. */
  checking: z.boolean(),
  /** When the background poll looks again, or null when nothing is planned. */
  nextCheckAt: z.number().int().nullable(),
})
export type Domain = z.infer<typeof domainSchema>

/** A name read from what a person typed. */
export const inspectedNameSchema = z.object({
  name: z.string(),
  displayName: z.string(),
  /** The registrable domain by the public suffix list. */
  organisationalDomain: z.string(),
  /** A sending subdomain worth using, when the registrable domain itself was typed. */
  suggestion: z.string().nullable(),
  alreadyAdded: z.boolean(),
})
export type InspectedName = z.infer<typeof inspectedNameSchema>
