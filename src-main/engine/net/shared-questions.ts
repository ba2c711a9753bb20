/** One question under way, for everyone who waits for it. */
export type SharedRun<T> = {
  /** Ends when nobody waits any more, or everything is closed. */
  readonly signal: AbortSignal
  /** The best that is known so far; what those are told who cannot wait for the end. */
  soFar: T | null
}

export type Joined<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'left'; readonly soFar: T | null }

export type SharedQuestions<T> = {
  /** Waits for the run of `key`, starting it if there is none. Leaving early disturbs no one else. */
  join(key: string, signal: AbortSignal, start: (run: SharedRun<T>) => Promise<T>): Promise<Joined<T>>
  has(key: string): boolean
  close(): void
}

type Running<T> = { run: SharedRun<T>; controller: AbortController; promise: Promise<T>; waiting: number }

export function createSharedQuestions<T>(): SharedQuestions<T> {
  const running = new Map<string, Running<T>>()

  const begin = (key: string, start: (run: SharedRun<T>) => Promise<T>): Running<T> => {
    const controller = new AbortController()
    const run: SharedRun<T> = { signal: controller.signal, soFar: null }
    const entry: Running<T> = { run, controller, waiting: 0, promise: start(run) }
    running.set(key, entry)
    const forget = () => {
      if (running.get(key) === entry) running.delete(key)
    }
    entry.promise.then(forget, forget)
    return entry
  }

  return {
    has: key => running.has(key),
    join: (key, signal, start) => {
      const entry = running.get(key) ?? begin(key, start)
      entry.waiting++
      return new Promise((resolve, reject) => {
        const leave = () => {
          resolve({ kind: 'left', soFar: entry.run.soFar })
          entry.waiting--
          if (entry.waiting > 0) return
          // Whoever asks the same from now on must not join a question that is being abandoned.
          if (running.get(key) === entry) running.delete(key)
          entry.controller.abort()
        }
        if (signal.aborted) return leave()
        signal.addEventListener('abort', leave, { once: true })
        const stay = async () => {
          try {
            resolve({ kind: 'done', value: await entry.promise })
          } catch (bug) {
            reject(bug)
          } finally {
            signal.removeEventListener('abort', leave)
          }
        }
        void stay()
      })
    },
    close: () => {
      for (const entry of running.values()) entry.controller.abort()
      running.clear()
    },
  }
}
