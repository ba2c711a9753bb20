import { create } from 'zustand'
import type { DomainFilter, DomainSort } from '../../../replica/domain-table.ts'
import { type ListState, listState } from '../../../ui/list-state.ts'

type DomainListState = ListState<DomainSort, DomainFilter> & {
  isImportOpen: boolean
  /** How often the filter was cleared: what is being typed goes with it. */
  cleared: number
  clearFilter(): void
  setImportOpen(open: boolean): void
}

const noFilter: DomainFilter = { search: '', status: 'all', tag: null, attention: false }

/** What the list shows and has selected; it outlives a visit to a domain. */
export const useList = create<DomainListState>(set => ({
  ...listState<DomainSort, DomainFilter>(set, {
    sort: { by: 'name', descending: false },
    filter: noFilter,
    largestFirst: ['mailboxes'],
  }),
  isImportOpen: false,
  cleared: 0,
  clearFilter: () => set(({ cleared }) => ({ filter: noFilter, active: 0, anchor: 0, cleared: cleared + 1 })),
  setImportOpen: open => set({ isImportOpen: open }),
}))
