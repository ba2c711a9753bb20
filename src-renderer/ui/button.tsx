import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button'

type Kind = 'primary' | 'plain' | 'quiet' | 'danger'

const kinds: Record<Kind, string> = {
  primary: 'bg-accent text-on-accent font-medium hover:bg-accent-press data-pressed:bg-accent-press',
  plain: 'border border-line-strong bg-raised hover:bg-hover',
  quiet: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'border border-fail-fill text-fail hover:bg-fail-soft',
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
      className={`inline-flex h-8 shrink-0 cursor-default items-center justify-center gap-2 whitespace-nowrap rounded-control px-3 transition-colors duration-120 disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0 ${kinds[kind]}`}
    >
      {children}
    </AriaButton>
  )
}
