import type { SyncEvent } from '#shared/model/sync.ts'

/** What is told while some work runs. Events that come while nobody reads make place for the next. */
export async function* follow(
  work: (tell: (event: SyncEvent) => void) => Promise<void>,
): AsyncGenerator<SyncEvent, void, void> {
  const progress = { latest: null as SyncEvent | null, over: false, wake: () => {} }
  const done = work(event => {
    progress.latest = event
    progress.wake()
  }).finally(() => {
    progress.over = true
    progress.wake()
  })
  // Awaited at the end; a reader that leaves before must not leave it unhandled.
  done.catch(() => {})
  while (!progress.over || progress.latest !== null) {
    const { latest } = progress
    progress.latest = null
    if (latest !== null) yield latest
    else
      await new Promise<void>(resolve => {
        progress.wake = resolve
      })
  }
  await done
}
