import type { Domain, DomainStatus } from '#shared/model/domain.ts'
import { Dexie, type ObservabilitySet } from 'dexie'
import { useEffect, useState } from 'react'
import { replica } from './queries.ts'

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
const scanRows = 250
const domainsPart = `idb://${replica.name}/domains/`
/** Pause after each reading, in times of what it took: a bulk check changes rows all the time. */
const pauseTimes = 4
const afterTroubleMs = 1_000

export function isFiltering(filter: DomainFilter): boolean {
  return filter.search.trim() !== '' || filter.status !== 'all' || filter.tag !== null || filter.attention
}

/**
 * Ids of the domains to show, in order; undefined until the first answer, and the same array for as long as it holds.
 * Keys alone, so ten thousand are cheap, and read outside of a live query: noting every key it read would cost more
 * than the reading.
 */
export function useDomainIds(sort: DomainSort, filter: DomainFilter): string[] | undefined {
  const [ids, setIds] = useState<string[]>()
  const { by, descending } = sort
  const { search, status, tag, attention } = filter
  useEffect(() => {
    let isCurrent = true
    let isReading = false
    let isStale = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = async () => {
      const startedAt = performance.now()
      isReading = true
      isStale = false
      const found = await readIds({ by, descending }, { search, status, tag, attention }).catch(() => null)
      isReading = false
      if (!isCurrent) return
      isStale ||= found === null
      if (found !== null) setIds(before => (before !== undefined && isSame(before, found) ? before : found))
      timer = setTimeout(
        () => {
          timer = undefined
          if (isStale) void read()
        },
        found === null ? afterTroubleMs : pauseTimes * (performance.now() - startedAt),
      )
    }
    void read()
    const onMutation = (parts: ObservabilitySet) => {
      if (!Object.keys(parts).some(part => part.startsWith(domainsPart))) return
      isStale = true
      // Not at once: that would be inside the transaction that has just ended.
      if (!isReading) timer ??= setTimeout(read)
    }
    Dexie.on.storagemutated.subscribe(onMutation)
    return () => {
      isCurrent = false
      clearTimeout(timer)
      Dexie.on.storagemutated.unsubscribe(onMutation)
    }
  }, [by, descending, search, status, tag, attention])
  return ids
}

async function readIds(sort: DomainSort, filter: DomainFilter): Promise<string[]> {
  const ascending = (await replica.domains.orderBy(sortIndex[sort.by]).primaryKeys()) as string[]
  const ids = sort.descending ? ascending.toReversed() : ascending
  if (!isFiltering(filter)) return ids
  const kept = await matchingIds(filter)
  return ids.filter(id => kept.has(id))
}

/** Reads every row once, in slices by key: the database hands out a slice in one piece, and rows by name one by one. */
async function matchingIds(filter: DomainFilter): Promise<ReadonlySet<string>> {
  const wanted = filter.search.trim().toLowerCase()
  const kept = new Set<string>()
  let after = ''
  while (true) {
    const rows = await replica.domains.where('id').above(after).limit(scanRows).toArray()
    for (const row of rows) if (matches(row, filter, wanted)) kept.add(row.id)
    if (rows.length < scanRows) return kept
    after = rows.at(-1)?.id ?? after
  }
}

function matches(row: Domain, filter: DomainFilter, wanted: string): boolean {
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

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id, index) => id === b[index])
