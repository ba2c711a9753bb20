import type { PlanChoices } from '#shared/model/record-plan.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'

const noChoices: PlanChoices = {
  mailProvider: null,
  dnsProvider: null,
  spfInclude: null,
  dmarcStep: null,
  mtaSts: null,
  tlsRpt: false,
  trackingTarget: null,
  trackingName: 'track',
}

/** What is typed is not kept with every letter. */
const keepAfterMs = 300

export type PlanChoicesView = {
  /** Null until the engine has told what was chosen before. */
  choices: PlanChoices | null
  choose(change: Partial<PlanChoices>): void
}

/** What was chosen for the records of a domain; kept with the domain as it changes. */
export function usePlanChoices(id: string): PlanChoicesView {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [choices, setChoices] = useState<PlanChoices | null>(null)
  const unkept = useRef<PlanChoices | null>(null)

  useEffect(() => {
    if (!isOpen || choices !== null) return undefined
    let isCurrent = true
    void client.domains.planChoices({ id }).then(result => {
      if (isCurrent) setChoices(before => before ?? (result.ok ? result.value : noChoices))
    })
    return () => {
      isCurrent = false
    }
  }, [client, id, isOpen, choices])

  const keep = useCallback(() => {
    const wanted = unkept.current
    unkept.current = null
    // What cannot be kept, because the engine is away say, still holds in this window.
    if (wanted !== null) void client.domains.setPlanChoices({ id, choices: wanted })
  }, [client, id])
  useEffect(() => {
    if (unkept.current === null) return undefined
    const timer = setTimeout(keep, keepAfterMs)
    return () => clearTimeout(timer)
  }, [choices, keep])
  useEffect(() => keep, [keep])

  const choose = useCallback((change: Partial<PlanChoices>) => {
    setChoices(before => {
      const next = { ...(before ?? noChoices), ...change }
      unkept.current = next
      return next
    })
  }, [])
  return { choices, choose }
}
