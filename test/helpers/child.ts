import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'

export type Child = {
  readonly pid: number
  /** The next line it prints; null once it has ended and all was read. */
  line(): Promise<string | null>
  /** Ends it as a power cut would, and waits for that. */
  kill(): Promise<void>
}

/** Runs a script of this folder under the same Node as the tests. What it prints on stderr is shown. */
export function startChild(script: string, ...parameters: string[]): Child {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [path, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.stdout === null || child.pid === undefined) throw new Error(`${script} did not start.`)
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    pid: child.pid,
    line: async () => {
      const next = await lines.next()
      return next.done ? null : next.value
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
