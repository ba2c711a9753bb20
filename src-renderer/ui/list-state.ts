import type { RowSelection } from './row-grid.tsx'

type Sort = { readonly by: string; readonly descending: boolean }

/** What a list shows and has selected. */
export type ListState<OneSort extends Sort, Filter> = RowSelection & {
  readonly sort: OneSort
  readonly filter: Filter
  sortBy(by: OneSort['by']): void
  setFilter(change: Partial<Filter>): void
}

type Change<State> = (change: (state: State) => Partial<State>) => void

/** What a list begins with and how it changes, for a store; asked again for the same order, it turns that around. */
export function listState<OneSort extends Sort, Filter>(
  set: Change<ListState<OneSort, Filter>>,
  first: { sort: OneSort; filter: Filter; largestFirst?: readonly OneSort['by'][] },
): ListState<OneSort, Filter> {
  const { sort, filter, largestFirst = [] } = first
  return {
    sort,
    filter,
    selected: new Set(),
    active: 0,
    anchor: 0,
    sortBy: by =>
      set(({ sort }) => ({
        sort: { ...sort, by, descending: sort.by === by ? !sort.descending : largestFirst.includes(by) },
      })),
    setFilter: change => set(({ filter }) => ({ filter: { ...filter, ...change }, active: 0, anchor: 0 })),
    select: ids => set(() => ({ selected: new Set(ids) })),
    setActive: (active, anchor = active) => set(() => ({ active, anchor })),
  }
}
