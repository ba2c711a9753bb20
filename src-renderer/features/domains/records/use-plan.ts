import type { Failure } from '#shared/failure.ts'
import type { RecordPlan } from '#shared/model/record-plan.ts'
import { useEffect, useRef, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { type PlanChoicesView, usePlanChoices } from './plan-choices.ts'

/** While a plan is shown a name may still be typed. */
const typingPauseMs = 180

export type PlanView = PlanChoicesView & {
  /** None while the choices are not known; the last one stays while a new one is made. */
  plan: RecordPlan | null
  failure: Failure | null
  /** There is a key more or less. */
  keysChanged(): void
}

/** What was chosen for the records of a domain, and the records to publish: made again after a choice, an audit or a key. */
export function usePlan(id: string, checkedAt: number | null | undefined): PlanView {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const { choices, choose } = usePlanChoices(id)
  const [keyChanges, setKeyChanges] = useState(0)
  const [made, setMade] = useState<Pick<PlanView, 'plan' | 'failure'>>({ plan: null, failure: null })
  const shown = useRef(false)
  useEffect(() => {
    if (!isOpen || choices === null) return
    let isCurrent = true
    const ask = () =>
      client.domains.plan({ id, ...choices }).then(result => {
        if (!isCurrent) return
        shown.current = true
        setMade(before =>
          result.ok ? { plan: result.value, failure: null } : { ...before, failure: result.failure },
        )
      })
    const timer = setTimeout(() => void ask(), shown.current ? typingPauseMs : 0)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, id, choices, isOpen, checkedAt, keyChanges])
  return { ...made, choices, choose, keysChanged: () => setKeyChanges(count => count + 1) }
}
