import type { SyncState, SyncStateCode } from '#shared/model/sync.ts'
import { syncStateWords, syncTrouble } from '#shared/words/sync.ts'
import { Spinner } from '../../ui/spinner.tsx'
import type { MarkKind } from '../../ui/verdict-mark.tsx'
import { VerdictMark } from '../../ui/verdict-mark.tsx'
import { Time } from '../frame/time.tsx'

const marks: Record<SyncStateCode, MarkKind> = {
  'not-connected': 'unavailable',
  syncing: 'unavailable',
  'up-to-date': 'pass',
  waiting: 'unavailable',
  offline: 'warn',
  paused: 'warn',
  'vault-locked': 'warn',
  'needs-sign-in': 'fail',
  refused: 'fail',
}

/** How it stands with the tenant API: what, why, and when it goes on. */
export function SyncStanding({ sync }: { sync: SyncState }) {
  const { state, syncedAt, nextAt, baseUrl, tenantId } = sync
  const { name, gloss } = syncStateWords[state]
  const why = syncTrouble(sync)
  return (
    <div className="flex items-start gap-2.5" aria-live="polite">
      {state === 'syncing' ? (
        <span className="flex size-[18px] items-center justify-center">
          <Spinner />
        </span>
      ) : (
        <VerdictMark kind={marks[state]} label={name} size={18} />
      )}
      <div className="min-w-0">
        <p className="font-medium">{name}</p>
        <p className="text-ink-soft">
          {why === null ? gloss : [why.title, why.cause].filter(Boolean).join(' ')}
        </p>
        {why !== null && <p>{why.next}</p>}
        <p className="flex flex-wrap gap-x-4 pt-1 text-meta text-ink-soft">
          {baseUrl !== null && (
            <span className="[overflow-wrap:anywhere]">
              {baseUrl}
              {tenantId !== null && `, tenant ${tenantId}`}
            </span>
          )}
          {baseUrl !== null && (
            <span>
              {syncedAt === null ? (
                'Not synced yet'
              ) : (
                <>
                  Last synced <Time at={syncedAt} />
                </>
              )}
            </span>
          )}
          {nextAt !== null && state !== 'up-to-date' && state !== 'syncing' && (
            <span>
              Next try <Time at={nextAt} ahead />
            </span>
          )}
        </p>
      </div>
    </div>
  )
}
