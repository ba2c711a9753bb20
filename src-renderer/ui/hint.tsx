import type { ReactElement, ReactNode } from 'react'
import { Focusable, Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip'

type HintProps = {
  text: ReactNode
  children: ReactElement
  /** The child is not a control of ours; it is made focusable so the hint is reachable by keyboard. */
  passive?: boolean
  placement?: 'top' | 'bottom' | 'left' | 'right'
}

/** The words behind a mark or an icon, on hover and on focus. */
export function Hint({ text, children, passive = false, placement = 'bottom' }: HintProps) {
  return (
    <TooltipTrigger delay={350} closeDelay={60}>
      {passive ? <Focusable>{children as never}</Focusable> : children}
      <Tooltip
        placement={placement}
        offset={6}
        className="max-w-80 animate-appear rounded-control bg-ink px-2 py-1 text-meta text-page shadow-float"
      >
        {text}
      </Tooltip>
    </TooltipTrigger>
  )
}
