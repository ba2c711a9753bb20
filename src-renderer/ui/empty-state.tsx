import type { ReactNode } from 'react'
import { Drawing } from './drawing.tsx'

type EmptyStateProps = {
  drawing: 'nest' | 'search' | 'away'
  title: string
  children: ReactNode
  action?: ReactNode
}

/** One drawing, one sentence, one action. */
export function EmptyState({ drawing, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-4 p-12 text-center">
      <Drawing name={drawing} />
      <div className="max-w-md">
        <h2 className="text-balance text-section font-semibold">{title}</h2>
        <p className="text-pretty text-ink-soft">{children}</p>
      </div>
      {action && <div className="flex items-center gap-2">{action}</div>}
    </div>
  )
}
