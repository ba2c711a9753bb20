/**
 * A cancel for the inside of the resolver: thousands of questions a second make an `AbortController` each too dear,
 * and hundreds of listeners on one signal make every removal a search through them.
 */
export type Stop = {
  readonly stopped: boolean
  /** Calls back once, now or when it is stopped, unless it is called off before. */
  onStop(callback: () => void): void
  callOff(callback: () => void): void
}

export function createStop(): Stop & { stop(): void } {
  let callbacks: Set<() => void> | null = null
  let stopped = false
  return {
    get stopped() {
      return stopped
    },
    onStop: callback => {
      if (stopped) callback()
      else (callbacks ??= new Set()).add(callback)
    },
    callOff: callback => {
      callbacks?.delete(callback)
    },
    stop: () => {
      if (stopped) return
      stopped = true
      const due = callbacks ?? []
      callbacks = null
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
