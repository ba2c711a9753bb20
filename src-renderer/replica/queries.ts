import type { Domain, DomainStatus } from '#shared/model/domain.ts'
import { useLiveQuery } from 'dexie-react-hooks'
import { useRef } from 'react'
import { type DomainRow, openReplica, type Replica } from './database.ts'

/** The one replica of this window. */
export const replica: Replica = openReplica()

export type DomainSort = { by: 'name' | 'score' | 'checkedAt' | 'status' | 'provider'; descending: boolean }
export type DomainFilter = {
  search: string
  status: DomainStatus | 'all'
  tag: string | null
  attention: boolean
}

const sortIndex: Record<DomainSort['by'], string> = {
  name: 'sortName',
  score: 'sortScore',
  checkedAt: 'sortCheckedAt',
  status: 'sortStatus',
  provider: 'sortProvider',
}

/** Rows read at once while filtering, small enough that no frame waits for the copy out of the database. */
const scanRows = 500

export function isFiltering(filter: DomainFilter): boolean {
  return filter.search.trim() !== '' || filter.status !== 'all' || filter.tag !== null || filter.attention
}

/** Ids of the domains to show, in order; undefined until the first answer. Keys alone, so ten thousand are cheap. */
export function useDomainIds(sort: DomainSort, filter: DomainFilter): string[] | undefined {
  return useLiveQuery(async () => {
    const ascending = (await replica.domains.orderBy(sortIndex[sort.by]).primaryKeys()) as string[]
    const ids = sort.descending ? ascending.toReversed() : ascending
    return isFiltering(filter) ? filterIds(ids, filter) : ids
  }, [sort.by, sort.descending, filter.search, filter.status, filter.tag, filter.attention])
}

async function filterIds(ids: string[], filter: DomainFilter): Promise<string[]> {
  const wanted = filter.search.trim().toLowerCase()
  const kept: string[] = []
  for (let start = 0; start < ids.length; start += scanRows) {
    const rows = await replica.domains.bulkGet(ids.slice(start, start + scanRows))
    for (const row of rows) if (row && matches(row, filter, wanted)) kept.push(row.id)
  }
  return kept
}

export function matches(row: Domain, filter: DomainFilter, wanted: string): boolean {
  if (filter.status !== 'all' && row.status !== filter.status) return false
  if (filter.tag !== null && !row.tags.includes(filter.tag)) return false
  if (filter.attention && row.critical + row.high === 0) return false
  return (
    wanted === '' ||
    row.name.includes(wanted) ||
    row.displayName.toLowerCase().includes(wanted) ||
    row.tags.some(tag => tag.toLowerCase().includes(wanted))
  )
}

/** The rows of a window of the list. Rows seen before stay on screen while newer ones are fetched. */
export function useDomainRows(ids: readonly string[]): ReadonlyMap<string, DomainRow> {
  const known = useRef(new Map<string, DomainRow>())
  const rows = useLiveQuery(() => replica.domains.bulkGet([...ids]), [ids.join()])
  for (const row of rows ?? []) if (row) known.current.set(row.id, row)
  return known.current
}

export function useDomain(id: string): DomainRow | null | undefined {
  return useLiveQuery(async () => (await replica.domains.get(id)) ?? null, [id])
}

export function useDomainCounts() {
  return useLiveQuery(async () => {
    const [all, failed, pending, verified] = await Promise.all([
      replica.domains.count(),
      replica.domains.where('sortStatus').equals(0).count(),
      replica.domains.where('sortStatus').equals(1).count(),
      replica.domains.where('sortStatus').equals(2).count(),
    ])
    return { all, failed, pending, verified }
  }, [])
}

export function useTags(): string[] {
  return useLiveQuery(async () => (await replica.domains.orderBy('tags').uniqueKeys()) as string[], [], [])
}

export function useSettings() {
  return useLiveQuery(() => replica.settings.get('settings'), [])
}

/** True once the replica holds a full reading of the store; undefined while that is not known. */
export function useReplicaReady(): boolean | undefined {
  return useLiveQuery(async () => ((await replica.state.get('state'))?.seq ?? null) !== null, [])
}
