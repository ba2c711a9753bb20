import type { WarmupRow as Row } from '#shared/model/warmup-view.ts'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, useCallback, useMemo, useRef } from 'react'
import { useLocation } from 'wouter'
import { useClient } from '../../../client/engine.tsx'
import { Checkbox } from '../../../ui/choice.tsx'
import { idsBetween, listMove } from '../../domains/list/list-keys.ts'
import { useRowWindow } from '../../domains/list/row-window.ts'
import { useNow } from '../../frame/use-now.ts'
import { decide } from '../decision.tsx'
import { useWarmupList } from './list-state.ts'
import type { WarmupSort } from './order.ts'
import { columns, WarmupRow, wideOnly } from './warmup-row.tsx'

const rowHeight = 52
const headHeight = 32

/** The windowed table of mailboxes in warmup: one tab stop, and the keys of the list of domains. */
export function WarmupGrid({ rows }: { rows: readonly Row[] }) {
  const { selected, active, anchor, select, setActive } = useWarmupList()
  const client = useClient()
  const now = useNow()
  const [, go] = useLocation()
  const scroller = useRef<HTMLDivElement>(null)
  const { rows: shown, scrollTo } = useRowWindow(scroller, { count: rows.length, rowHeight })
  const drawn = shown.some(({ index }) => index === active) ? shown : [...shown, { index: active, slot: -1 }]
  const ids = useMemo(() => rows.map(({ id }) => id), [rows])
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
    const move = listMove(event, { active, count: rows.length, pageRows })
    if (!move) return
    event.preventDefault()
    const here = rows[active]
    const chosen = selected.size > 0 ? rows.filter(({ id }) => selected.has(id)) : here ? [here] : []
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
        return here && go(`/warmup/mailbox/${here.id}`)
      case 'remove':
        return decide(client, 'stop', chosen, () => select([]))
      case 'check':
        return
    }
  }
  const activeId = ids[active]
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Mailboxes in warmup"
      aria-rowcount={rows.length + 1}
      aria-multiselectable
      aria-activedescendant={activeId === undefined ? undefined : `warmup-${activeId}`}
      onKeyDown={onKeyDown}
      className="group/list scroll-quiet @container relative min-h-0 flex-1 outline-none!"
    >
      <Head ids={ids} />
      <div role="rowgroup" className="relative" style={{ height: rows.length * rowHeight }}>
        {drawn.map(({ index, slot }) => {
          const row = rows[index]
          if (!row) return null
          return (
            <WarmupRow
              key={slot}
              row={row}
              now={now}
              index={index}
              top={index * rowHeight}
              isSelected={selected.has(row.id)}
              isActive={index === active}
              onSelect={onSelect}
            />
          )
        })}
      </div>
    </div>
  )
}

function Head({ ids }: { ids: string[] }) {
  const { selected, select } = useWarmupList()
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
      <SortHead by="address" label="Mailbox" />
      <SortHead by="state" label="State" />
      <SortHead by="day" label="Day" />
      <SortHead by="today" label="Sent today" />
      <SortHead by="inbox" label="Inbox" />
      <div role="columnheader" className={wideOnly}>
        30 days
      </div>
      <SortHead by="next" label="Next" wide />
      <div role="columnheader">
        <span className="sr-only">Actions</span>
      </div>
    </div>
  )
}

function SortHead({ by, label, wide = false }: { by: WarmupSort['by']; label: string; wide?: boolean }) {
  const { sort, sortBy } = useWarmupList()
  const isSorted = sort.by === by
  const Arrow = sort.descending ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      className={wide ? wideOnly : ''}
    >
      <button
        type="button"
        onClick={() => sortBy(by)}
        className={`inline-flex cursor-default items-center gap-1 rounded-control whitespace-nowrap hover:text-ink ${isSorted ? 'font-medium text-ink' : ''}`}
      >
        {label}
        {isSorted && <Arrow aria-hidden size={12} />}
      </button>
    </div>
  )
}
