import { useMemo } from 'react'
import { useLocation } from 'wouter'
import { useClient } from '../../../client/engine.tsx'
import { useMailboxRows } from '../../../replica/mailboxes.ts'
import { useWarmupRows } from '../../../replica/warmup.ts'
import { RowGrid, RowGridHead, SortHead, useRowGrid } from '../../../ui/row-grid.tsx'
import { removeMailboxes } from '../actions.ts'
import { useBulkTest } from './bulk-test.ts'
import { useMailboxList } from './list-state.ts'
import { columns, givesWay, MailboxRow } from './mailbox-row.tsx'

const rowHeight = 44

/** The windowed table of mailboxes, with the keys of the list of domains. */
export function MailboxGrid({ ids }: { ids: string[] }) {
  const list = useMailboxList()
  const test = useBulkTest(state => state.start)
  const client = useClient()
  const [, go] = useLocation()
  const grid = useRowGrid({
    ids,
    rowHeight,
    selection: list,
    open: id => go(`/mailboxes/${id}`),
    remove: chosen => {
      list.select([])
      void removeMailboxes(client, chosen)
    },
    check: chosen => test(client, chosen),
  })
  const rows = useMailboxRows(grid.drawn.map(({ id }) => id))
  const warming = useWarmupRows()
  const warmup = useMemo(() => new Map(warming?.map(row => [row.id, row])), [warming])
  return (
    <RowGrid grid={grid} label="Mailboxes" rowPrefix="mailbox" head={<Head ids={ids} />}>
      {grid.drawn.map(({ id, slot, place }) => {
        const row = rows.get(id)
        return row && <MailboxRow key={slot} row={row} warmup={warmup.get(id)} {...place} />
      })}
    </RowGrid>
  )
}

function Head({ ids }: { ids: string[] }) {
  const list = useMailboxList()
  return (
    <RowGridHead columns={columns} ids={ids} selection={list}>
      <SortHead by="address" label="Mailbox" list={list} />
      <SortHead by="status" label="Status" list={list} />
      <div role="columnheader">Warmup</div>
      <div role="columnheader" className={`overflow-hidden ${givesWay}`}>
        Why
      </div>
      <div role="columnheader" className={`overflow-hidden pr-2 text-right whitespace-nowrap ${givesWay}`}>
        Limit
      </div>
      <SortHead by="testedAt" label="Tested" list={list} />
    </RowGridHead>
  )
}
