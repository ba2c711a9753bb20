import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { Page } from '../frame/page.tsx'
import { DecisionDialog } from './decision.tsx'

const places = [
  { to: '/warmup', label: 'Mailboxes' },
  { to: '/warmup/placement', label: 'Placement' },
  { to: '/warmup/activity', label: 'Activity' },
  { to: '/warmup/texts', label: 'Own texts' },
  { to: '/warmup/partners', label: 'Partners' },
] as const

/** A screen of the warmup, with the ways to the others. */
export function WarmupPage({ action, children }: { action?: ReactNode; children: ReactNode }) {
  const [location] = useLocation()
  return (
    <Page title="Warmup" action={action}>
      <nav aria-label="Warmup" className="flex h-10 shrink-0 items-end gap-5 border-b border-line px-5">
        {places.map(({ to, label }) => {
          const isHere = location === to || (to !== '/warmup' && location.startsWith(`${to}/`))
          return (
            <Link
              key={to}
              to={to}
              aria-current={isHere ? 'page' : undefined}
              className={`-mb-px rounded-t-control border-b-2 px-0.5 pb-2 ${isHere ? 'border-accent font-medium' : 'border-transparent text-ink-soft hover:text-ink'}`}
            >
              {label}
            </Link>
          )
        })}
      </nav>
      {children}
      <DecisionDialog />
    </Page>
  )
}
