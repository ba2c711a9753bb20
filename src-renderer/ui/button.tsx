import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button'

type Kind = 'primary' | 'plain' | 'quiet' | 'danger'

const kinds: Record<Kind, string> = {
  primary:
    'bg-accent text-on-accent font-medium hover:bg-accent-press data-pressed:bg-accent-press disabled:bg-line disabled:text-ink-faint',
  plain: 'border border-line-strong bg-raised hover:bg-hover disabled:opacity-50',
  quiet: 'text-ink-soft hover:bg-hover hover:text-ink disabled:opacity-50',
  danger: 'border border-fail-fill text-fail hover:bg-fail-soft disabled:opacity-50',
}

export type ButtonOwnProps = Omit<ButtonProps, 'className' | 'children' | 'style'> & {
  kind?: Kind
  children: ReactNode
}

/** A labelled button. One primary on a screen; everything else is plain or quiet. */
export function Button({ kind = 'plain', children, ...rest }: ButtonOwnProps) {
  return (
    <AriaButton
      {...rest}
      className={`inline-flex h-8 shrink-0 cursor-default items-center justify-center gap-2 whitespace-nowrap rounded-control px-3 transition-colors duration-120 [&_svg]:size-4 [&_svg]:shrink-0 ${kinds[kind]}`}
    >
      {children}
    </AriaButton>
  )
}
