import type { ReactElement, ReactNode } from 'react'
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components'

export type MenuEntry =
  | { id: string; label: string; icon?: ReactNode; danger?: boolean; disabled?: boolean; run: () => void }
  | { id: string; separator: true }

/** A menu that hangs on its trigger. */
export function Menu({
  trigger,
  entries,
  label,
  startsOpen = false,
}: {
  trigger: ReactElement
  entries: MenuEntry[]
  label: string
  startsOpen?: boolean
}) {
  return (
    <MenuTrigger defaultOpen={startsOpen}>
      {trigger}
      <Popover
        placement="bottom end"
        offset={4}
        className="min-w-48 animate-appear rounded-card border border-line bg-raised p-1 shadow-float"
      >
        <AriaMenu aria-label={label} className="outline-none">
          {entries.map(entry =>
            'separator' in entry ? (
              <Separator key={entry.id} className="my-1 border-t border-line" />
            ) : (
              <MenuItem
                key={entry.id}
                id={entry.id}
                textValue={entry.label}
                isDisabled={entry.disabled ?? false}
                onAction={entry.run}
                className={`flex h-8 cursor-default items-center gap-2 rounded-control px-2 outline-none data-focused:bg-hover disabled:opacity-50 [&_svg]:size-4 [&_svg]:text-ink-faint ${entry.danger ? 'text-fail' : ''}`}
              >
                {entry.icon}
                {entry.label}
              </MenuItem>
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
