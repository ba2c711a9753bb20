import { useEffect } from 'react'
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

/** Whether the palette is open, which Ctrl+K makes it from anywhere. */
export function usePaletteOpen(): boolean {
  const setOpen = useFrame(state => state.setPalette)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey) return
      event.preventDefault()
      setOpen(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [setOpen])
  return useFrame(state => state.isPaletteOpen)
}
