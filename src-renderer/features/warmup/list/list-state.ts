import { create } from 'zustand'
import { noWarmupFilter, type WarmupFilter, type WarmupSort } from './order.ts'

type ListState = {
  sort: WarmupSort
  filter: WarmupFilter
  selected: ReadonlySet<string>
  /** Index of the row the keyboard is on, and where a range began. */
  active: number
  anchor: number
  sortBy(by: WarmupSort['by']): void
  setFilter(change: Partial<WarmupFilter>): void
  select(ids: Iterable<string>): void
  setActive(active: number, anchor?: number): void
}

/** What the overview shows and has selected; it outlives a visit to a mailbox. */
export const useWarmupList = create<ListState>(set => ({
  sort: { by: 'state', descending: false },
  filter: noWarmupFilter,
  selected: new Set(),
  active: 0,
  anchor: 0,
  sortBy: by => set(({ sort }) => ({ sort: { by, descending: sort.by === by ? !sort.descending : false } })),
  setFilter: change => set(({ filter }) => ({ filter: { ...filter, ...change }, active: 0, anchor: 0 })),
  select: ids => set({ selected: new Set(ids) }),
  setActive: (active, anchor = active) => set({ active, anchor }),
}))
