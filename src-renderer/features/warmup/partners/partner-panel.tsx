import type { ReactNode } from 'react'
import { useConnectionState } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { SidePanel } from '../../../ui/dialog.tsx'

/** What there is to do, and the way out of it. */
type Step = { readonly label: string; readonly leave: string; isReady: boolean; run: () => Promise<void> }

type PartnerPanelProps = {
  title: string
  subtitle?: string
  /** Null once it is done. */
  step: Step | null
  onClose: () => void
  children: ReactNode
}

/** What is made or taken with a partner, at the side, one step after the other. */
export function PartnerPanel({ title, subtitle, step, onClose, children }: PartnerPanelProps) {
  const isOpen = useConnectionState().kind === 'open'
  return (
    <SidePanel
      isOpen
      onClose={onClose}
      title={title}
      subtitle={subtitle}
      actions={
        step === null ? (
          <Button kind="primary" onPress={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button onPress={onClose}>{step.leave}</Button>
            <Button kind="primary" isDisabled={!isOpen || !step.isReady} onPress={() => void step.run()}>
              {step.label}
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-5">{children}</div>
    </SidePanel>
  )
}
