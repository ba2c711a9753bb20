import type { Log } from '../platform.ts'

export type Tasks = {
  /** Begins as soon as there is room, also at its key; what throws is logged. */
  start(key: string, run: (signal: AbortSignal) => Promise<void>): void
  /** Tasks that run or wait. */
  count(): number
  /** Aborts what runs, forgets what waits, and resolves when nothing runs. */
  stop(): Promise<void>
}

type Waiting = { readonly key: string; readonly run: (signal: AbortSignal) => Promise<void> }

/** Runs work beside the runner's look: so many in all, so many for each key, in the order they came. */
export function createTasks(options: {
  readonly atOnce: number
  readonly perKey: number
  readonly log: Log
  /** After each task, and after one that threw. */
  onEnd(threw: boolean): void
}): Tasks {
  const { atOnce, perKey, log, onEnd } = options
  const controller = new AbortController()
  const running = new Set<Promise<void>>()
  const perKeyRunning = new Map<string, number>()
  let waiting: Waiting[] = []
  let active = 0

  const next = (): Waiting | undefined => {
    if (active >= atOnce || controller.signal.aborted) return undefined
    const index = waiting.findIndex(({ key }) => (perKeyRunning.get(key) ?? 0) < perKey)
    return index < 0 ? undefined : waiting.splice(index, 1)[0]
  }

  const fill = () => {
    for (let task = next(); task !== undefined; task = next()) launch(task)
  }

  const launch = ({ key, run }: Waiting) => {
    active += 1
    perKeyRunning.set(key, (perKeyRunning.get(key) ?? 0) + 1)
    const done = perform(key, run).finally(() => running.delete(done))
    running.add(done)
  }

  const perform = async (key: string, run: Waiting['run']) => {
    let threw = false
    try {
      await run(controller.signal)
    } catch (error) {
      threw = true
      log.error('warmup-task-threw', { error: error instanceof Error ? error.name : typeof error })
    }
    const left = (perKeyRunning.get(key) ?? 1) - 1
    if (left === 0) perKeyRunning.delete(key)
    else perKeyRunning.set(key, left)
    active -= 1
    fill()
    onEnd(threw)
  }

  return {
    start: (key, run) => {
      if (controller.signal.aborted) return
      waiting.push({ key, run })
      fill()
    },
    count: () => active + waiting.length,
    stop: async () => {
      controller.abort()
      waiting = []
      await Promise.all(running)
    },
  }
}
