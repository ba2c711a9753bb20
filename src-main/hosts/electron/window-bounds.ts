export type Rectangle = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export type WindowBounds = { width: number; height: number; x?: number; y?: number }

export const leastSize = { width: 900, height: 600 } as const
const defaultSize = { width: 1280, height: 820 } as const
/** How much of the title bar must be on a screen, so that the window can be taken hold of. */
const grip = { width: 160, height: 32 } as const

/** Bounds for the window from what was kept, which may be damaged or of a screen that is gone. Screens are work areas. */
export function fitBounds(kept: unknown, screens: readonly Rectangle[]): WindowBounds {
  const size = (screen: Rectangle | undefined, wanted: { width: number; height: number }) => ({
    width: Math.max(leastSize.width, Math.min(wanted.width, screen?.width ?? wanted.width)),
    height: Math.max(leastSize.height, Math.min(wanted.height, screen?.height ?? wanted.height)),
  })
  if (!isRectangle(kept)) return size(screens[0], defaultSize)
  const screen = screens.find(
    area =>
      overlap(kept.x, kept.width, area.x, area.width) >= grip.width &&
      kept.y >= area.y &&
      kept.y + grip.height <= area.y + area.height,
  )
  if (!screen) return size(screens[0], kept)
  return { ...size(screen, kept), x: kept.x, y: kept.y }
}

const overlap = (a: number, aLength: number, b: number, bLength: number) =>
  Math.min(a + aLength, b + bLength) - Math.max(a, b)

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false
  const { x, y, width, height } = value as Record<string, unknown>
  return (
    [x, y, width, height].every(part => Number.isSafeInteger(part)) && Number(width) > 0 && Number(height) > 0
  )
}
