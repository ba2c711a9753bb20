import { useLocation } from 'wouter'
import { useClient } from '../../../client/engine.tsx'
import { domains } from '../../../replica/domain-table.ts'
import { useDomainVersion } from '../../../replica/domains.ts'
import { RowGrid, RowGridHead, SortHead, useRowGrid } from '../../../ui/row-grid.tsx'
import { checkDomains, removeDomains } from '../actions.ts'
import { columns, givesWayFirst, givesWaySecond, markColumns } from './columns.ts'
import { DomainRow } from './domain-row.tsx'
import { useList } from './list-state.ts'

const rowHeight = 44

/** The windowed table of domains. */
export function DomainGrid({ ids }: { ids: readonly string[] }) {
  const list = useList()
  const client = useClient()
  const [, go] = useLocation()
  useDomainVersion()
  const grid = useRowGrid({
    ids,
    rowHeight,
    selection: list,
    open: id => go(`/domains/${id}`),
    remove: chosen => {
      list.select([])
      void removeDomains(client, chosen)
    },
    check: chosen => void checkDomains(client, chosen),
  })
  return (
    <RowGrid grid={grid} label="Domains" rowPrefix="row" head={<Head ids={ids} />}>
      {grid.drawn.map(({ id, slot, place }) => {
        const row = domains.row(id)
        return row && <DomainRow key={slot} row={row} {...place} />
      })}
    </RowGrid>
  )
}

const clipped = 'overflow-hidden'

function Head({ ids }: { ids: readonly string[] }) {
  const list = useList()
  return (
    <RowGridHead columns={columns} ids={ids} selection={list}>
      <SortHead by="score" label="Health" list={list} className={clipped} />
      <SortHead by="name" label="Domain" list={list} className={clipped} />
      <SortHead by="status" label="Status" list={list} className={clipped} />
      <div role="columnheader" className={markColumns}>
        {['SPF', 'DKIM', 'DMARC', 'MX'].map(name => (
          <span key={name} className="text-[10px] font-medium">
            {name}
          </span>
        ))}
      </div>
      <div role="columnheader" className={clipped}>
        Listings
      </div>
      <SortHead by="mailboxes" label="Mailboxes" list={list} className={`${clipped} ${givesWayFirst}`} />
      <SortHead by="provider" label="DNS at" list={list} className={`${clipped} ${givesWaySecond}`} />
      <SortHead by="checkedAt" label="Checked" list={list} className={clipped} />
    </RowGridHead>
  )
}
