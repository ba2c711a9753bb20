import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { engineStatusSchema, helloSchema } from '../model/host.ts'
import { nothing, resultOf } from '../model/result.ts'

export const host = {
  /** The first call of every window. A different `build` answers `build-differs`, and nothing else should be called. */
  hello: oc.input(z.object({ build: z.string().max(100) })).output(resultOf(helloSchema)),

  /** The heartbeat of a wire. */
  ping: oc.output(resultOf(nothing)),

  /** What the engine is doing, at most four times a second. */
  status: oc.output(eventIterator(engineStatusSchema, resultOf(nothing))),

  /** Opens a documentation or dashboard page in the browser; only https pages of allow-listed hosts. */
  openLink: oc.input(z.object({ url: z.string().max(2_000) })).output(resultOf(nothing)),
}
