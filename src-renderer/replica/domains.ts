import { useMemo, useRef, useSyncExternalStore } from 'react'
import {
  domains,
  type DomainCounts,
  type DomainFilter,
  type DomainRow,
  type DomainSort,
} from './domain-table.ts'

/** Raised whenever rows have changed. */
export function useDomainVersion(): number {
  return useSyncExternalStore(domains.subscribe, domains.version)
}

/** Null when there is none of this id; undefined while that is not known. */
export function useDomain(id: string): DomainRow | null | undefined {
  return useSyncExternalStore(domains.subscribe, () => {
    const row = domains.row(id)
    return row === undefined && domains.completeness() !== 'loading' ? null : row
  })
}

/** Ids of the domains to show, in order; undefined until there is an answer, and the same array for as long as it holds. */
export function useDomainIds(sort: DomainSort, filter: DomainFilter): readonly string[] | undefined {
  const version = useDomainVersion()
  const { by, descending } = sort
  const { search, status, tag, attention } = filter
  const found = useMemo(
    () => domains.ids({ by, descending }, { search, status, tag, attention }),
    [version, by, descending, search, status, tag, attention],
  )
  const shown = useRef(found)
  if (shown.current !== found && !isSame(shown.current, found)) shown.current = found
  return domains.completeness() === 'loading' ? undefined : shown.current
}

export function useDomainCounts(): DomainCounts | undefined {
  const counts = useSyncExternalStore(domains.subscribe, domains.counts)
  return domains.completeness() === 'loading' ? undefined : counts
}

export function useTags(): readonly string[] {
  return useSyncExternalStore(domains.subscribe, domains.tags)
}

/** True once the window holds a full reading of the store; undefined while that is not known. */
export function useReplicaReady(): boolean | undefined {
  const completeness = useSyncExternalStore(domains.subscribe, domains.completeness)
  return completeness === 'loading' ? undefined : completeness === 'complete'
}

/** The first domains by name that have this in their name. */
export function findDomains(search: string, most: number): DomainRow[] {
  if (search === '') return []
  const everything = { search, status: 'all', tag: null, attention: false } as const
  return domains
    .ids({ by: 'name', descending: false }, everything)
    .flatMap(id => domains.row(id) ?? [])
    .filter(({ name, displayName }) => name.includes(search) || displayName.toLowerCase().includes(search))
    .slice(0, most)
}

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id, index) => id === b[index])
