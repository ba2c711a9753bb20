import { z } from 'zod'
import { auditReachedSchema } from './audit.ts'
import { moreCheckIds } from './check-ids.ts'
import { rawHttpsSchema, rawSmtpSchema } from './exchange.ts'
import { lookupStateSchema, recordTypes, unavailableReasons, valueSchemas } from './lookup.ts'

/** What a snapshot file calls itself, and the one version this build reads and writes. */
export const snapshotFormat = 'rookery-snapshot'
export const snapshotVersion = 1

const name = z.string().max(1_100)
const server = z.string().max(300)

/** An answer of the DNS as it was read. */
const dnsAnswerSchema = z
  .object({
    kind: z.literal('dns'),
    name,
    type: z.enum(recordTypes),
    state: lookupStateSchema,
    reason: z.enum(['nxdomain', 'nodata', ...unavailableReasons]).nullable(),
    ttlS: z.number().int().min(0).nullable(),
    server: server.nullable(),
    aliases: z.array(name).max(100),
    authenticated: z.boolean(),
    detail: z.string().max(1_000).nullable(),
    tookMs: z.number().min(0),
    /** The values, each as `valueSchemas` says for the type. */
    data: z.array(z.unknown()).max(1_000),
    /** For a nameserver that was asked directly: its address, whether it holds the zone, whom it named instead. */
    at: z.string().max(45).optional(),
    authoritative: z.boolean().optional(),
    referral: z.object({ zone: name, hosts: z.array(name).max(100) }).optional(),
  })
  .check(context => {
    const { type, state, data, reason, ttlS, server } = context.value
    const refuse = (field: string) =>
      context.issues.push({ code: 'custom', input: context.value, path: [field], message: field })
    const schema = valueSchemas[type]
    for (const [index, value] of data.entries()) {
      const read = schema.safeParse(value)
      if (read.success) data[index] = read.data
      else refuse('data')
    }
    const isAbsence = reason === 'nxdomain' || reason === 'nodata'
    if ((state === 'found') !== data.length > 0) refuse('data')
    if (state === 'found' ? reason !== null : reason === null || (state === 'absent') !== isAbsence) {
      refuse('reason')
    }
    if (state !== 'unavailable' && (ttlS === null || server === null)) refuse('ttlS')
  })

const httpsAnswerSchema = z.object({ kind: z.literal('https'), page: rawHttpsSchema })
const smtpAnswerSchema = z.object({ kind: z.literal('smtp'), probe: rawSmtpSchema })

/** One answer of an audit, by where it came from. */
export const snapshotAnswerSchema = z.discriminatedUnion('kind', [
  dnsAnswerSchema,
  httpsAnswerSchema,
  smtpAnswerSchema,
])
export type DnsSnapshotAnswer = z.infer<typeof dnsAnswerSchema>
export type SnapshotAnswer = z.infer<typeof snapshotAnswerSchema>

/** One audit: all its answers, and what a replay cannot measure again. */
export const snapshotAuditSchema = z.object({
  domain: z.string().max(253),
  startedAt: z.number().int(),
  tookMs: z.number().min(0),
  queries: z.number().int().min(0),
  /** How far the audit reached, and which checks it made beside the required ones. */
  reach: auditReachedSchema.optional(),
  more: z.array(z.enum(moreCheckIds)).optional(),
  answers: z.array(snapshotAnswerSchema).max(10_000),
})
export type SnapshotAudit = z.infer<typeof snapshotAuditSchema>

export const snapshotSchema = z.object({
  format: z.literal(snapshotFormat),
  version: z.literal(snapshotVersion),
  savedAt: z.number().int(),
  audits: z.array(snapshotAuditSchema).min(1),
})
export type Snapshot = z.infer<typeof snapshotSchema>
