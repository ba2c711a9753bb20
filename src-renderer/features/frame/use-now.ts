import { useSyncExternalStore } from 'react'

const tickMs = 20_000
const listeners = new Set<() => void>()
/** How far the engine's time is ahead of this machine's; only that of the demo ever is. */
let aheadMs = 0
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (listeners.size === 1) now = Date.now() + aheadMs
  timer ??= setInterval(tick, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  now = Date.now() + aheadMs
  for (const each of listeners) each()
}

/** The engine's time for "3 min ago", renewed every 20 s by one timer for the whole window. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** The time of the window follows that of the demo, at once. */
export function setAhead(ms: number): void {
  if (ms === aheadMs) return
  aheadMs = ms
  tick()
}
