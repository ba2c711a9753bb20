import { create } from 'zustand'
import { type ListState, listState } from '../../../ui/list-state.ts'
import { noWarmupFilter, type WarmupFilter, type WarmupSort } from './order.ts'

/** What the overview shows and has selected; it outlives a visit to a mailbox. */
export const useWarmupList = create<ListState<WarmupSort, WarmupFilter>>(set =>
  listState(set, { sort: { by: 'state', descending: false }, filter: noWarmupFilter }),
)
