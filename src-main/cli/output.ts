import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { exitCodes } from './exit-code.ts'
import { printable } from './printable.ts'

export type Output = {
  /** Writes and waits while the reader is slow. Says nothing when the reader has gone. */
  write(text: string): Promise<void>
  /** The reader closed its end, as `head` does. */
  gone(): boolean
  /** Resolves when everything written was handed over. */
  flush(): Promise<void>
}

/** The two streams of a verb. `stop` aborts when nobody reads any more. */
export function openOutputs() {
  const stop = new AbortController()
  const stdout = createOutput(process.stdout, () => stop.abort())
  const stderr = createOutput(process.stderr, () => undefined)
  return {
    stop,
    stdout,
    stderr,
    /** Says why nothing is done, in one line or more, and gives the exit code. */
    refuse: async (why: string, code: number = exitCodes.usage): Promise<number> => {
      await stderr.write(`rookery: ${why.split('\n').map(printable).join('\n')}\n`)
      return code
    },
  }
}

function createOutput(stream: Writable, onGone: () => void): Output {
  let gone = false
  let drained: Promise<void> | null = null
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    gone = true
    onGone()
  })
  return {
    gone: () => gone,
    async write(text) {
      if (gone || stream.write(text)) return
      // Many writers wait for the same reader: one pair of listeners does for all of them.
      drained ??= drainOrClose(stream).finally(() => {
        drained = null
      })
      await drained
    },
    async flush() {
      if (gone) return
      await new Promise<void>(resolve => {
        stream.write('', () => resolve())
      })
    },
  }
}

async function drainOrClose(stream: Writable): Promise<void> {
  const settled = new AbortController()
  const { signal } = settled
  await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]).catch(
    () => undefined,
  )
  settled.abort()
}
