import { ORPCError } from '@orpc/client'
import { type Fail, fail } from '#shared/failure.ts'
import { isStreamPath } from './client.ts'
import type { ClientClock } from './clock.ts'
import type { Link } from './link.ts'

/** How a call gets its link: at once, later, or not at all. */
export type FindLink = () => Link | Fail | Promise<Link | Fail>

export type Call = {
  path: readonly string[]
  input: unknown
  signal: AbortSignal | undefined
  lastEventId: string | undefined
  timeoutMs: number | undefined
}

export const wireLost = fail('wire-lost', {}, 'later')
const cancelled = fail('cancelled', {}, 'now')
const timedOut = fail('timed-out', {}, 'now')

const defaultTimeoutMs = 20_000

/** Makes one call. Resolves to a `Result`, or for a stream to an iterator that returns one; never rejects. */
export async function makeCall(call: Call, findLink: FindLink, clock: ClientClock): Promise<unknown> {
  const streams = isStreamPath(call.path)
  const leash = tieLeash(call, streams ? call.timeoutMs : (call.timeoutMs ?? defaultTimeoutMs), clock)
  const outcome = await untilCut(leash, async () => {
    const link = await findLink()
    if ('ok' in link) return link
    leash.follow(link)
    if (leash.signal.aborted) return cancelled
    return link.call(call.path, call.input, { signal: leash.signal, lastEventId: call.lastEventId })
  })
  if (streams && isStream(outcome)) return guideStream(outcome, leash)
  leash.untie()
  const result = isResult(outcome) ? outcome : fail('internal')
  return streams ? endedStream(result) : result
}

/** What may end a call before its answer. Its signal's reason is the failure the caller gets: whichever came first. */
type Leash = {
  readonly signal: AbortSignal
  follow(link: Link): void
  cut(failure: Fail): void
  untie(): void
}

function tieLeash(call: Call, timeoutMs: number | undefined, clock: ClientClock): Leash {
  const controller = new AbortController()
  const untied = new AbortController()
  const cut = (failure: Fail) => controller.abort(failure)
  const cutBy = (signal: AbortSignal, failure: Fail) => {
    if (signal.aborted) cut(failure)
    else signal.addEventListener('abort', () => cut(failure), { once: true, signal: untied.signal })
  }
  if (call.signal) cutBy(call.signal, cancelled)
  const stopTimer = timeoutMs === undefined ? () => {} : clock.after(timeoutMs, () => cut(timedOut))
  return {
    signal: controller.signal,
    follow: link => cutBy(link.ended, wireLost),
    cut,
    untie: () => {
      stopTimer()
      untied.abort()
    },
  }
}

/** The outcome of `work`, or the failure that cut the leash, at once; never rejects. */
function untilCut(leash: Leash, work: () => Promise<unknown>): Promise<unknown> {
  const { signal } = leash
  return new Promise(resolve => {
    const onCut = () => resolve(signal.reason)
    if (signal.aborted) return onCut()
    signal.addEventListener('abort', onCut, { once: true })
    work()
      .catch((error: unknown) => (signal.aborted ? signal.reason : translate(error)))
      .then(resolve)
      .finally(() => signal.removeEventListener('abort', onCut))
  })
}

/** Only what never reached the guard comes as an error: a frame that could not be read, a name that is not served. */
function translate(error: unknown): Fail {
  const isRefusedInput = error instanceof ORPCError && error.code === 'BAD_REQUEST'
  return isRefusedInput ? fail('invalid-input') : fail('internal')
}

type Stream = AsyncIterator<unknown, unknown, void>

/** The stream with every end as a `Result`. Cutting the leash is what leaves it: that tells the engine and frees the call. */
function guideStream(source: Stream, leash: Leash): AsyncIterableIterator<unknown, unknown, void> {
  let ended = false
  const leave = () => {
    ended = true
    leash.cut(cancelled)
    leash.untie()
  }
  return {
    next: async () => {
      if (ended) return { done: true, value: cancelled }
      const step = await untilCut(leash, () => source.next())
      if (isStep(step) && !step.done) return step
      leave()
      const value = isStep(step) ? step.value : step
      return { done: true, value: isResult(value) ? value : fail('internal') }
    },
    return: async value => {
      leave()
      return { done: true, value }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

// eslint-disable-next-line require-yield
async function* endedStream(result: unknown) {
  return result
}

function isStream(value: unknown): value is Stream {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function isStep(value: unknown): value is IteratorResult<unknown, unknown> {
  return typeof value === 'object' && value !== null && 'done' in value && 'value' in value
}

function isResult(value: unknown): value is { ok: boolean } {
  return typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean'
}
