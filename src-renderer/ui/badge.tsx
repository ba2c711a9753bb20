import type { ReactNode } from 'react'

export type Tone = 'pass' | 'warn' | 'fail' | 'unknown' | 'neutral'

const tones: Record<Tone, string> = {
  pass: 'bg-pass-soft text-pass',
  warn: 'bg-warn-soft text-warn',
  fail: 'bg-fail-soft text-fail',
  unknown: 'bg-unknown-soft text-unknown',
  neutral: 'bg-ice text-ink-soft border border-line',
}

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-full px-2 text-meta font-medium [&_svg]:size-3 ${tones[tone]}`}
    >
      {children}
    </span>
  )
}
