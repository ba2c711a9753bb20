import type { Stop } from './stop.ts'

export type Slots = {
  /** Waits for a free slot, first come first served. False when stopped first: then there is nothing to give back. */
  take(stop: Stop): boolean | Promise<boolean>
  giveBack(): void
  taken(): number
}

export function createSlots(limit: number): Slots {
  const queue = new Set<() => void>()
  let taken = 0
  return {
    take: stop => {
      if (stop.stopped) return false
      if (taken < limit) {
        taken++
        return true
      }
      return new Promise(resolve => {
        // The slot passes from hand to hand, so that nobody who comes later can slip in between.
        const enter = () => {
          stop.callOff(leave)
          resolve(true)
        }
        const leave = () => {
          queue.delete(enter)
          resolve(false)
        }
        stop.onStop(leave)
        queue.add(enter)
      })
    },
    giveBack: () => {
      const next = queue.values().next()
      if (next.done) {
        taken--
        return
      }
      queue.delete(next.value)
      next.value()
    },
    taken: () => taken,
  }
}
