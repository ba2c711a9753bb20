import { z } from 'zod'

/** What may stand under `_domainkey` and in a file name: one label (RFC 6376 §3.1, RFC 1035 §2.3.1). */
export const selectorPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
export const selectorSchema = z.string().max(63).regex(selectorPattern)

/** A DKIM key made here. The private half stands in the vault or in a file of the person; never here. */
export const ownKeySchema = z.object({
  selector: z.string(),
  /** The public half, as the TXT record to publish. */
  record: z.string(),
  createdAt: z.number().int(),
  /** Where the private half is. A key that was saved to a file is not kept beside it. */
  place: z.enum(['vault', 'file']),
  /** Where it was saved on the machine that runs the engine. */
  file: z.string().nullable(),
})
export type OwnKeyRow = z.infer<typeof ownKeySchema>
