import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, useCallback, useRef } from 'react'
import { useLocation } from 'wouter'
import { useClient } from '../../../client/engine.tsx'
import { domains, type DomainSort } from '../../../replica/domain-table.ts'
import { useDomainVersion } from '../../../replica/domains.ts'
import { Checkbox } from '../../../ui/choice.tsx'
import { checkDomains, removeDomains } from '../actions.ts'
import { columns, markColumns } from './columns.ts'
import { DomainRow } from './domain-row.tsx'
import { idsBetween, listMove } from './list-keys.ts'
import { useList } from './list-state.ts'
import { keepFocus, useRowWindow } from './row-window.ts'

const rowHeight = 44
const headHeight = 32

/** The windowed table of domains. One tab stop; the arrows, space and enter do the rest. */
export function DomainGrid({ ids }: { ids: readonly string[] }) {
  const { selected, active, anchor, select, setActive } = useList()
  const client = useClient()
  const [, go] = useLocation()
  const scroller = useRef<HTMLDivElement>(null)
  const { rows, scrollTo } = useRowWindow(scroller, { count: ids.length, rowHeight })
  useDomainVersion()

  const latest = useRef({ ids, selected, anchor })
  latest.current = { ids, selected, anchor }
  const onSelect = useCallback(
    (index: number, extend: boolean) => {
      const { ids, selected, anchor } = latest.current
      const id = ids[index]
      if (id === undefined) return
      const next = new Set(selected)
      if (extend) for (const between of idsBetween(ids, anchor, index)) next.add(between)
      else if (!next.delete(id)) next.add(id)
      select(next)
      setActive(index, extend ? anchor : index)
    },
    [select, setActive],
  )

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    const pageRows = Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 1
    const move = listMove(event, { active, count: ids.length, pageRows })
    if (!move) return
    event.preventDefault()
    const here = ids[active]
    const chosen = selected.size > 0 ? [...selected] : here === undefined ? [] : [here]
    switch (move.kind) {
      case 'move':
        setActive(move.to, move.extend ? anchor : move.to)
        if (move.extend) select([...selected, ...idsBetween(ids, anchor, move.to)])
        scrollTo(move.to, headHeight)
        return
      case 'toggle':
        return onSelect(active, false)
      case 'all':
        return select(ids)
      case 'none':
        return select([])
      case 'open':
        return here === undefined ? undefined : go(`/domains/${here}`)
      case 'remove':
        select([])
        return void removeDomains(client, chosen)
      case 'check':
        return void checkDomains(client, chosen)
    }
  }

  const activeId = ids[active]
  const drawRow = (index: number, slot: number | 'active') => {
    const row = domains.row(ids[index] ?? '')
    if (row === undefined) return null
    return (
      <DomainRow
        key={slot}
        row={row}
        index={index}
        top={index * rowHeight}
        isSelected={selected.has(row.id)}
        isActive={index === active}
        onSelect={onSelect}
      />
    )
  }
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Domains"
      aria-rowcount={ids.length + 1}
      aria-multiselectable
      aria-activedescendant={activeId === undefined ? undefined : `row-${activeId}`}
      onKeyDown={onKeyDown}
      onFocus={keepFocus}
      className="group/list scroll-quiet @container relative min-h-0 flex-1 outline-none!"
    >
      <Head ids={ids} />
      <div role="rowgroup" className="relative" style={{ height: ids.length * rowHeight }}>
        {rows.map(({ index, slot }) => drawRow(index, slot))}
        {active < ids.length && !rows.some(({ index }) => index === active) && drawRow(active, 'active')}
      </div>
    </div>
  )
}

function Head({ ids }: { ids: readonly string[] }) {
  const { selected, select } = useList()
  const chosen = selected.size === 0 ? false : selected.size >= ids.length ? true : 'some'
  return (
    <div
      role="row"
      aria-rowindex={1}
      className={`${columns} sticky top-0 z-10 h-8 border-b border-line bg-page text-meta text-ink-soft`}
    >
      <div role="columnheader">
        <Checkbox label="Select all" checked={chosen} onChange={all => select(all ? ids : [])} />
      </div>
      <SortHead by="score" label="Health" />
      <SortHead by="name" label="Domain" />
      <SortHead by="status" label="Status" />
      <div role="columnheader" className={markColumns}>
        {['SPF', 'DKIM', 'DMARC', 'MX'].map(name => (
          <span key={name} className="text-[10px] font-medium">
            {name}
          </span>
        ))}
      </div>
      <div role="columnheader" className="overflow-hidden">
        Listings
      </div>
      <SortHead by="mailboxes" label="Mailboxes" givesWay="first" />
      <SortHead by="provider" label="DNS at" givesWay="second" />
      <SortHead by="checkedAt" label="Checked" />
      <div role="columnheader">
        <span className="sr-only">Actions</span>
      </div>
    </div>
  )
}

type SortHeadProps = {
  by: DomainSort['by']
  label: string
  /** Gives way in a narrow window, and before which others. */
  givesWay?: 'first' | 'second'
}

const hidings = { first: '@max-[1000px]:invisible', second: '@max-[860px]:invisible' }

function SortHead({ by, label, givesWay }: SortHeadProps) {
  const { sort, sortBy } = useList()
  const isSorted = sort.by === by
  const Arrow = sort.descending ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      className={`overflow-hidden ${givesWay ? hidings[givesWay] : ''}`}
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        onClick={() => sortBy(by)}
        className={`inline-flex cursor-default items-center gap-1 rounded-control hover:text-ink ${isSorted ? 'font-medium text-ink' : ''}`}
      >
        {label}
        {isSorted && <Arrow aria-hidden size={12} />}
      </button>
    </div>
  )
}
