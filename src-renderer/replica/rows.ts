import { liveQuery } from 'dexie'
import { useEffect, useReducer, useRef } from 'react'
import type { DomainRow, MailboxRow } from './database.ts'
import { replica } from './queries.ts'

/** Fetched beyond what is in sight, to both sides: a turn of the wheel finds its rows there. */
const aheadRows = 24
/** Fetched early when fewer than this are left ahead. */
const leastAhead = 8
/** What is in sight is followed once scrolling rests; following every step costs more than drawing it. */
const restMs = 120

/**
 * The rows at these indexes of the list. Rows seen before stay while newer ones are fetched, and a row is the same
 * object for as long as nothing in it changes.
 */
function useRows<Row extends { id: string }>(
  read: (ids: string[]) => PromiseLike<(Row | undefined)[]>,
  ids: readonly string[],
  indexes: readonly number[],
): ReadonlyMap<string, Row> {
  const known = useRef(new Map<string, Row>()).current
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const latest = useRef({ ids, indexes })
  latest.current = { ids, indexes }
  const isFetching = useRef(false)

  useEffect(() => {
    const fetchMissing = async () => {
      if (isFetching.current) return
      isFetching.current = true
      // Rows that flew by meanwhile are not fetched: only where the list stands now counts.
      while (isMissing(known, latest.current, leastAhead)) {
        const wanted = around(latest.current, aheadRows).filter(id => !known.has(id))
        const rows = await Promise.resolve(read(wanted)).catch(() => [])
        const hadNone = !keepRows(known, rows)
        if (hadNone) break
        redraw()
      }
      isFetching.current = false
    }
    void fetchMissing()
  })

  const key = indexes.map(index => ids[index]).join()
  useEffect(() => {
    let following: { unsubscribe(): void } | undefined
    const timer = setTimeout(() => {
      const shown = key === '' ? [] : key.split(',')
      following = liveQuery(async () => read(shown)).subscribe({
        next: rows => {
          if (keepRows(known, rows)) redraw()
        },
        error: () => {},
      })
    }, restMs)
    return () => {
      clearTimeout(timer)
      following?.unsubscribe()
    }
  }, [key, known, read])
  return known
}

const readDomains = (ids: string[]) => replica.domains.bulkGet(ids)
const readMailboxes = (ids: string[]) => replica.mailboxes.bulkGet(ids)

export function useDomainRows(
  ids: readonly string[],
  indexes: readonly number[],
): ReadonlyMap<string, DomainRow> {
  return useRows(readDomains, ids, indexes)
}

export function useMailboxRows(
  ids: readonly string[],
  indexes: readonly number[],
): ReadonlyMap<string, MailboxRow> {
  return useRows(readMailboxes, ids, indexes)
}

type InSight = { readonly ids: readonly string[]; readonly indexes: readonly number[] }

function around({ ids, indexes }: InSight, rows: number): string[] {
  // The row the keyboard is on may stand far from the others.
  const near = indexes.flatMap(index => ids[index] ?? [])
  const middle = indexes[Math.floor(indexes.length / 2)] ?? 0
  const reach = Math.ceil(indexes.length / 2) + rows
  return [...new Set([...near, ...ids.slice(Math.max(0, middle - reach), middle + reach)])]
}

function isMissing(known: ReadonlyMap<string, unknown>, inSight: InSight, ahead: number): boolean {
  return around(inSight, ahead).some(id => !known.has(id))
}

/** Tells whether any of them was new or had changed. */
function keepRows<Row extends { id: string }>(
  known: Map<string, Row>,
  rows: readonly (Row | undefined)[],
): boolean {
  let isNew = false
  for (const row of rows) {
    if (row === undefined) continue
    const before = known.get(row.id)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(row)) continue
    known.set(row.id, row)
    isNew = true
  }
  return isNew
}
