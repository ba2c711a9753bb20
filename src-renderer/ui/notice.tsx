import { CircleAlert, CircleHelp, CircleX, Info } from 'lucide-react'
import type { ReactNode } from 'react'

type NoticeProps = {
  tone: 'info' | 'warn' | 'fail' | 'unknown'
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
  /** The server's own words, folded. */
  details?: string
}

const looks = {
  info: { icon: Info, colour: 'border-line bg-ice', ink: 'text-ink-soft' },
  warn: { icon: CircleAlert, colour: 'border-transparent bg-warn-soft', ink: 'text-warn' },
  fail: { icon: CircleX, colour: 'border-transparent bg-fail-soft', ink: 'text-fail' },
  unknown: { icon: CircleHelp, colour: 'border-transparent bg-unknown-soft', ink: 'text-unknown' },
}

/** What happened, why, what to do: in the place where it matters. */
export function Notice({ tone, title, children, action, details }: NoticeProps) {
  const { icon: Icon, colour, ink } = looks[tone]
  return (
    <div
      role={tone === 'fail' ? 'alert' : 'status'}
      className={`flex items-start gap-3 rounded-card border px-4 py-3 ${colour}`}
    >
      <Icon aria-hidden size={16} className={`mt-0.5 shrink-0 ${ink}`} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {children && <div className="text-ink-soft">{children}</div>}
        {details && (
          <details className="mt-1 text-meta text-ink-soft">
            <summary className="cursor-default">Details</summary>
            <code className="font-mono [overflow-wrap:anywhere]">{details}</code>
          </details>
        )}
      </div>
      {action}
    </div>
  )
}
