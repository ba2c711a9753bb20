import type { Clock } from './platform.ts'

/** Waits so long on a clock, or until the signal aborts. */
export function pauseOn(clock: Clock, forMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const finish = () => {
      callOff()
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const callOff = clock.after(forMs, finish)
    signal.addEventListener('abort', finish)
    if (signal.aborted) finish()
  })
}
