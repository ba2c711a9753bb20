import type { Failure } from '#shared/failure.ts'
import type { RecordPlan } from '#shared/model/record-plan.ts'
import { useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'

export type PlanChoice = { mailProvider: string | null; dnsProvider: string | null }
export type PlanView = { plan: RecordPlan | null; failure: Failure | null }

/** The records to publish, made again when the choice or the last audit changes. */
export function usePlan(id: string, choice: PlanChoice, checkedAt: number | null | undefined): PlanView {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [view, setView] = useState<PlanView>({ plan: null, failure: null })
  const { mailProvider, dnsProvider } = choice
  useEffect(() => {
    if (!isOpen) return
    let isCurrent = true
    void client.domains.plan({ id, mailProvider, dnsProvider }).then(result => {
      if (!isCurrent) return
      setView(before =>
        result.ok ? { plan: result.value, failure: null } : { ...before, failure: result.failure },
      )
    })
    return () => {
      isCurrent = false
    }
  }, [client, id, mailProvider, dnsProvider, isOpen, checkedAt])
  return view
}
