import { Ellipsis } from 'lucide-react'
import { Fragment, type ReactNode, useState } from 'react'
import { RowCheck } from './choice.tsx'

/** The button of a row's menu: there for the pointer. */
export const menuButton =
  'inline-flex size-7 cursor-default items-center justify-center rounded-control text-ink-soft opacity-0 hover:bg-hover group-hover:opacity-100 data-pressed:opacity-100 aria-expanded:opacity-100 [&_svg]:size-4'

const ellipsis = <Ellipsis />

/** Hints and menus come with the pointer, which scrolling does not feel: nothing of them, all, or the menu open. */
export type RowControls = 'plain' | 'full' | 'open'

export type RowPlace = {
  readonly index: number
  readonly top: number
  readonly isSelected: boolean
  readonly isActive: boolean
  readonly onSelect: (index: number, extend: boolean) => void
}

type RowFrameProps = {
  /** In the document. */
  id: string
  /** What it is called where it is selected and acted on. */
  name: string
  summary: string
  place: RowPlace
  /** The columns, and the height of the row. */
  look: string
  renderCells: (controls: RowControls) => ReactNode
  renderMenu: (startsOpen: boolean) => ReactNode
}

/** One row of a list: its checkbox, its cells, and its menu once the pointer has come. */
export function RowFrame({ id, name, summary, place, look, renderCells, renderMenu }: RowFrameProps) {
  const { index, top, isSelected, isActive, onSelect } = place
  const [called, setCalled] = useState<{ id: string; controls: RowControls } | null>(null)
  // These elements may have been another row's when the pointer came.
  const controls = called?.id === id ? called.controls : 'plain'
  return (
    <div
      role="row"
      tabIndex={-1}
      id={id}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-label={summary}
      // Not on entering: rows that scroll past a resting pointer are entered too.
      onPointerMove={event =>
        event.pointerType !== 'touch' && controls === 'plain' && setCalled({ id, controls: 'full' })
      }
      className={`${look} group absolute inset-x-0 border-b border-line ${isSelected ? 'bg-chosen' : 'hover:bg-hover'} ${isActive ? 'group-focus-visible/list:shadow-[inset_0_0_0_2px_var(--accent)]' : ''}`}
      style={{ top }}
    >
      <div role="gridcell" className="flex">
        <RowCheck label={`Select ${name}`} checked={isSelected} onPress={extend => onSelect(index, extend)} />
      </div>
      {renderCells(controls)}
      <div role="gridcell" className="flex justify-end">
        {controls === 'plain' ? (
          <button
            type="button"
            tabIndex={-1}
            aria-haspopup="menu"
            aria-label={`Actions for ${name}`}
            onClick={() => setCalled({ id, controls: 'open' })}
            className={menuButton}
          >
            {ellipsis}
          </button>
        ) : (
          <Fragment key={id}>{renderMenu(controls === 'open')}</Fragment>
        )}
      </div>
    </div>
  )
}
