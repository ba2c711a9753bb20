import { Ellipsis } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Menu, type MenuEntry } from './menu.tsx'
import { menuButton } from './row-frame.tsx'

type RowActionsProps = { name: string; startsOpen: boolean; entries: MenuEntry[] }

/** The menu of a row: apart from the row, so that its code may come after it. */
export function RowActions({ name, startsOpen, entries }: RowActionsProps) {
  const label = `Actions for ${name}`
  return (
    <Menu
      label={label}
      startsOpen={startsOpen}
      trigger={
        <Button excludeFromTabOrder aria-label={label} className={menuButton}>
          <Ellipsis />
        </Button>
      }
      entries={entries}
    />
  )
}
