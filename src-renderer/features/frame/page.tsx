import { ChevronRight, Search } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from 'react-aria-components/Button'
import { Link } from 'wouter'
import { useFrame } from './frame-state.ts'

export type PageParent = { title: string; to: string }

/** The lists that pages lie under. */
export const lists = {
  domains: { title: 'Domains', to: '/domains' },
  mailboxes: { title: 'Mailboxes', to: '/mailboxes' },
  warmup: { title: 'Warmup', to: '/warmup' },
} as const satisfies Record<string, PageParent>

type PageProps = {
  title: string
  /** The way back, shown before the title. */
  parent?: PageParent
  /** The one primary action. */
  action?: ReactNode
  children: ReactNode
}

/** Until the first screen: it takes no focus from a window that nobody has touched. */
let isWindowNew = true

/** A screen: a 48 px bar with where you are, the search, and one action; the content below. */
export function Page({ title, parent, action, children }: PageProps) {
  const setPalette = useFrame(state => state.setPalette)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // What had the focus went with the screen before.
    if (isWindowNew) isWindowNew = false
    else if (document.activeElement === document.body) heading.current?.focus()
  }, [])
  useEffect(() => {
    document.title = `${title} – Rookery`
  }, [title])
  return (
    <>
      <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-5">
        <nav aria-label="Where you are" className="flex min-w-0 flex-1 items-center gap-1">
          {parent && (
            <>
              <Link to={parent.to} className="rounded-control px-1 text-ink-soft hover:text-ink">
                {parent.title}
              </Link>
              <ChevronRight aria-hidden size={14} className="text-ink-faint" />
            </>
          )}
          <h1
            ref={heading}
            tabIndex={-1}
            className="truncate rounded-control px-1 text-section font-semibold"
          >
            {title}
          </h1>
        </nav>
        <Button
          onPress={() => setPalette(true)}
          className="flex h-8 w-56 cursor-default items-center max-lg:w-36 gap-2 rounded-control border border-line bg-ice px-2.5 text-ink-faint hover:border-line-strong"
        >
          <Search aria-hidden size={14} />
          <span className="flex-1 text-left">Search or do…</span>
          <kbd className="font-sans text-meta whitespace-nowrap max-lg:hidden">{isMac ? '⌘K' : 'Ctrl K'}</kbd>
        </Button>
        {action}
      </header>
      <main className="flex min-h-0 flex-1 flex-col">{children}</main>
    </>
  )
}

export const isMac = navigator.userAgent.includes('Mac')
