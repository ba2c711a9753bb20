export type Slots = {
  /** Waits for a free slot, first come first served. False when the signal ended first: then there is nothing to give back. */
  take(signal: AbortSignal): Promise<boolean>
  giveBack(): void
  taken(): number
}

export function createSlots(limit: number): Slots {
  const queue = new Set<() => void>()
  let taken = 0
  return {
    take: async signal => {
      if (signal.aborted) return false
      if (taken < limit) {
        taken++
        return true
      }
      return new Promise(resolve => {
        const leave = () => {
          queue.delete(enter)
          resolve(false)
        }
        // The slot passes from hand to hand, so that nobody who comes later can slip in between.
        const enter = () => {
          signal.removeEventListener('abort', leave)
          resolve(true)
        }
        signal.addEventListener('abort', leave, { once: true })
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
