import type { createResolver, LookupOptions, Resolver, ServerAddress } from '#engine/net/resolve.ts'
import type { Lookup, RecordType, UnavailableReason } from '#shared/model/lookup.ts'
import { type ZoneText, zone } from './zone.ts'

export type ZoneQuestion = {
  readonly name: string
  readonly type: RecordType
  readonly purpose: LookupOptions['purpose']
  readonly fresh: boolean
}

/** The DNS of a test: a literal zone that can be changed, made unavailable, or held back while the engine runs. */
export type TestDns = {
  /** Pass this to `createEngine`. */
  readonly makeResolver: typeof createResolver
  readonly questions: ZoneQuestion[]
  /** The servers that were set last. */
  servers(): readonly ServerAddress[]
  /** Questions that wait for an answer. */
  held(): number
  publish(text: ZoneText): void
  /** From now on every question ends so; null: by the zone again. */
  fail(reason: UnavailableReason | null): void
  /** From now on answers wait until `letGo`, or until whoever asked leaves. */
  hold(): void
  letGo(): void
}

export function testDns(text: ZoneText = {}): TestDns {
  let world = zone(text)
  let failing: UnavailableReason | null = null
  let holding = false
  let servers: readonly ServerAddress[] = []
  const waiting = new Set<() => void>()
  const questions: ZoneQuestion[] = []

  const lookup: Resolver['lookup'] = async (name, type, { deadline, purpose, fresh = false, onSent }) => {
    questions.push({ name, type, purpose, fresh })
    onSent?.()
    if (holding && !deadline.signal.aborted) {
      await new Promise<void>(resolve => {
        const go = () => {
          waiting.delete(go)
          resolve()
        }
        waiting.add(go)
        deadline.signal.addEventListener('abort', go, { once: true })
      })
    }
    if (deadline.signal.aborted)
      return unavailable(name, type, deadline.ended() === 'late' ? 'timeout' : 'cancelled')
    return failing === null ? world.ask(name, type) : unavailable(name, type, failing)
  }

  return {
    makeResolver: ({ networkLog }) => ({
      lookup: (name, type, options) => {
        networkLog.record({
          host: '127.0.0.1',
          port: 53,
          protocol: 'udp',
          purpose: options.purpose,
          failed: failing !== null,
        })
        return lookup(name, type, options)
      },
      setServers: given => {
        servers = given
      },
      servers: () => servers,
      status: () => ({ queriesInFlight: waiting.size, network: 'unknown' }),
      close: () => {},
    }),
    questions,
    servers: () => servers,
    held: () => waiting.size,
    publish: text => {
      world = zone(text)
    },
    fail: reason => {
      failing = reason
    },
    hold: () => {
      holding = true
    },
    letGo: () => {
      holding = false
      for (const go of waiting) go()
    },
  }
}

function unavailable<T extends RecordType>(name: string, type: T, reason: UnavailableReason): Lookup<T> {
  return { state: 'unavailable', name, type, reason, server: null, detail: null }
}
