import { create } from 'zustand'
import type { MailboxFilter, MailboxSort } from '../../../replica/mailboxes.ts'
import { type ListState, listState } from '../../../ui/list-state.ts'

export const noFilter: MailboxFilter = { search: '', status: 'all' }

/** What the list shows and has selected; it outlives a visit to a mailbox. */
export const useMailboxList = create<ListState<MailboxSort, MailboxFilter>>(set =>
  listState(set, { sort: { by: 'status', descending: false }, filter: noFilter }),
)
