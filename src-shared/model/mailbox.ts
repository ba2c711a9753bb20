import { z } from 'zod'
import {
  connectionEventSchema,
  connectionFailureCodeSchema,
  connectionFailureSchema,
  connectionResultSchema,
  mailServerSchema,
  phaseIdSchema,
  pinsShape,
} from './connection.ts'
import { dailyLimitSchema } from './domain.ts'
import { factSchema } from './finding.ts'
import { mailboxReasonCodes, mailboxStatuses } from './mailbox-values.ts'
import { oauthProviderIdSchema } from './oauth.ts'

export const mailboxStatusSchema = z.enum(mailboxStatuses)

export const mailboxReasonSchema = z.object({
  code: z.union([z.enum(mailboxReasonCodes), connectionFailureCodeSchema]),
  /** The server's own line; null when it said none. */
  evidence: z.string().nullable(),
  /** What the sentence needs: host, port … */
  facts: z.record(z.string(), factSchema),
})
export type MailboxReason = z.infer<typeof mailboxReasonSchema>

/** An IANA name that this runtime knows. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(name => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
    } catch {
      return false
    }
  }, 'not a time zone')

/** How a mailbox is reached and logged in to. The credential itself is in the vault. */
export const mailboxConnectionSchema = z.object({
  smtp: mailServerSchema,
  imap: mailServerSchema.nullable(),
  login: z.discriminatedUnion('kind', [
    /** `separate` when IMAP has a password of its own. */
    z.object({ kind: z.literal('password'), separate: z.boolean() }),
    z.object({ kind: z.literal('oauth'), provider: oauthProviderIdSchema }),
  ]),
  allowPlain: z.boolean(),
  ...pinsShape,
  /** The known provider the servers belong to. */
  provider: z.object({ id: z.string(), name: z.string() }).nullable(),
})
export type MailboxConnection = z.infer<typeof mailboxConnectionSchema>

/** A mailbox as the list shows it; thousands of these live in the window's replica. Never a credential. */
export const mailboxSchema = z.object({
  id: z.string(),
  /** As typed. */
  address: z.string(),
  /** A-labels, lower case. */
  domainName: z.string(),
  /** The domain on the list, or null when it does not stand there. */
  domainId: z.string().nullable(),
  /** Who mail comes from, shown before the address; may be empty. */
  senderName: z.string(),
  status: mailboxStatusSchema,
  /** Null for an active mailbox. */
  reason: mailboxReasonSchema.nullable(),
  /** When a rate limit is over. */
  limitedUntilAt: z.number().int().nullable(),
  /** Its own limit, or null for that of its domain. */
  ownDailyLimit: dailyLimitSchema.nullable(),
  /** What holds: its own, its domain's, or the usual one. */
  dailyLimit: dailyLimitSchema,
  timeZone: z.string(),
  connection: mailboxConnectionSchema,
  /** A test or re-check of it is under way or queued. */
  testing: z.boolean(),
  testedAt: z.number().int().nullable(),
  /** Refused logins in a row. */
  refusals: z.number().int(),
  /** When its login is looked at again, or null when nothing is planned. */
  nextCheckAt: z.number().int().nullable(),
  addedAt: z.number().int(),
})
export type Mailbox = z.infer<typeof mailboxSchema>

/** The last test: every phase as it ended, and what came of it. */
export const mailboxTestSchema = z.object({
  at: z.number().int(),
  /** `recheck` looks at the login alone. */
  kind: z.enum(['test', 'recheck']),
  phases: z.array(connectionEventSchema),
  result: connectionResultSchema,
})
export type MailboxTest = z.infer<typeof mailboxTestSchema>

export const mailboxEventCodes = [
  'added',
  'imported',
  'test-passed',
  'test-partly',
  'test-failed',
  'recheck-refused',
  'recheck-unreachable',
  'login-works-again',
  'limited',
  'limit-over',
  'paused',
  'resumed',
  'disabled',
  'enabled',
  'servers-changed',
  'credential-changed',
  'settings-changed',
  'restored',
] as const
export const mailboxEventSchema = z.object({
  at: z.number().int(),
  code: z.enum(mailboxEventCodes),
  facts: z.record(z.string(), factSchema),
})
export type MailboxEvent = z.infer<typeof mailboxEventSchema>
export type MailboxEventCode = (typeof mailboxEventCodes)[number]

/** What the details of a mailbox show beside its row. */
export const mailboxDetailsSchema = z.object({
  mailbox: mailboxSchema,
  signature: z.string(),
  lastTest: mailboxTestSchema.nullable(),
  /** Newest first. */
  events: z.array(mailboxEventSchema),
})

/** The first thing a test says: which phases will come. */
export const testStartedSchema = z.object({
  kind: z.literal('started'),
  /** Names this run; a draft is added by it. */
  test: z.string(),
  phases: z.array(phaseIdSchema),
})
export const testEventSchema = z.discriminatedUnion('kind', [testStartedSchema, connectionEventSchema])
export type TestEvent = z.infer<typeof testEventSchema>

/** How a test ended; `test` names the run, and whether it may be saved is told by the engine alone. */
export const testOutcomeSchema = z.object({
  test: z.string(),
  canSave: z.boolean(),
  result: connectionResultSchema,
})
export type TestOutcome = z.infer<typeof testOutcomeSchema>

/** Many tests at once: which are under way, and how each ended. */
export const bulkTestEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begun'), id: z.string() }),
  z.object({
    kind: z.literal('ended'),
    id: z.string(),
    result: connectionResultSchema.shape.result,
    /** The failure that decides; null when there is none. */
    failure: connectionFailureSchema.nullable(),
    done: z.number().int(),
    total: z.number().int(),
  }),
])
export type BulkTestEvent = z.infer<typeof bulkTestEventSchema>

export const bulkTestOutcomeSchema = z.object({
  passed: z.number().int(),
  partly: z.number().int(),
  failed: z.number().int(),
})
export type BulkTestOutcome = z.infer<typeof bulkTestOutcomeSchema>
