import { z } from 'zod'
import { selectorPattern } from '../record-text/selector.ts'

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
