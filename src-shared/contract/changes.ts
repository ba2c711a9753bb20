import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { changeBatchSchema } from '../model/change.ts'
import { nothing, resultOf } from '../model/result.ts'

export const changes = {
  /**
   * Follows committed writes after `since` (null for a new reader) until the caller stops. `feed` names this reading;
   * the producer waits once it is `creditPages` pages ahead of the last `acknowledge`, so a slow reader bounds it.
   */
  watch: oc
    .input(
      z.object({
        feed: z.string().min(1).max(64),
        since: z.number().int().min(0).nullable(),
        dataId: z.string().max(64).nullable(),
      }),
    )
    .output(eventIterator(changeBatchSchema, resultOf(nothing))),

  acknowledge: oc
    .input(z.object({ feed: z.string().min(1).max(64), page: z.number().int().min(0) }))
    .output(resultOf(nothing)),
}
