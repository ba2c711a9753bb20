import type { ReactNode } from 'react'
import { Button, type ButtonProps } from 'react-aria-components/Button'
import { Hint } from './hint.tsx'

export type IconButtonProps = Omit<ButtonProps, 'className' | 'children' | 'style' | 'aria-label'> & {
  label: string
  /** Not for a sign that everybody knows: the first Escape closes a hint, and it is meant for what lies beneath. */
  hint?: boolean
  children: ReactNode
}

/** A button that is only an icon; its name is said to everybody by the hint and the label. */
export function IconButton({ label, hint = true, children, ...rest }: IconButtonProps) {
  const button = (
    <Button
      {...rest}
      aria-label={label}
      className="inline-flex size-7 shrink-0 cursor-default items-center justify-center rounded-control text-ink-soft transition-colors duration-120 hover:bg-hover hover:text-ink disabled:opacity-50 [&_svg]:size-4"
    >
      {children}
    </Button>
  )
  return hint ? <Hint text={label}>{button}</Hint> : button
}
