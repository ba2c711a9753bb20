import { createStop, type Stop } from './stop.ts'

/** One question under way, for everyone who waits for it. */
export type SharedRun<T> = {
  /** Stops when nobody waits any more, or everything is closed. */
  readonly stop: Stop
  /** The best that is known so far; what those are told who cannot wait for the end. */
  soFar: T | null
  /** The last who waited ran out of time rather than losing interest. */
  wasLate: boolean
}

export type Joined<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'left'; readonly soFar: T | null }

export type SharedQuestions<T> = {
  /** Waits for the run of `key`, starting it if there is none. Leaving early disturbs no one else. */
  join(
    key: string,
    leaving: Stop,
    isLate: () => boolean,
    start: (run: SharedRun<T>) => Promise<T>,
  ): Promise<Joined<T>>
  has(key: string): boolean
  close(): void
}

type Running<T> = { run: SharedRun<T>; stop(): void; promise: Promise<T>; waiting: number }

export function createSharedQuestions<T>(): SharedQuestions<T> {
  const running = new Map<string, Running<T>>()

  const begin = (key: string, start: (run: SharedRun<T>) => Promise<T>): Running<T> => {
    const stop = createStop()
    const run: SharedRun<T> = { stop, soFar: null, wasLate: false }
    const entry: Running<T> = { run, stop: stop.stop, waiting: 0, promise: start(run) }
    running.set(key, entry)
    return entry
  }

  return {
    has: key => running.has(key),
    join: (key, leaving, isLate, start) => {
      const entry = running.get(key) ?? begin(key, start)
      entry.waiting++
      return new Promise((resolve, reject) => {
        const leave = () => {
          resolve({ kind: 'left', soFar: entry.run.soFar })
          entry.waiting--
          if (entry.waiting > 0) return
          // Whoever asks the same from now on must not join a question that is being abandoned.
          if (running.get(key) === entry) running.delete(key)
          entry.run.wasLate = isLate()
          entry.stop()
        }
        leaving.onStop(leave)
        const forget = () => {
          if (running.get(key) === entry) running.delete(key)
        }
        const told = (value: T) => {
          forget()
          leaving.callOff(leave)
          resolve({ kind: 'done', value })
        }
        const broken = (bug: unknown) => {
          forget()
          leaving.callOff(leave)
          reject(bug)
        }
        entry.promise.then(told, broken)
      })
    },
    close: () => {
      for (const entry of running.values()) entry.stop()
      running.clear()
    },
  }
}
