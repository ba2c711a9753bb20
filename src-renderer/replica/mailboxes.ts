import type { MailboxStatus } from '#shared/model/mailbox-values.ts'
import { useLiveQuery } from 'dexie-react-hooks'
import { useRef } from 'react'
import { type MailboxRow, replica } from './database.ts'
import { keepRows } from './keep-rows.ts'

export type MailboxSort = { by: 'address' | 'status' | 'testedAt'; descending: boolean }
export type MailboxFilter = { search: string; status: MailboxStatus | 'all' }

const sortIndex: Record<MailboxSort['by'], string> = {
  address: 'sortAddress',
  status: '[sortStatus+sortAddress]',
  testedAt: 'sortTestedAt',
}

export function isFilteringMailboxes({ search, status }: MailboxFilter): boolean {
  return search.trim() !== '' || status !== 'all'
}

/** Ids of the mailboxes to show, in order; undefined until the first answer. */
export function useMailboxIds(sort: MailboxSort, filter: MailboxFilter): string[] | undefined {
  const { by, descending } = sort
  const { search, status } = filter
  return useLiveQuery(async () => {
    const wanted = search.trim().toLowerCase()
    const ordered = replica.mailboxes.orderBy(sortIndex[by])
    const found = isFilteringMailboxes({ search, status })
      ? ordered.filter(row => (status === 'all' || row.status === status) && matches(row, wanted))
      : ordered
    const ids = (await found.primaryKeys()) as string[]
    return descending ? ids.toReversed() : ids
  }, [by, descending, search, status])
}

function matches(row: MailboxRow, wanted: string): boolean {
  return wanted === '' || row.sortAddress.includes(wanted) || row.senderName.toLowerCase().includes(wanted)
}

export function useMailbox(id: string): MailboxRow | null | undefined {
  return useLiveQuery(async () => (await replica.mailboxes.get(id)) ?? null, [id])
}

/** The mailboxes of one domain, what needs a person first. */
export function useMailboxesOf(domainName: string): MailboxRow[] | undefined {
  return useLiveQuery(async () => {
    const rows = await replica.mailboxes.where('domainName').equals(domainName).toArray()
    return rows.toSorted((a, b) => a.sortStatus - b.sortStatus || a.sortAddress.localeCompare(b.sortAddress))
  }, [domainName])
}

/** The mailboxes that have a server to read from, by address. */
export function useReadableMailboxes(): { id: string; address: string }[] | undefined {
  return useLiveQuery(async () => {
    const rows = await replica.mailboxes.orderBy('sortAddress').toArray()
    return rows.filter(row => row.connection.imap !== null).map(({ id, address }) => ({ id, address }))
  }, [])
}

/** Every mailbox, by address; undefined until the first answer. */
export function useAllMailboxes(): MailboxRow[] | undefined {
  return useLiveQuery(() => replica.mailboxes.orderBy('sortAddress').toArray(), [])
}

export type MailboxCounts = Readonly<Record<'all' | 'attention' | 'active', number>>

export function useMailboxCounts(): MailboxCounts | undefined {
  return useLiveQuery(async () => {
    const [all, attention, active] = await Promise.all([
      replica.mailboxes.count(),
      replica.mailboxes.where('sortStatus').equals(0).count(),
      replica.mailboxes.where('sortStatus').equals(5).count(),
    ])
    return { all, attention, active }
  }, [])
}

/** The first mailboxes by address that have this in their address. */
export function useMailboxesFound(search: string, most: number): MailboxRow[] {
  return useLiveQuery(
    async () =>
      search === ''
        ? []
        : replica.mailboxes
            .orderBy('sortAddress')
            .filter(({ sortAddress }) => sortAddress.includes(search))
            .limit(most)
            .toArray(),
    [search, most],
    [],
  )
}

const noRows: ReadonlyMap<string, MailboxRow> = new Map()

/** The rows of these ids, and the same map for as long as none of them changes. */
export function useMailboxRows(ids: readonly string[]): ReadonlyMap<string, MailboxRow> {
  const key = ids.join()
  const known = useRef(noRows)
  const rows = useLiveQuery(async () => {
    const found = await replica.mailboxes.bulkGet(key === '' ? [] : key.split(','))
    return keepRows(
      known.current,
      found.flatMap(row => row ?? []),
    )
  }, [key])
  if (rows !== undefined) known.current = rows
  return known.current
}
