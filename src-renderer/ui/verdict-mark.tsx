import { Check, CircleHelp, Minus, TriangleAlert, X } from 'lucide-react'
import { Spinner } from './spinner.tsx'

export type MarkKind = 'pass' | 'warn' | 'fail' | 'unavailable' | 'none' | 'waiting' | 'running'

const looks = {
  pass: { icon: Check, colour: 'text-pass bg-pass-soft' },
  warn: { icon: TriangleAlert, colour: 'text-warn bg-warn-soft' },
  fail: { icon: X, colour: 'text-fail bg-fail-soft' },
  unavailable: { icon: CircleHelp, colour: 'text-unknown bg-unknown-soft' },
  none: { icon: Minus, colour: 'text-unknown bg-transparent' },
} as const

/** The verdict of one check as a shape and a colour. `label` is what a screen reader says. */
export function VerdictMark({ kind, label, size = 20 }: { kind: MarkKind; label: string; size?: number }) {
  const frame = { width: size, height: size }
  if (kind === 'running')
    return (
      <span role="img" aria-label={label} style={frame} className="inline-flex items-center justify-center">
        <Spinner size={size * 0.75} />
      </span>
    )
  if (kind === 'waiting')
    return (
      <span role="img" aria-label={label} style={frame} className="inline-flex items-center justify-center">
        <span className="size-1.5 rounded-full bg-unknown-fill" />
      </span>
    )
  const { icon: Icon, colour } = looks[kind]
  return (
    <span
      role="img"
      aria-label={label}
      style={frame}
      className={`inline-flex shrink-0 items-center justify-center rounded-full ${colour}`}
    >
      <Icon aria-hidden size={size * 0.62} strokeWidth={2.5} />
    </span>
  )
}
