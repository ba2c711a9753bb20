import { ok, type Result } from '#shared/failure.ts'
import type { ChangeBatch } from '#shared/model/change.ts'
import type { guarded } from '../guard.ts'
import { createFeeds, type TableReaders, watchChanges } from './changes.ts'
import type { Store } from './open.ts'

/** The change feed as the contract offers it. Readings end when the engine stops. */
export function changesProcedures(
  engine: ReturnType<typeof guarded>,
  { store, readers, stopping }: { store: Store; readers: TableReaders; stopping: AbortSignal },
) {
  const os = engine.changes
  const feeds = createFeeds()
  return {
    watch: os.watch.handler(async function* ({
      input,
      signal,
    }): AsyncGenerator<ChangeBatch, Result<null>, void> {
      const until = signal ? AbortSignal.any([signal, stopping]) : stopping
      const credit = feeds.open(input.feed, until)
      try {
        return yield* watchChanges(store, readers, {
          since: input.since,
          dataId: input.dataId,
          signal: until,
          credit,
        })
      } finally {
        credit.close()
      }
    }),

    acknowledge: os.acknowledge.handler(({ input }) => {
      feeds.acknowledge(input.feed, input.page)
      return ok(null)
    }),
  }
}
