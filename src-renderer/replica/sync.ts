import type { Conflict, OutboxItem, ServerDomain, SyncState } from '#shared/model/sync.ts'
import { useLiveQuery } from 'dexie-react-hooks'
import { replica } from './database.ts'

/** Undefined until it is known. */
export function useSyncState(): SyncState | undefined {
  return useLiveQuery(() => replica.sync.get('sync'), [])
}

export type WaitingChanges = { readonly shown: OutboxItem[]; readonly total: number }

/** Refused ones first, since they need a person, then in the order they go out; `most` of them. */
export function useOutbox(most: number): WaitingChanges | undefined {
  return useLiveQuery(async () => {
    const refused = await replica.outbox.where('state').equals('refused').sortBy('queuedAt')
    const others = await replica.outbox
      .orderBy('queuedAt')
      .filter(({ state }) => state !== 'refused')
      .limit(most)
      .toArray()
    return { shown: [...refused, ...others].slice(0, most), total: await replica.outbox.count() }
  }, [most])
}

/** What of one domain has not reached the server. */
export function useOutboxOf(domainId: string): OutboxItem[] | undefined {
  return useLiveQuery(() => replica.outbox.where('domainId').equals(domainId).sortBy('queuedAt'), [domainId])
}

/** Newest first. */
export function useConflicts(which: 'open' | 'settled'): Conflict[] | undefined {
  return useLiveQuery(async () => {
    const rows = await replica.conflicts.orderBy('at').toArray()
    return rows.filter(({ state }) => (state === 'open') === (which === 'open')).toReversed()
  }, [which])
}

/** Null where the server says nothing about the domain. */
export function useServerDomain(domainId: string): ServerDomain | null | undefined {
  return useLiveQuery(async () => (await replica.serverDomains.get(domainId)) ?? null, [domainId])
}
