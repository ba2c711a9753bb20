import type { Partner } from '#shared/model/partner.ts'
import { useLiveQuery } from 'dexie-react-hooks'
import { replica } from './database.ts'

const order: Record<Partner['state'], number> = {
  comparing: 0,
  silent: 1,
  invited: 2,
  waiting: 3,
  on: 4,
  expired: 5,
  ended: 6,
}

/** Agreements with other Rookeries, what needs a person first; a handful. Undefined until the first answer. */
export function usePartners(): readonly Partner[] | undefined {
  return useLiveQuery(async () => {
    const rows = await replica.partners.toArray()
    return rows.toSorted((a, b) => order[a.state] - order[b.state] || b.sinceAt - a.sinceAt)
  }, [])
}
