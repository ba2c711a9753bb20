import { z } from 'zod'
import { auditReportSchema } from './audit.ts'
import { zoneProblemSchema } from './zone-problem.ts'

/** What a zone file holds, before anything is audited. */
export const zoneOverviewSchema = z.object({
  format: z.enum(['master', 'cloudflare', 'route53']),
  /** The zones it speaks for whole; empty when it only has single records. */
  zones: z.array(z.string()),
  /** The domains in it that mail may be sent from. */
  domains: z.array(z.string()),
  records: z.number().int(),
  /** Record types that play no part in an audit, and how many of each. */
  others: z.array(z.object({ type: z.string(), count: z.number().int() })),
  problems: z.array(zoneProblemSchema),
  /** False when so much is wrong that it was not read to its end; then nothing of it can be audited. */
  complete: z.boolean(),
})
export type ZoneOverview = z.infer<typeof zoneOverviewSchema>

/** What the audit of a file tells: what it will look at, then each report. */
export const fileAuditEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('opened'),
    domains: z.array(z.string()),
    /** Domains of the file beyond what the window takes. */
    left: z.number().int(),
    /** When the snapshot was saved; null for a zone file. */
    savedAt: z.number().int().nullable(),
  }),
  z.object({ kind: z.literal('audited'), report: auditReportSchema }),
])
export type FileAuditEvent = z.infer<typeof fileAuditEventSchema>
