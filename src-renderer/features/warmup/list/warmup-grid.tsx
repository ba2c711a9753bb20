import type { WarmupRow as Row } from '#shared/model/warmup-view.ts'
import { useMemo } from 'react'
import { useLocation } from 'wouter'
import { useClient } from '../../../client/engine.tsx'
import { RowGrid, RowGridHead, SortHead, useRowGrid } from '../../../ui/row-grid.tsx'
import { useNow } from '../../frame/use-now.ts'
import { decide } from '../decision.tsx'
import { useWarmupList } from './list-state.ts'
import { columns, WarmupRow, wideOnly } from './warmup-row.tsx'

const rowHeight = 52

/** The windowed table of mailboxes in warmup, with the keys of the list of domains. */
export function WarmupGrid({ rows }: { rows: readonly Row[] }) {
  const list = useWarmupList()
  const client = useClient()
  const now = useNow()
  const [, go] = useLocation()
  const ids = useMemo(() => rows.map(({ id }) => id), [rows])
  const grid = useRowGrid({
    ids,
    rowHeight,
    selection: list,
    open: id => go(`/warmup/mailbox/${id}`),
    remove: chosen => {
      const leaving = new Set(chosen)
      decide(
        client,
        'stop',
        rows.filter(({ id }) => leaving.has(id)),
        () => list.select([]),
      )
    },
  })
  return (
    <RowGrid grid={grid} label="Mailboxes in warmup" rowPrefix="warmup" head={<Head ids={ids} />}>
      {grid.drawn.map(({ slot, place }) => {
        const row = rows[place.index]
        return row && <WarmupRow key={slot} row={row} now={now} {...place} />
      })}
    </RowGrid>
  )
}

const unbroken = 'whitespace-nowrap'

function Head({ ids }: { ids: string[] }) {
  const list = useWarmupList()
  return (
    <RowGridHead columns={columns} ids={ids} selection={list}>
      <SortHead by="score" label="Health" list={list} className={unbroken} />
      <SortHead by="address" label="Mailbox" list={list} className={unbroken} />
      <SortHead by="state" label="State" list={list} className={unbroken} />
      <SortHead by="day" label="Day" list={list} className={unbroken} />
      <SortHead by="today" label="Sent today" list={list} className={unbroken} />
      <SortHead by="inbox" label="Inbox" list={list} className={`${unbroken} pr-1 text-right`} />
      <div role="columnheader" className={wideOnly}>
        30 days
      </div>
      <SortHead by="next" label="Next" list={list} className={`${unbroken} ${wideOnly}`} />
    </RowGridHead>
  )
}
