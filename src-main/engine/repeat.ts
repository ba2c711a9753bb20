import type { Clock } from './platform.ts'

/** Does `work` now and then every `everyMs`, until the returned function calls it off. */
export function repeat(clock: Clock, everyMs: number, work: () => void): () => void {
  let callOff: (() => void) | null = null
  let over = false
  const round = () => {
    if (over) return
    callOff = clock.after(everyMs, round)
    work()
  }
  round()
  return () => {
    over = true
    callOff?.()
  }
}
