import { create } from 'zustand'

type FrameState = {
  isSidebarNarrow: boolean
  isPaletteOpen: boolean
  toggleSidebar(): void
  setPalette(open: boolean): void
}

const narrowKey = 'rookery-sidebar-narrow'

export const useFrame = create<FrameState>(set => ({
  isSidebarNarrow: localStorage.getItem(narrowKey) === 'yes',
  isPaletteOpen: false,
  toggleSidebar: () =>
    set(({ isSidebarNarrow }) => {
      localStorage.setItem(narrowKey, isSidebarNarrow ? 'no' : 'yes')
      return { isSidebarNarrow: !isSidebarNarrow }
    }),
  setPalette: open => set({ isPaletteOpen: open }),
}))
