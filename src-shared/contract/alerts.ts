import { oc } from '@orpc/contract'
import { z } from 'zod'
import { resultOf } from '../model/result.ts'

const ids = z.array(z.string().max(64)).min(1).max(1_000)
const changed = resultOf(z.object({ changed: z.array(z.string()) }))

/** The alerts themselves come with the change feed (table `alerts`). */
export const alerts = {
  /** A person has seen them; they stay on the list until their cause is gone. */
  acknowledge: oc.input(z.object({ ids })).output(changed),

  /** Takes them off the list. What caused one raises it again only when it ends and comes back. */
  resolve: oc.input(z.object({ ids })).output(changed),

  /** The way back from both. */
  reopen: oc.input(z.object({ ids })).output(changed),
}
