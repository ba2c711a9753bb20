import { createORPCClient } from '@orpc/client'
import { type Fail, fail, type Result } from '#shared/failure.ts'
import type { Hello } from '#shared/model/host.ts'
import { makeCall, wireLost } from './call.ts'
import type { CallContext, Client } from './client.ts'
import { type ClientClock, every, realClock } from './clock.ts'
import { type Link, openLink } from './link.ts'
import type { OpenWire, WireEnd } from './wire.ts'

/**
 * - `connecting`: no answer of the engine yet; calls wait
 * - `open`: calls go through
 * - `away`: the wire is lost and calls fail at once; the next try is, or was begun, at `retryAt` (epoch ms)
 * - `build-differs`: the engine is of another build; the window must reload. Final
 * - `refused`: the engine does not let this window in. Final
 */
export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'open'; hello: Hello }
  | { kind: 'away'; attempt: number; retryAt: number }
  | { kind: 'build-differs' }
  | { kind: 'refused' }

export type Connection = {
  /** Stays the same object for the life of the connection. */
  readonly client: Client
  /** The same object until the next change. */
  state(): ConnectionState
  /** Calls back after each change of state; returns a function that stops it. */
  subscribe(callback: () => void): () => void
  /** Ends it for good: pending and later calls answer `wire-lost`. */
  close(): void
}

export type ConnectionOptions = {
  openWire: OpenWire
  /** Must equal the engine's own, or the connection ends as `build-differs`. */
  build: string
  clock?: ClientClock
}

/** A wire that does not open, and an engine that does not greet. */
const helloMs = 20_000
const heartbeatMs = 10_000
const missesAllowed = 2
const firstRetryMs = 250
const longestRetryMs = 10_000

/** Keeps one connection to the engine, opening it again for as long as that may help. */
export function createConnection(options: ConnectionOptions): Connection {
  const clock = options.clock ?? realClock
  const subscribers = new Set<() => void>()
  const waiting = new Set<(found: Link | Fail) => void>()
  let state: ConnectionState = { kind: 'connecting' }
  let link: Link | null = null
  let attempt = 0
  let stopRetry: (() => void) | null = null

  const enter = (next: ConnectionState, forWaiting: Link | Fail) => {
    state = next
    for (const resolve of waiting) resolve(forWaiting)
    waiting.clear()
    for (const callback of subscribers) callback()
  }

  const connect = () => {
    const stopTimer = clock.after(helloMs, () => opened.close())
    let stopHeartbeat: (() => void) | null = null
    const begin = async () => {
      const greeting = await greet(opened, options.build)
      stopTimer()
      if (opened.ended.aborted) return
      if (!greeting.ok) return stay(greeting.failure.code)
      attempt = 0
      stopHeartbeat = startHeartbeat(opened, clock)
      enter({ kind: 'open', hello: greeting.value }, opened)
    }
    const opened = openLink(options.openWire, clock, {
      onOpen: () => void begin(),
      onEnd: end => {
        stopTimer()
        stopHeartbeat?.()
        onLinkEnd(end)
      },
    })
    link = opened
  }

  /** The engine answered, but does not greet this window. */
  const stay = (code: Fail['failure']['code']) => {
    if (code === 'build-differs') finish({ kind: 'build-differs' }, fail('build-differs'))
    else if (code === 'not-allowed') finish({ kind: 'refused' }, fail('not-allowed'))
    else link?.close()
  }

  const finish = (final: ConnectionState, forWaiting: Fail) => {
    if (isFinal(state)) return
    enter(final, forWaiting)
    link?.close()
  }

  const onLinkEnd = (end: WireEnd) => {
    if (isFinal(state)) return
    if (end === 'refused') return finish({ kind: 'refused' }, fail('not-allowed'))
    attempt += 1
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1)) * (0.5 + clock.random() / 2)
    stopRetry = clock.after(delayMs, connect)
    enter({ kind: 'away', attempt, retryAt: clock.now() + delayMs }, wireLost)
  }

  const findLink = () => {
    if (state.kind === 'open') return link ?? wireLost
    if (state.kind === 'connecting') return new Promise<Link | Fail>(resolve => waiting.add(resolve))
    if (state.kind === 'build-differs') return fail('build-differs')
    if (state.kind === 'refused') return fail('not-allowed')
    return wireLost
  }

  const client: Client = createORPCClient<Client>({
    call: (path, input, { signal, lastEventId, context }: CallOptions) =>
      makeCall({ path, input, signal, lastEventId, timeoutMs: context.timeoutMs }, findLink, clock),
  })

  connect()
  return {
    client,
    state: () => state,
    subscribe: callback => {
      subscribers.add(callback)
      return () => subscribers.delete(callback)
    },
    close: () => {
      stopRetry?.()
      finish({ kind: 'away', attempt, retryAt: Number.POSITIVE_INFINITY }, wireLost)
    },
  }
}

type CallOptions = {
  signal?: AbortSignal | undefined
  lastEventId?: string | undefined
  context: CallContext
}

/** Nothing leads out of it. `away` without a next try is a connection that was closed. */
function isFinal(state: ConnectionState): boolean {
  if (state.kind === 'away') return state.retryAt === Number.POSITIVE_INFINITY
  return state.kind === 'build-differs' || state.kind === 'refused'
}

async function greet(link: Link, build: string): Promise<Result<Hello>> {
  try {
    const answer = (await link.call(['host', 'hello'], { build }, { signal: link.ended })) as Result<Hello>
    return answer.ok && answer.value.build !== build ? fail('build-differs') : answer
  } catch {
    return wireLost
  }
}

/** Asks a quiet engine for a sign of life; the second question in a row without one ends the link. */
function startHeartbeat(link: Link, clock: ClientClock): () => void {
  let missed = 0
  let askedAt: number | null = null
  return every(clock, heartbeatMs, () => {
    missed = askedAt !== null && link.heardAt() < askedAt ? missed + 1 : 0
    if (missed >= missesAllowed) return link.close()
    const quiet = clock.now() - link.heardAt() >= heartbeatMs / 2
    askedAt = quiet ? clock.now() : null
    if (quiet) link.call(['host', 'ping'], undefined, { signal: link.ended }).catch(() => undefined)
  })
}
