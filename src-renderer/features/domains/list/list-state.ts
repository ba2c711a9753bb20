import { create } from 'zustand'
import type { DomainFilter, DomainSort } from '../../../replica/domain-table.ts'

type ListState = {
  sort: DomainSort
  filter: DomainFilter
  selected: ReadonlySet<string>
  /** Index of the row the keyboard is on, and where a range began. */
  active: number
  anchor: number
  isImportOpen: boolean
  /** How often the filter was cleared: what is being typed goes with it. */
  cleared: number
  sortBy(by: DomainSort['by']): void
  setFilter(change: Partial<DomainFilter>): void
  clearFilter(): void
  select(ids: Iterable<string>): void
  setActive(active: number, anchor?: number): void
  setImportOpen(open: boolean): void
}

const noFilter: DomainFilter = { search: '', status: 'all', tag: null, attention: false }

/** What the list shows and has selected; it outlives a visit to a domain. */
export const useList = create<ListState>(set => ({
  sort: { by: 'name', descending: false },
  filter: noFilter,
  selected: new Set(),
  active: 0,
  anchor: 0,
  isImportOpen: false,
  cleared: 0,
  sortBy: by =>
    set(({ sort }) => ({ sort: { by, descending: sort.by === by ? !sort.descending : by === 'mailboxes' } })),
  setFilter: change => set(({ filter }) => ({ filter: { ...filter, ...change }, active: 0, anchor: 0 })),
  clearFilter: () => set(({ cleared }) => ({ filter: noFilter, active: 0, anchor: 0, cleared: cleared + 1 })),
  select: ids => set({ selected: new Set(ids) }),
  setActive: (active, anchor = active) => set({ active, anchor }),
  setImportOpen: open => set({ isImportOpen: open }),
}))
