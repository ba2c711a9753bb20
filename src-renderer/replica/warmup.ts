import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { useLiveQuery } from 'dexie-react-hooks'
import { useRef } from 'react'
import { replica } from './database.ts'
import { keepRows } from './keep-rows.ts'

const noRows: ReadonlyMap<string, WarmupRow> = new Map()

/**
 * Every mailbox that warms up; hundreds, not thousands. A row that has not changed is the same object as before, so that
 * it is not drawn again. Undefined until the first answer.
 */
export function useWarmupRows(): readonly WarmupRow[] | undefined {
  const known = useRef(noRows)
  return useLiveQuery(async () => {
    known.current = keepRows(known.current, await replica.warmup.toArray())
    return [...known.current.values()]
  }, [])
}

/** Null when this mailbox does not warm up; undefined until that is known. */
export function useWarmupRow(id: string): WarmupRow | null | undefined {
  return useLiveQuery(async () => (await replica.warmup.get(id)) ?? null, [id])
}

/** The mailboxes of one domain that warm up, by the list of mailboxes: it knows first when a domain comes or goes. */
export function useWarmupRowsOf(domainName: string): readonly WarmupRow[] | undefined {
  return useLiveQuery(async () => {
    const ids = await replica.mailboxes.where('domainName').equals(domainName).primaryKeys()
    return (await replica.warmup.bulkGet(ids)).flatMap(row => row ?? [])
  }, [domainName])
}

/** When the next message of the whole pool goes out; null when none is planned. */
export function useNextWarmupSend(): number | null | undefined {
  return useLiveQuery(
    async () => (await replica.warmup.orderBy('today.nextSendAt').first())?.today.nextSendAt ?? null,
    [],
  )
}
