import type { PlanChoices } from '#shared/model/record-plan.ts'
import { create } from 'zustand'

export const noChoices: PlanChoices = {
  mailProvider: null,
  dnsProvider: null,
  spfInclude: null,
  dmarcStep: null,
  mtaSts: null,
  tlsRpt: false,
  trackingTarget: null,
  trackingName: 'track',
}

type PlanChoicesState = {
  of: Readonly<Record<string, PlanChoices>>
  choose(id: string, change: Partial<PlanChoices>): void
}

/** What was chosen for the records of each domain; it outlives a visit to the next step. */
export const usePlanChoices = create<PlanChoicesState>(set => ({
  of: {},
  choose: (id, change) => set(({ of }) => ({ of: { ...of, [id]: { ...(of[id] ?? noChoices), ...change } } })),
}))
