import type { WarmupContext } from '../context.ts'
import { isSilent, partnerStateOf, silenceFromAt } from './standing.ts'
import { type PartnerEntry, putPartner, sentToPartner } from './store.ts'

/** Looks whether a partner has fallen silent, and whether an invitation has run out. */
export function lookAtPartners({ store, roster }: WarmupContext, now: number): void {
  const changed = roster.partners().flatMap((entry): PartnerEntry[] => {
    const state = partnerStateOf(entry, now)
    if (state === 'expired' && entry.stage === 'invited')
      return [{ ...entry, stage: 'expired', text: null, sinceAt: now }]
    if (state !== 'on') return []
    const sent = sentToPartner(store, entry.id, silenceFromAt(entry))
    return isSilent(sent, now) ? [{ ...entry, silentAt: now, sinceAt: now }] : []
  })
  if (changed.length === 0) return
  store.write(writes => {
    for (const entry of changed) putPartner(writes, entry)
  })
  roster.touchPartners()
}
