/**
 * A cancel for the inside of the resolver: thousands of questions a second make an `AbortController` each too dear,
 * and hundreds of listeners on one signal make every removal a search through them.
 */
export type Stop = {
  readonly stopped: boolean
  /** Calls back once, now or when it is stopped; returns a function that calls it off. */
  onStop(callback: () => void): () => void
}

export function createStop(): Stop & { stop(): void } {
  let callbacks: (() => void)[] = []
  let stopped = false
  return {
    get stopped() {
      return stopped
    },
    onStop: callback => {
      if (stopped) {
        callback()
        return () => {}
      }
      callbacks.push(callback)
      return () => {
        const index = callbacks.lastIndexOf(callback)
        if (index >= 0) callbacks.splice(index, 1)
      }
    },
    stop: () => {
      if (stopped) return
      stopped = true
      const due = callbacks
      callbacks = []
      for (const callback of due) callback()
    },
  }
}

const stops = new WeakMap<AbortSignal, Stop>()

/** The stop that a signal gives, one listener for however many wait for it. */
export function stopOf(signal: AbortSignal): Stop {
  const known = stops.get(signal)
  if (known) return known
  const stop = createStop()
  if (signal.aborted) stop.stop()
  else signal.addEventListener('abort', stop.stop, { once: true })
  stops.set(signal, stop)
  return stop
}
