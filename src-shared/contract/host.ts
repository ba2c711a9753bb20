import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { engineStatusSchema, helloSchema, workspaceSchema } from '../model/host.ts'
import { nothing, resultOf } from '../model/result.ts'

export const host = {
  /** The first call of every window. A different `build` answers `build-differs`, and nothing else should be called. */
  hello: oc.input(z.object({ build: z.string().max(100) })).output(resultOf(helloSchema)),

  /** The heartbeat of a wire. */
  ping: oc.output(resultOf(nothing)),

  /** What the engine is doing, at most four times a second. */
  status: oc.output(eventIterator(engineStatusSchema, resultOf(nothing))),

  /**
   * Opens the other workspace, for every window of this host. After the answer the host ends all wires, and the windows
   * come back to the other data folder. `not-allowed` where a host has only one.
   */
  openWorkspace: oc.input(z.object({ workspace: workspaceSchema })).output(resultOf(nothing)),

  /** Opens a documentation or dashboard page in the browser; only https pages of allow-listed hosts. */
  openLink: oc.input(z.object({ url: z.string().max(2_000) })).output(resultOf(nothing)),
}
