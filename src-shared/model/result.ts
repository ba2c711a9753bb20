import { z } from 'zod'
import { failureCodes } from '../failure.ts'

export const failureSchema = z.object({
  code: z.enum(failureCodes),
  retry: z.enum(['never', 'later', 'now']),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

/** `{ok:true,value}` or `{ok:false,failure}`: the shape of every answer that crosses a wire. */
export function resultOf<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), failure: failureSchema }),
  ])
}

export const nothing = z.null()
