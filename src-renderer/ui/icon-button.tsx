import type { ReactNode } from 'react'
import { Button, type ButtonProps } from 'react-aria-components/Button'
import { Hint } from './hint.tsx'

export type IconButtonProps = Omit<ButtonProps, 'className' | 'children' | 'style' | 'aria-label'> & {
  label: string
  children: ReactNode
}

/** A button that is only an icon; its name is said to everybody by the hint and the label. */
export function IconButton({ label, children, ...rest }: IconButtonProps) {
  return (
    <Hint text={label}>
      <Button
        {...rest}
        aria-label={label}
        className="inline-flex size-7 shrink-0 cursor-default items-center justify-center rounded-control text-ink-soft transition-colors duration-120 hover:bg-hover hover:text-ink disabled:opacity-50 [&_svg]:size-4"
      >
        {children}
      </Button>
    </Hint>
  )
}
