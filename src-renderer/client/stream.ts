import { fail, type Result } from '#shared/failure.ts'

/** Work of a stream by event; leaving it (`signal`) cancels the work in the engine. */
export type ReadOptions<Event> = {
  onEvent: (event: Event) => void
  signal?: AbortSignal
}

/**
 * Reads a stream to its end: `await readStream(client.domains.audit({ id }), { onEvent, signal })`.
 * Resolves to the stream's final `Result`, or `cancelled` at once when `signal` aborts; never rejects. An error thrown
 * by `onEvent` ends the stream with `internal`.
 */
export async function readStream<Event, Final>(
  call: PromiseLike<AsyncIterator<Event, Result<Final>, void>>,
  options: ReadOptions<Event>,
): Promise<Result<Final>> {
  const finished = new AbortController()
  const left = new Promise<Result<Final>>(resolve => {
    const onAbort = () => {
      resolve(cancelled)
      void leave(call)
    }
    if (options.signal?.aborted) onAbort()
    else options.signal?.addEventListener('abort', onAbort, { once: true, signal: finished.signal })
  })
  try {
    return await Promise.race([readToEnd(call, options), left])
  } finally {
    finished.abort()
  }
}

const cancelled = fail('cancelled', {}, 'now')

async function readToEnd<Event, Final>(
  call: PromiseLike<AsyncIterator<Event, Result<Final>, void>>,
  options: ReadOptions<Event>,
): Promise<Result<Final>> {
  try {
    const stream = await call
    while (true) {
      const step = await stream.next()
      if (options.signal?.aborted) return cancelled
      if (step.done) return step.value ?? cancelled
      options.onEvent(step.value)
    }
  } catch (error) {
    void leave(call)
    reportError(error)
    return fail('internal', {}, 'now')
  }
}

async function leave(call: PromiseLike<AsyncIterator<unknown, unknown, void>>): Promise<void> {
  try {
    const stream = await call
    await stream.return?.()
  } catch {
    // Whoever leaves has no use for how the stream took it.
  }
}
