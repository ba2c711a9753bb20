import type { Failure } from '#shared/failure.ts'
import type { PlanChoices, RecordPlan } from '#shared/model/record-plan.ts'
import { useEffect, useRef, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'

/** While a plan is shown a name may still be typed. */
const typingPauseMs = 180

export type PlanView = { plan: RecordPlan | null; failure: Failure | null }

/**
 * The records to publish, made again when a choice, the last audit or a key (`version`) changes; none while the choices
 * are not known. While the new one is made the last one stays.
 */
export function usePlan(
  id: string,
  choices: PlanChoices | null,
  checkedAt: number | null | undefined,
  version: number,
): PlanView {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [view, setView] = useState<PlanView>({ plan: null, failure: null })
  const shown = useRef(false)
  useEffect(() => {
    if (!isOpen || choices === null) return
    let isCurrent = true
    const ask = () =>
      client.domains.plan({ id, ...choices }).then(result => {
        if (!isCurrent) return
        shown.current = true
        setView(before =>
          result.ok ? { plan: result.value, failure: null } : { ...before, failure: result.failure },
        )
      })
    const timer = setTimeout(() => void ask(), shown.current ? typingPauseMs : 0)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, id, choices, isOpen, checkedAt, version])
  return view
}
