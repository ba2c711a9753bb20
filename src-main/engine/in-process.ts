import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import type { Contract } from '#shared/contract/index.ts'
import type { EngineRouter } from './guard.ts'

/** The engine as the command line calls it: every procedure answers a `Result`, or an iterator that returns one. */
export type InProcessClient = ContractRouterClient<Contract>

/**
 * Calls the engine without a wire. A call is cancelled by its `signal`, a stream also by leaving it (`break`,
 * `return()`), which aborts the handler's signal as it does over a wire.
 */
export function createInProcessClient(router: EngineRouter): InProcessClient {
  return createRouterClient(router, {
    interceptors: [
      async ({ next, signal, ...call }) => {
        const leave = new AbortController()
        const either = signal ? AbortSignal.any([signal, leave.signal]) : leave.signal
        const output = await next({ ...call, signal: either })
        return isStream(output) ? abortOnLeave(output, leave) : output
      },
    ],
  })
}

type Stream = AsyncIterator<unknown, unknown, void>

function isStream(output: unknown): output is Stream {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output
}

function abortOnLeave(source: Stream, leave: AbortController): AsyncIterableIterator<unknown, unknown, void> {
  return {
    next: () => source.next(),
    return: async value => {
      leave.abort()
      await source.return?.()
      return { done: true, value }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
