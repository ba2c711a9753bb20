import { type ReactNode, useEffect } from 'react'
import { later } from '../../ui/later.tsx'
import { useEngineStatus } from '../frame/use-engine-status.ts'
import { useUnlock } from './unlock-state.ts'

const UnlockScreen = later({ load: async () => (await import('./unlock-screen.tsx')).UnlockScreen })

/** The window, or in its place the question for the passphrase: at the start, and when a person asks for it. */
export function VaultGate({ children }: { children: ReactNode }) {
  const vault = useEngineStatus()?.vault
  const { isAsked, ask, dismiss } = useUnlock()
  const state = vault?.state
  const place = vault?.place
  useEffect(() => {
    if (state === undefined) return
    if (isAsked === null) {
      if (state === 'locked' && place === 'passphrase') ask()
      else dismiss()
    } else if (isAsked && state !== 'locked') dismiss()
  }, [state, place, isAsked, ask, dismiss])
  return isAsked === true && vault?.state === 'locked' ? <UnlockScreen vault={vault} /> : children
}
