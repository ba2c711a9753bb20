import { oc } from '@orpc/contract'
import { z } from 'zod'
import { nothing, resultOf } from '../model/result.ts'
import { networkContactSchema, settingsChangeSchema, settingsSchema } from '../model/settings.ts'

export const settings = {
  get: oc.output(resultOf(settingsSchema)),
  set: oc.input(settingsChangeSchema).output(resultOf(settingsSchema)),

  /** Asks each of the given servers one question, to see whether it answers. */
  testResolvers: oc.input(z.object({ resolvers: z.array(z.string().max(100)).max(8) })).output(
    resultOf(
      z.array(
        z.object({
          server: z.string(),
          state: z.enum(['answers', 'unavailable']),
          reason: z.string().nullable(),
          tookMs: z.number(),
        }),
      ),
    ),
  ),

  /** The servers in use when none are set: those of the operating system. */
  systemResolvers: oc.output(resultOf(z.array(z.string()))),

  /** Every host that was contacted, for what, and how often. */
  networkLog: oc.output(resultOf(z.array(networkContactSchema))),
  clearNetworkLog: oc.output(resultOf(nothing)),
}
