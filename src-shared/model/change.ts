import { z } from 'zod'
import { alertSchema } from './alert.ts'
import { domainSchema } from './domain.ts'
import { mailboxSchema } from './mailbox.ts'
import { partnerSchema } from './partner.ts'
import { settingsSchema } from './settings.ts'
import { conflictSchema, outboxItemSchema, serverDomainSchema, syncStateSchema } from './sync.ts'
import { warmupRowSchema } from './warmup-view.ts'

/**
 * The change feed. A reader that is new, or too far behind, first gets `reset` and the rows of every table page by
 * page, then `caught-up`; from there on `changes`, each batch closed under its sequence number. Applying a batch twice
 * is harmless: rows are whole and current.
 */
export const tableRowSchema = z.discriminatedUnion('table', [
  z.object({ table: z.literal('domains'), key: z.string(), row: domainSchema }),
  z.object({ table: z.literal('mailboxes'), key: z.string(), row: mailboxSchema }),
  z.object({ table: z.literal('warmup'), key: z.string(), row: warmupRowSchema }),
  z.object({ table: z.literal('partners'), key: z.string(), row: partnerSchema }),
  z.object({ table: z.literal('alerts'), key: z.string(), row: alertSchema }),
  z.object({ table: z.literal('settings'), key: z.literal('settings'), row: settingsSchema }),
  z.object({ table: z.literal('sync'), key: z.literal('sync'), row: syncStateSchema }),
  z.object({ table: z.literal('outbox'), key: z.string(), row: outboxItemSchema }),
  z.object({ table: z.literal('conflicts'), key: z.string(), row: conflictSchema }),
  z.object({ table: z.literal('serverDomains'), key: z.string(), row: serverDomainSchema }),
])
export type TableRow = z.infer<typeof tableRowSchema>

export const tableNames = [
  'domains',
  'mailboxes',
  'warmup',
  'partners',
  'alerts',
  'settings',
  'sync',
  'outbox',
  'conflicts',
  'serverDomains',
] as const
export type TableName = (typeof tableNames)[number]

export const changeBatchSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reset'), dataId: z.string() }),
  z.object({ kind: z.literal('rows'), page: z.number().int(), rows: z.array(tableRowSchema) }),
  z.object({ kind: z.literal('caught-up'), page: z.number().int(), seq: z.number().int() }),
  z.object({
    kind: z.literal('changes'),
    page: z.number().int(),
    /** The sequence number to resume after. */
    seq: z.number().int(),
    put: z.array(tableRowSchema),
    remove: z.array(z.object({ table: z.enum(tableNames), key: z.string() })),
  }),
])
export type ChangeBatch = z.infer<typeof changeBatchSchema>
