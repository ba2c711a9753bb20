import { create } from 'zustand'
import type { MailboxFilter, MailboxSort } from '../../../replica/mailboxes.ts'

type ListState = {
  sort: MailboxSort
  filter: MailboxFilter
  selected: ReadonlySet<string>
  /** Index of the row the keyboard is on, and where a range began. */
  active: number
  anchor: number
  sortBy(by: MailboxSort['by']): void
  setFilter(change: Partial<MailboxFilter>): void
  select(ids: Iterable<string>): void
  setActive(active: number, anchor?: number): void
}

export const noFilter: MailboxFilter = { search: '', status: 'all' }

/** What the list shows and has selected; it outlives a visit to a mailbox. */
export const useMailboxList = create<ListState>(set => ({
  sort: { by: 'status', descending: false },
  filter: noFilter,
  selected: new Set(),
  active: 0,
  anchor: 0,
  sortBy: by => set(({ sort }) => ({ sort: { by, descending: sort.by === by ? !sort.descending : false } })),
  setFilter: change => set(({ filter }) => ({ filter: { ...filter, ...change }, active: 0, anchor: 0 })),
  select: ids => set({ selected: new Set(ids) }),
  setActive: (active, anchor = active) => set({ active, anchor }),
}))
