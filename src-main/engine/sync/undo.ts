import type { Conflict } from '#shared/model/sync.ts'
import type { Writes } from '../storage/open.ts'
import { fieldsHere } from './agreed.ts'
import type { LocalDomains } from './apply.ts'
import { usualFields } from './fields.ts'

/**
 * Puts back what a conflict put aside, as if the person had just done it (S-19). False when that is not possible any
 * more: a field of a domain that does not stand on the list.
 */
export function undo(
  writes: Writes,
  { code, domainName, other }: Conflict,
  domains: Pick<LocalDomains, 'put' | 'remove'>,
): boolean {
  const ours = fieldsHere(writes, domainName)
  switch (code) {
    case 'both-changed':
      if (ours === null || other === null) return false
      domains.put(writes, domainName, fill(ours, other))
      return true
    case 'deleted-there':
      domains.put(writes, domainName, fill(ours ?? usualFields, other ?? {}))
      return true
    case 'deleted-here':
      if (ours !== null) domains.remove(writes, domainName, 'go')
      return true
  }
}

function fill(fields: typeof usualFields, other: NonNullable<Conflict['other']>): typeof usualFields {
  return { tags: other.tags ?? fields.tags, dailyLimit: other.dailyLimit ?? fields.dailyLimit }
}
