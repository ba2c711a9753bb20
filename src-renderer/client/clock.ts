/** Time and chance as tests can turn them. Instants are epoch milliseconds. */
export type ClientClock = {
  now(): number
  /** Calls back once after `delayMs`; returns a function that calls it off. */
  after(delayMs: number, callback: () => void): () => void
  /** At least 0, below 1. */
  random(): number
}

export const realClock: ClientClock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}

/** Calls back every `periodMs`, until the returned function is called. */
export function every(clock: ClientClock, periodMs: number, callback: () => void): () => void {
  let stop: (() => void) | null = null
  const plan = () => {
    stop = clock.after(periodMs, () => {
      plan()
      callback()
    })
  }
  plan()
  return () => stop?.()
}
