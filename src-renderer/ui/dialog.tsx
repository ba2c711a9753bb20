import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { IconButton } from './icon-button.tsx'

type FrameProps = {
  title: string
  isOpen: boolean
  onClose: () => void
  children: ReactNode
  /** Buttons at the foot, the chosen one last. */
  actions?: ReactNode
  /** Says more under the title. */
  subtitle?: ReactNode
}

function Frame({ title, subtitle, onClose, children, actions }: Omit<FrameProps, 'isOpen'>) {
  return (
    <AriaDialog className="flex max-h-full min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex items-start gap-3 border-b border-line px-5 py-3">
        <div className="min-w-0 flex-1">
          <Heading slot="title" className="text-section font-semibold">
            {title}
          </Heading>
          {subtitle && <p className="text-meta text-ink-soft">{subtitle}</p>}
        </div>
        <IconButton label="Close" hint={false} onPress={onClose}>
          <X />
        </IconButton>
      </header>
      <div className="scroll-quiet min-h-0 flex-1 px-5 py-4">{children}</div>
      {actions && (
        <footer className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">
          {actions}
        </footer>
      )}
    </AriaDialog>
  )
}

const overlay = 'fixed inset-0 z-40 flex bg-shade'

/** A question in the middle of the window. Only to decide something. */
export function Dialog({ isOpen, onClose, wide = false, ...rest }: FrameProps & { wide?: boolean }) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={open => !open && onClose()}
      isDismissable
      className={`${overlay} items-center justify-center p-6`}
    >
      <Modal
        className={`flex max-h-full w-full animate-appear overflow-hidden rounded-card border border-line bg-raised shadow-float ${wide ? 'max-w-4xl' : 'max-w-2xl'}`}
      >
        <Frame {...rest} onClose={onClose} />
      </Modal>
    </ModalOverlay>
  )
}

/** Work at the side, with the page still in sight. */
export function SidePanel({
  isOpen,
  onClose,
  wide = false,
  ...rest
}: FrameProps & { wide?: boolean | 'widest' }) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={open => !open && onClose()}
      isDismissable
      className={`${overlay} justify-end`}
    >
      <Modal
        className={`flex h-full w-full animate-slide-in border-l border-line bg-raised shadow-float ${wide === 'widest' ? 'max-w-5xl' : wide ? 'max-w-3xl' : 'max-w-lg'}`}
      >
        <Frame {...rest} onClose={onClose} />
      </Modal>
    </ModalOverlay>
  )
}
