import { z } from 'zod'
import { serverAddressSchema } from './connection.ts'

/** What a column of a list of mailboxes can hold. Headers come in many spellings; `import-columns.ts` knows them. */
export const importColumnIds = [
  'address',
  'senderName',
  'firstName',
  'lastName',
  'user',
  'password',
  'smtpHost',
  'smtpPort',
  'smtpSecurity',
  'smtpUser',
  'smtpPassword',
  'imapHost',
  'imapPort',
  'imapSecurity',
  'imapUser',
  'imapPassword',
  'dailyLimit',
  'timeZone',
  'signature',
] as const
export const importColumnSchema = z.enum(importColumnIds)
export type ImportColumn = z.infer<typeof importColumnSchema>

/** What is wrong with one row. The sentences stand in `words/mailbox-import.ts`. */
export const importProblemCodes = [
  'quotes',
  'encoding',
  'too-many-fields',
  'address-missing',
  'address-invalid',
  'address-twice',
  'address-known',
  'password-missing',
  'password-character',
  'host-missing',
  'host-invalid',
  'port-invalid',
  'security-invalid',
  'user-invalid',
  'limit-invalid',
  'time-zone-invalid',
  'text-too-long',
  'servers-unknown',
  'servers-untrusted',
  'sign-in-needed',
] as const
export const importProblemSchema = z.object({
  code: z.enum(importProblemCodes),
  /** What the sentence needs; never what stands in a password column. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type ImportProblem = z.infer<typeof importProblemSchema>
export type ImportProblemCode = ImportProblem['code']

export const importRowSchema = z.object({
  /** Where the row begins in the file, from 1. */
  line: z.number().int(),
  address: z.string(),
  /** Null where the servers will be looked up. */
  smtp: serverAddressSchema.nullable(),
  imap: serverAddressSchema.nullable(),
  hasPassword: z.boolean(),
  /** None: it can be added. */
  problems: z.array(importProblemSchema),
})
export type ImportRow = z.infer<typeof importRowSchema>

/** A list that was read: its passwords are sealed already, and the window need not keep the file. */
export const importPreviewSchema = z.object({
  /** Names the list until it is added or dropped; null when there is nothing to add. */
  list: z.string().nullable(),
  separator: z.enum([',', ';', '\t', '|']),
  columns: z.array(z.object({ header: z.string(), column: importColumnSchema.nullable() })),
  rows: z.array(importRowSchema),
  good: z.number().int(),
  /** Domains of good rows whose servers are looked up first. */
  domainsToLookUp: z.number().int(),
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

export const importEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('looking'), done: z.number().int(), total: z.number().int() }),
  z.object({ kind: z.literal('saving'), total: z.number().int() }),
])
export type ImportEvent = z.infer<typeof importEventSchema>

export const importOutcomeSchema = z.object({
  added: z.array(z.object({ id: z.string(), address: z.string() })),
  refused: z.array(importRowSchema.pick({ line: true, address: true, problems: true })),
})
export type ImportOutcome = z.infer<typeof importOutcomeSchema>
