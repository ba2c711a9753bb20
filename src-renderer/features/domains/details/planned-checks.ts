import { type CheckId, checkOrder, checksWithin } from '#shared/model/check-ids.ts'
import { useMemo } from 'react'
import { useConnectionState } from '../../../client/engine.tsx'
import { useSettings } from '../../../replica/queries.ts'

/** The checks that an audit which begins now will make. */
export function usePlannedChecks(): readonly CheckId[] {
  const connection = useConnectionState()
  const reach = useSettings()?.reach
  const asksOutside = connection.kind !== 'open' || connection.hello.asksOutside
  return useMemo(() => {
    if (!asksOutside) return checksWithin({ direct: false, smtp: false })
    return reach === undefined ? checkOrder : checksWithin(reach)
  }, [asksOutside, reach])
}
