import { useSyncExternalStore } from 'react'
import {
  domains,
  type DomainCounts,
  type DomainFilter,
  type DomainRow,
  type DomainSort,
  findByName,
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

/** The domain of this name in A-labels; null when it is not on the list. */
export function useDomainNamed(name: string): DomainRow | null {
  return useSyncExternalStore(domains.subscribe, () => domainNamed(name))
}

export function domainNamed(name: string): DomainRow | null {
  for (const row of domains.rows()) if (row.name === name) return row
  return null
}

/** Ids of the domains to show, in order; undefined until there is an answer, and the same array for as long as it holds. */
export function useDomainIds(sort: DomainSort, filter: DomainFilter): readonly string[] | undefined {
  return useSyncExternalStore(domains.subscribe, () =>
    domains.completeness() === 'loading' ? undefined : domains.ids(sort, filter),
  )
}

export function useDomainCounts(): DomainCounts | undefined {
  return useSyncExternalStore(domains.subscribe, () =>
    domains.completeness() === 'loading' ? undefined : domains.counts(),
  )
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
export function useDomainsNamed(search: string, most: number): DomainRow[] {
  useDomainVersion()
  return search === '' ? [] : findByName(domains, search, most)
}
