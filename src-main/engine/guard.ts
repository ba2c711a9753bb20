import { randomUUID } from 'node:crypto'
import { getEventIteratorSchemaDetails } from '@orpc/contract'
import {
  implement,
  type ImplementerInternalWithMiddlewares,
  ORPCError,
  type Router,
  ValidationError,
} from '@orpc/server'
import { contract, type Contract } from '#shared/contract/index.ts'
import { type Fail, fail, type FailureDetail } from '#shared/failure.ts'
import type { Log, LogFields } from './platform.ts'

/** What every host serves and the command line calls: the whole contract, implemented behind the guard. */
export type EngineRouter = Router<Contract, Record<never, never>>

type Door = ImplementerInternalWithMiddlewares<Contract, Record<never, never>, Record<never, never>>

/**
 * The door of the engine: an implementer of the contract whose every procedure, over every wire and in-process, only
 * ever answers as its schema says. Handlers return a `Result`, or are generators that return one.
 *
 * - input that does not fit: `invalid-input` with `field`, `problem` and `count`, and no value
 * - an error thrown, or an answer that does not fit its schema: logged once without its message, `internal` with `id`
 * - the caller left: `cancelled` at once, also when the handler does not listen to its signal
 *
 * A stream that fails ends with that failure as its return value. Keys the schema does not know are stripped.
 */
export function guarded(log: Log): Door {
  return implement(contract).use(async ({ next, path, procedure, signal }, _input, output) => {
    const streams = getEventIteratorSchemaDetails(procedure['~orpc'].outputSchema) !== undefined
    const refuse = (error: unknown) => translate(error, { log, path, signal })
    try {
      const result = await orAborted(Promise.resolve(next()), signal, refuse)
      if (result === aborted) return output(answer(streams, cancelled))
      return streams ? output(guardStream(result.output as Stream, signal, refuse)) : result
    } catch (error) {
      return output(answer(streams, refuse(error)))
    }
  })
}

type Stream = AsyncIterator<unknown, unknown, void>
type Refuse = (error: unknown) => Fail

const aborted = Symbol('aborted')
const cancelled = fail('cancelled', {}, 'now')

function answer(streams: boolean, failure: Fail): unknown {
  return streams ? endingWith(failure) : failure
}

// eslint-disable-next-line require-yield
async function* endingWith(failure: Fail) {
  return failure
}

async function* guardStream(source: Stream, signal: AbortSignal | undefined, refuse: Refuse) {
  let running = true
  const abort = watchAbort(signal)
  try {
    while (true) {
      const step = await abort.orAborted(source.next(), refuse)
      if (step === aborted) return cancelled
      if (step.done) {
        running = false
        return step.value
      }
      yield step.value
    }
  } catch (error) {
    running = false
    return refuse(error)
  } finally {
    abort.end()
    // Not awaited: a generator that waits for something else answers `return` only when that has come.
    if (running) void Promise.resolve(source.return?.()).catch(refuse)
  }
}

/** Settles with `pending`, or at once when the caller leaves; what `pending` throws after that is still looked at. */
async function orAborted<T>(
  pending: Promise<T>,
  signal: AbortSignal | undefined,
  refuse: Refuse,
): Promise<T | typeof aborted> {
  const abort = watchAbort(signal)
  try {
    return await abort.orAborted(pending, refuse)
  } finally {
    abort.end()
  }
}

/** One listener for however many things are waited for, one after the other. */
function watchAbort(signal: AbortSignal | undefined) {
  let onAbort: (() => void) | null = null
  const listener = () => onAbort?.()
  signal?.addEventListener('abort', listener, { once: true })
  return {
    orAborted<T>(pending: Promise<T>, refuse: Refuse): Promise<T | typeof aborted> {
      if (!signal) return pending
      return new Promise((resolve, reject) => {
        onAbort = () => resolve(aborted)
        if (signal.aborted) onAbort()
        pending.then(resolve, error => (signal.aborted ? refuse(error) : reject(error)))
      })
    },
    end: () => signal?.removeEventListener('abort', listener),
  }
}

function translate(
  error: unknown,
  call: { log: Log; path: readonly string[]; signal: AbortSignal | undefined },
): Fail {
  if (call.signal?.aborted && isAbort(error, call.signal)) return cancelled
  if (isInputFailure(error)) return fail('invalid-input', describeIssues(error.cause))
  const id = randomUUID().slice(0, 8)
  call.log.error('bug', { id, procedure: call.path.join('.'), ...describeBug(error) })
  return fail('internal', { id })
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError')
}

function isInputFailure(error: unknown): error is ORPCError<string, unknown> & { cause: ValidationError } {
  return error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError
}

function describeIssues(error: ValidationError): FailureDetail {
  const [first] = error.issues
  const keys = first?.path?.map(part => String(typeof part === 'object' ? part.key : part)) ?? []
  const problem = first && 'code' in first ? String(first.code) : 'invalid'
  return { field: keys.join('.').slice(0, 100), problem, count: error.issues.length }
}

/** Where and what kind, never the message: it may quote a password, an address or a line of mail. */
function describeBug(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error }
  if (error.cause instanceof ValidationError) {
    return { error: 'answer does not fit its schema', ...describeIssues(error.cause) }
  }
  const code = 'code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(error.code)
  const constructorName = error.constructor.name
  return {
    error: constructorName,
    ...(code ? { code: String(error.code) } : {}),
    at: frames(error),
  }
}

function frames(error: Error): string {
  const places = (error.stack ?? '').matchAll(/([\w.-]+\.[cm]?[jt]sx?:\d+:\d+)\)?$/gm)
  return [...places]
    .slice(0, 6)
    .map(place => place[1])
    .join(' < ')
}
