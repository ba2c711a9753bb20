import type { Clock } from '../../platform.ts'

/** Waits that end early when somebody calls. */
export type Pauses = {
  /** Until so much time has passed on the clock, somebody called since the last wait, or it is over for good. */
  wait(forMs: number): Promise<void>
  /** The same, but whatever called before it does not count: what is waited for is the time. */
  rest(forMs: number): Promise<void>
  /** Ends the wait, or the next one. */
  call(): void
  /** Ends every wait from now on. */
  end(): void
}

export function createPauses(clock: Clock): Pauses {
  let called = false
  let over = false
  let wake: (() => void) | null = null
  const wait = async (forMs: number): Promise<void> => {
    if (!called && !over) {
      await new Promise<void>(resolve => {
        const callOff = clock.after(forMs, resolve)
        wake = () => {
          callOff()
          resolve()
        }
      })
    }
    wake = null
    called = false
  }
  return {
    wait,
    rest: forMs => {
      called = false
      return wait(forMs)
    },
    call: () => {
      called = true
      wake?.()
    },
    end: () => {
      over = true
      wake?.()
    },
  }
}
