import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useRef } from 'react'
import { Checkbox } from './choice.tsx'
import { idsBetween, listMove } from './list-keys.ts'
import type { RowPlace } from './row-frame.tsx'
import { keepFocus, useRowWindow } from './row-window.ts'

const headHeight = 32

/** What is selected, the row the keyboard is on (`active`, an index), and where a range began. */
export type RowSelection = {
  readonly selected: ReadonlySet<string>
  readonly active: number
  readonly anchor: number
  select(ids: Iterable<string>): void
  setActive(active: number, anchor?: number): void
}

type RowGridOptions = {
  ids: readonly string[]
  rowHeight: number
  selection: RowSelection
  open: (id: string) => void
  /** What is selected, or the row the keyboard is on. */
  remove: (ids: string[]) => void
  check?: (ids: string[]) => void
}

/** One row to draw, with its slot as its key. */
export type DrawnRow = { readonly id: string; readonly slot: number; readonly place: RowPlace }

export type RowGridState = {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** The rows to draw: those in sight, and always the one the keyboard is on. */
  readonly drawn: readonly DrawnRow[]
  readonly height: number
  readonly count: number
  readonly activeId: string | undefined
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** A windowed list: one tab stop; the arrows, space and enter do the rest. */
export function useRowGrid({ ids, rowHeight, selection, open, remove, check }: RowGridOptions): RowGridState {
  const { selected, active, anchor, select, setActive } = selection
  const scroller = useRef<HTMLDivElement>(null)
  const { rows: shown, scrollTo } = useRowWindow(scroller, { count: ids.length, rowHeight })
  const latest = useRef({ ids, selected, anchor })
  latest.current = { ids, selected, anchor }
  // Stays the same, so that rows can be memoised.
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
        return here === undefined ? undefined : open(here)
      case 'remove':
        return remove(chosen)
      case 'check':
        return check?.(chosen)
    }
  }
  const isInSight = shown.some(({ index }) => index === active)
  const drawn = (isInSight ? shown : [...shown, { index: active, slot: -1 }]).flatMap(({ index, slot }) => {
    const id = ids[index]
    if (id === undefined) return []
    const top = index * rowHeight
    const place = { index, top, isSelected: selected.has(id), isActive: index === active, onSelect }
    return [{ id, slot, place }]
  })
  return {
    scroller,
    drawn,
    height: ids.length * rowHeight,
    count: ids.length,
    activeId: ids[active],
    onKeyDown,
  }
}

type RowGridProps = {
  grid: RowGridState
  label: string
  /** The id of a row in the document is this, a hyphen and its own id. */
  rowPrefix: string
  head: ReactNode
  /** The rows of `grid.drawn`. */
  children: ReactNode
}

export function RowGrid({ grid, label, rowPrefix, head, children }: RowGridProps) {
  const { scroller, height, count, activeId, onKeyDown } = grid
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={count + 1}
      aria-multiselectable
      aria-activedescendant={activeId === undefined ? undefined : `${rowPrefix}-${activeId}`}
      onKeyDown={onKeyDown}
      onFocus={keepFocus}
      className="group/list scroll-quiet @container relative min-h-0 flex-1 outline-none!"
    >
      {head}
      <div role="rowgroup" className="relative" style={{ height }}>
        {children}
      </div>
    </div>
  )
}

type RowGridHeadProps = {
  columns: string
  ids: readonly string[]
  selection: RowSelection
  /** The heads of the columns between the checkbox and the actions. */
  children: ReactNode
}

export function RowGridHead({ columns, ids, selection: { selected, select }, children }: RowGridHeadProps) {
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
      {children}
      <div role="columnheader">
        <span className="sr-only">Actions</span>
      </div>
    </div>
  )
}

type SortHeadProps<By extends string> = {
  by: By
  label: string
  list: { readonly sort: { readonly by: By; readonly descending: boolean }; sortBy(by: By): void }
  className?: string
}

export function SortHead<By extends string>({ by, label, list, className = '' }: SortHeadProps<By>) {
  const { sort, sortBy } = list
  const isSorted = sort.by === by
  const Arrow = sort.descending ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      className={className}
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
