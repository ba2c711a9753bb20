import type { Alert, AlertState } from '#shared/model/alert.ts'
import type { guarded } from '../guard.ts'
import { writeOrFail } from '../storage/failures.ts'
import type { Store } from '../storage/open.ts'
import { moveAlert } from './store.ts'

/** What may be asked about alerts: `src-shared/contract/alerts.ts` says what each procedure answers. */
export function alertProcedures(
  engine: ReturnType<typeof guarded>,
  { store, now }: { store: Store; now: () => number },
) {
  const os = engine.alerts
  const move = (ids: readonly string[], state: AlertState) =>
    writeOrFail(store, writes => ({
      changed: [...new Set(ids)].filter((id: Alert['id']) => moveAlert(writes, id, state, 'person', now())),
    }))
  return {
    acknowledge: os.acknowledge.handler(({ input }) => move(input.ids, 'acknowledged')),
    resolve: os.resolve.handler(({ input }) => move(input.ids, 'resolved')),
    reopen: os.reopen.handler(({ input }) => move(input.ids, 'open')),
  }
}
