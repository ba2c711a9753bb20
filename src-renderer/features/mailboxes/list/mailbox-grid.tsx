import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, useCallback, useMemo, useRef } from 'react'
import { useLocation } from 'wouter'
import { useClient } from '../../../client/engine.tsx'
import { type MailboxSort, useMailboxRows } from '../../../replica/mailboxes.ts'
import { useWarmupRows } from '../../../replica/warmup.ts'
import { Checkbox } from '../../../ui/choice.tsx'
import { idsBetween, listMove } from '../../domains/list/list-keys.ts'
import { keepFocus, useRowWindow } from '../../domains/list/row-window.ts'
import { removeMailboxes } from '../actions.ts'
import { useBulkTest } from './bulk-test.ts'
import { useMailboxList } from './list-state.ts'
import { columns, MailboxRow } from './mailbox-row.tsx'

const rowHeight = 44
const headHeight = 32

/** The windowed table of mailboxes: one tab stop, and the keys of the list of domains. */
export function MailboxGrid({ ids }: { ids: string[] }) {
  const { selected, active, anchor, select, setActive } = useMailboxList()
  const test = useBulkTest(state => state.start)
  const client = useClient()
  const [, go] = useLocation()
  const scroller = useRef<HTMLDivElement>(null)
  const { rows: shown, scrollTo } = useRowWindow(scroller, { count: ids.length, rowHeight })
  const drawn = shown.some(({ index }) => index === active) ? shown : [...shown, { index: active, slot: -1 }]
  const rows = useMailboxRows(drawn.flatMap(({ index }) => ids[index] ?? []))
  const warming = useWarmupRows()
  const warmup = useMemo(() => new Map(warming?.map(row => [row.id, row])), [warming])
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
        return here === undefined ? undefined : go(`/mailboxes/${here}`)
      case 'remove':
        select([])
        return void removeMailboxes(client, chosen)
      case 'check':
        return test(client, chosen)
    }
  }
  const activeId = ids[active]
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Mailboxes"
      aria-rowcount={ids.length + 1}
      aria-multiselectable
      aria-activedescendant={activeId === undefined ? undefined : `mailbox-${activeId}`}
      onKeyDown={onKeyDown}
      onFocus={keepFocus}
      className="group/list scroll-quiet @container relative min-h-0 flex-1 outline-none!"
    >
      <Head ids={ids} />
      <div role="rowgroup" className="relative" style={{ height: ids.length * rowHeight }}>
        {drawn.map(({ index, slot }) => {
          const row = rows.get(ids[index] ?? '')
          if (!row) return null
          return (
            <MailboxRow
              key={slot}
              row={row}
              warmup={warmup.get(row.id)}
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
  const { selected, select } = useMailboxList()
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
      <SortHead by="address" label="Mailbox" />
      <SortHead by="status" label="Status" />
      <div role="columnheader">Warmup</div>
      <div role="columnheader">Why</div>
      <div role="columnheader">A day</div>
      <SortHead by="testedAt" label="Tested" />
      <div role="columnheader">
        <span className="sr-only">Actions</span>
      </div>
    </div>
  )
}

function SortHead({ by, label }: { by: MailboxSort['by']; label: string }) {
  const { sort, sortBy } = useMailboxList()
  const isSorted = sort.by === by
  const Arrow = sort.descending ? ArrowDown : ArrowUp
  return (
    <div role="columnheader" aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
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
