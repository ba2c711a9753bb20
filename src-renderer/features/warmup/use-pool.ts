import type { PoolReach } from '#shared/model/warmup.ts'
import { defaultSettings } from '#shared/warmup-ramps.ts'
import { machineZone } from '../mailboxes/preferences-form.tsx'
import { useCall } from '../../client/use-call.ts'

/** What the pool as it is can give, measured against this target; null until it is known. */
export function usePoolReach(mailboxes: number, targetPerDay: number): PoolReach | null {
  const key = mailboxes === 0 ? null : `${mailboxes} ${targetPerDay}`
  const { value } = useCall(key, client =>
    client.warmup.preview({
      id: null,
      settings: {
        ...defaultSettings('conservative', machineZone()),
        targetPerDay: Math.min(50, Math.max(5, targetPerDay)),
      },
    }),
  )
  return value?.reach ?? null
}
