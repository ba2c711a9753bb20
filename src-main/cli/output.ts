import { once } from 'node:events'
import type { Writable } from 'node:stream'

export type Output = {
  /** Writes and waits while the reader is slow. Says nothing when the reader has gone. */
  write(text: string): Promise<void>
  /** The reader closed its end, as `head` does. */
  gone(): boolean
  /** Resolves when everything written was handed over. */
  flush(): Promise<void>
}

export function createOutput(stream: Writable, onGone: () => void): Output {
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
