import { useEffect } from 'react'
import { create } from 'zustand'

type FrameState = {
  isSidebarNarrow: boolean
  isPaletteOpen: boolean
  /** What was typed into the palette before it could take keys itself; null once it can. */
  typedAhead: string | null
  toggleSidebar(): void
  setPalette(open: boolean): void
}

const narrowKey = 'rookery-sidebar-narrow'

export const useFrame = create<FrameState>(set => ({
  isSidebarNarrow: localStorage.getItem(narrowKey) === 'yes',
  isPaletteOpen: false,
  typedAhead: null,
  toggleSidebar: () =>
    set(({ isSidebarNarrow }) => {
      localStorage.setItem(narrowKey, isSidebarNarrow ? 'no' : 'yes')
      return { isSidebarNarrow: !isSidebarNarrow }
    }),
  setPalette: open =>
    set(({ isPaletteOpen }) =>
      open === isPaletteOpen ? {} : { isPaletteOpen: open, typedAhead: open ? '' : null },
    ),
}))

/** Hands over what was typed while the palette was on its way; from now on it takes the keys itself. */
export function takeTypedAhead(): string {
  const { typedAhead } = useFrame.getState()
  useFrame.setState({ typedAhead: null })
  return typedAhead ?? ''
}

/** Whether the palette is open, which Ctrl+K makes it from anywhere. What is typed before its code is there is kept for it. */
export function usePaletteOpen(): boolean {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { typedAhead, setPalette } = useFrame.getState()
      const key = event.key.toLowerCase()
      const isCommand = event.metaKey || event.ctrlKey
      if (key === 'k' && isCommand && !event.altKey) setPalette(true)
      else if (typedAhead === null || isCommand || event.altKey) return
      else if (key === 'escape') setPalette(false)
      else useFrame.setState({ typedAhead: typedOn(typedAhead, event.key) })
      event.preventDefault()
      event.stopPropagation()
    }
    // Before what has the focus takes the key for itself.
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [])
  return useFrame(state => state.isPaletteOpen)
}

function typedOn(text: string, key: string): string {
  if (key === 'Backspace') return text.slice(0, -1)
  return key.length === 1 ? text + key : text
}
