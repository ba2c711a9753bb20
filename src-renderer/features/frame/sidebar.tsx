import { Bell, Flame, Globe, Mails, PanelLeftClose, PanelLeftOpen, Settings } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useDomainCounts } from '../../replica/domains.ts'
import { useMailboxCounts } from '../../replica/mailboxes.ts'
import { useOpenAlertCount } from '../../replica/queries.ts'
import { Hint } from '../../ui/hint.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Mark } from '../../ui/mark.tsx'
import { useFrame } from './frame-state.ts'
import { useIsCramped } from './use-is-cramped.ts'

export function Sidebar() {
  const isCramped = useIsCramped()
  const isNarrow = useFrame(state => state.isSidebarNarrow) || isCramped
  const toggle = useFrame(state => state.toggleSidebar)
  const counts = useDomainCounts()
  const mailboxes = useMailboxCounts()
  const openAlerts = useOpenAlertCount()
  return (
    <aside
      className={`flex shrink-0 flex-col border-r border-line bg-ice transition-[width] duration-150 ${isNarrow ? 'w-14' : 'w-54'}`}
    >
      <div className={`flex h-12 items-center gap-2 ${isNarrow ? 'justify-center' : 'px-4'}`}>
        <Mark />
        {!isNarrow && <span className="text-section font-semibold tracking-tight">Rookery</span>}
      </div>
      <nav aria-label="Sections" className="flex flex-1 flex-col gap-0.5 p-2">
        <Entry to="/domains" label="Domains" icon={<Globe />} isNarrow={isNarrow} count={counts?.all} />
        <Entry
          to="/mailboxes"
          label="Mailboxes"
          icon={<Mails />}
          isNarrow={isNarrow}
          count={mailboxes?.all}
        />
        <Entry to="/warmup" label="Warmup" icon={<Flame />} isNarrow={isNarrow} />
        <Entry to="/alerts" label="Alerts" icon={<Bell />} isNarrow={isNarrow} count={openAlerts} />
        <span className="flex-1" />
        <Entry to="/settings" label="Settings" icon={<Settings />} isNarrow={isNarrow} />
      </nav>
      <div className={`flex border-t border-line p-2 ${isNarrow ? 'justify-center' : 'justify-end'}`}>
        <IconButton label={isNarrow ? 'Widen the sidebar' : 'Narrow the sidebar'} onPress={toggle}>
          {isNarrow ? <PanelLeftOpen /> : <PanelLeftClose />}
        </IconButton>
      </div>
    </aside>
  )
}

type EntryProps = {
  to: string
  label: string
  icon: ReactNode
  isNarrow: boolean
  count?: number | undefined
}

function Entry({ to, label, icon, isNarrow, count }: EntryProps) {
  const [location] = useLocation()
  const isHere = location === to || location.startsWith(`${to}/`)
  const link = (
    <Link
      to={to}
      aria-current={isHere ? 'page' : undefined}
      aria-label={isNarrow ? label : undefined}
      className={`flex h-8 items-center gap-2.5 rounded-control px-2.5 [&_svg]:size-4 ${isHere ? 'bg-page font-medium shadow-[0_0_0_1px_var(--line)] [&_svg]:text-accent-ink' : 'text-ink-soft hover:bg-hover hover:text-ink'} ${isNarrow ? 'justify-center' : ''}`}
    >
      {icon}
      {!isNarrow && <span className="flex-1">{label}</span>}
      {!isNarrow && count !== undefined && count > 0 && (
        <span className="text-meta text-ink-faint tabular-nums">{count.toLocaleString('en')}</span>
      )}
    </Link>
  )
  return isNarrow ? (
    <Hint passive text={label} placement="right">
      {link}
    </Hint>
  ) : (
    link
  )
}
