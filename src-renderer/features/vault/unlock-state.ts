import { create } from 'zustand'

type UnlockState = {
  /** Null until the vault was first seen: only one that is locked at the start asks by itself. */
  isAsked: boolean | null
  ask(): void
  dismiss(): void
}

export const useUnlock = create<UnlockState>(set => ({
  isAsked: null,
  ask: () => set({ isAsked: true }),
  dismiss: () => set({ isAsked: false }),
}))
