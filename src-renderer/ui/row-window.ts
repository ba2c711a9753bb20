import { type FocusEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/** Rows drawn beyond what is in sight, to both sides; not in the first drawing, which somebody waits for. */
const spareRows = 4
/** What the frame takes of the window, about; measured once it is drawn. */
const frameHeight = 150
/** Scrolling has come to rest when nothing moved for so long. */
const restMs = 150

/** One row to draw. Rows with the same `slot` are drawn into the same elements, one after the other. */
export type WindowRow = { readonly index: number; readonly slot: number }

type Range = {
  readonly start: number
  readonly end: number
  /** The row that stands in the first slot; it moves along once scrolling rests. */
  readonly base: number
  readonly slots: number
}

/** Which rows of equal height a scroller shows, in the order of their elements. */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  { count, rowHeight }: { count: number; rowHeight: number },
): { rows: WindowRow[]; scrollTo(index: number, headHeight: number): void } {
  const [height, setHeight] = useState(() => window.innerHeight - frameHeight)
  const [spare, setSpare] = useState(0)
  const rowsInSight = Math.ceil(height / rowHeight) + 1
  const slots = rowsInSight + 2 * spareRows
  const [first, setFirst] = useState(0)
  const [base, setBase] = useState(0)
  const top = Math.max(0, Math.min(first, count - rowsInSight))
  const start = Math.max(0, top - spare)
  const end = Math.min(count, top + rowsInSight + spare)
  const latest = useRef({ first, start, rowHeight })
  latest.current = { first, start, rowHeight }

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    const observer = new ResizeObserver(entries => {
      const seen = entries.at(-1)?.contentRect.height
      if (seen !== undefined && seen > 0) setHeight(seen)
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller])

  useEffect(() => {
    const timer = setTimeout(() => setSpare(spareRows), restMs)
    return () => clearTimeout(timer)
  }, [])

  useEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const onScroll = () => {
      clearTimeout(timer)
      timer = setTimeout(() => setBase(latest.current.start), restMs)
      const now = Math.floor(element.scrollTop / latest.current.rowHeight)
      // In this very frame: drawn in the next one, the rows would be missing in this.
      if (now !== latest.current.first) flushSync(() => setFirst(now))
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      clearTimeout(timer)
      element.removeEventListener('scroll', onScroll)
    }
  }, [scroller])

  return {
    rows: windowRows({ start, end, base, slots }),
    scrollTo: (index, headHeight) => {
      const element = scroller.current
      if (!element) return
      const top = index * rowHeight
      const least = top + rowHeight + headHeight - element.clientHeight
      element.scrollTo({ top: Math.max(Math.min(element.scrollTop, top), least) })
    },
  }
}

/**
 * For the `onFocus` of the list: a click on a row or on its checkbox leaves the focus with the list. The elements of a row
 * are drawn into another one when it is scrolled, and keys would be heard by that.
 */
export function keepFocus(event: FocusEvent<HTMLElement>): void {
  if (event.target.matches('[role=row], [role=checkbox]')) event.currentTarget.focus({ preventScroll: true })
}

/**
 * Rows keep their slot while the window moves over them, so that only those that come into sight are drawn. The rows
 * are in the order of the slots: elements never change places, which would cost as much as drawing them.
 */
export function windowRows({ start, end, base, slots }: Range): WindowRow[] {
  const rows: WindowRow[] = []
  for (let index = start; index < end; index++)
    rows.push({ index, slot: (((index - base) % slots) + slots) % slots })
  return rows.toSorted((a, b) => a.slot - b.slot)
}
