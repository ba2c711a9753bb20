import type { Lookup, RecordType, Unavailable, UnavailableReason, ValueOf } from '#shared/model/lookup.ts'
import type { Purpose } from '#shared/model/settings.ts'
import { type Answer, createAnswerCache } from './answer-cache.ts'
import { type Asked, type AskOptions, askServers, type Network, type NoAnswer } from './ask-servers.ts'
import type { Deadline } from './deadline.ts'
import { limits } from './limits.ts'
import type { Question } from './message.ts'
import type { NetworkLog } from './network-log.ts'
import { createNetworkState } from './network-state.ts'
import { formatServerAddress, systemServers } from './server-address.ts'
import { createSharedQuestions, type Joined, type SharedRun } from './shared-questions.ts'
import { createSlots } from './slots.ts'
import { stopOf } from './stop.ts'
import { createTcpTransport } from './tcp.ts'
import { createUdpTransport } from './udp.ts'
import { nameProblem, normaliseName } from './wire-name.ts'

export type ServerAddress = { readonly host: string; readonly port: number }

export type LookupOptions = {
  readonly deadline: Deadline
  readonly purpose: Purpose
  /** Ask these instead of the configured servers. */
  readonly servers?: readonly ServerAddress[]
  /** Ask again although a cached answer is still good: a person pressed "check again". */
  readonly fresh?: boolean
  /** Called for every question that leaves this machine; cached and coalesced ones cost nothing. */
  readonly onSent?: () => void
}

export type Resolver = {
  /** Asks one question. Never throws and never rejects: what went wrong is an `unavailable` answer. */
  lookup<T extends RecordType>(name: string, type: T, options: LookupOptions): Promise<Lookup<T>>
  setServers(servers: readonly ServerAddress[]): void
  servers(): readonly ServerAddress[]
  status(): { queriesInFlight: number; network: 'online' | 'offline' | 'unknown' }
  close(): void
}

type ServerList = { readonly addresses: readonly ServerAddress[]; readonly key: string }

/**
 * A stub resolver with a cache. `servers` defaults to those of the operating system; `now` (epoch milliseconds) ages
 * the cache; `tryMs` is the wait of one try; at most `inFlight` questions are under way at once. Names in answers are lower case without the trailing dot, the root is `.`.
 */
export function createResolver(options: {
  networkLog: NetworkLog
  servers?: readonly ServerAddress[]
  now?: () => number
  tryMs?: number
  inFlight?: number
}): Resolver {
  const network: Network = {
    udp: createUdpTransport(),
    tcp: createTcpTransport(),
    log: options.networkLog,
    state: createNetworkState(),
    tryMs: options.tryMs ?? limits.dnsTryMs,
  }
  const cache = createAnswerCache(options.now ?? Date.now)
  // A fresh question may serve everyone; one that began earlier may not serve those who want it fresh.
  const shared = createSharedQuestions<Asked>()
  const sharedFresh = createSharedQuestions<Asked>()
  const slots = createSlots(options.inFlight ?? limits.dnsInFlight)
  let configured = serverList(options.servers ?? systemServers())
  let closed = false

  /** One question under way, for whoever joins it. */
  const start = async (
    key: string,
    question: Question,
    servers: ServerList,
    run: SharedRun<Asked>,
    options: AskOptions,
  ): Promise<Asked> => {
    const slot = slots.take(run.stop)
    if (slot !== true && !(await slot)) return noAnswer('cancelled')
    try {
      const asked = await askServers(network, servers.addresses, question, run, options)
      if (asked.state !== 'unavailable') cache.put(key, asked)
      return asked
    } finally {
      slots.giveBack()
    }
  }

  /** One name, one type: from the cache, from a question already under way, or from the servers. */
  const ask = (
    name: string,
    type: RecordType,
    servers: ServerList,
    lookup: LookupOptions,
  ): Answer | Promise<Joined<Asked>> => {
    const key = `${type} ${name} ${servers.key}`
    const cached = lookup.fresh ? null : cache.get(key)
    if (cached) return cached
    const questions = lookup.fresh || sharedFresh.has(key) ? sharedFresh : shared
    const options = { purpose: lookup.purpose, onSent: lookup.onSent ?? nothing }
    const isLate = () => lookup.deadline.ended() === 'late'
    return questions.join(key, stopOf(lookup.deadline.signal), isLate, run =>
      start(key, { name, type }, servers, run, options),
    )
  }

  return {
    lookup: async <T extends RecordType>(
      asTyped: string,
      type: T,
      lookup: LookupOptions,
    ): Promise<Lookup<T>> => {
      const name = normaliseName(asTyped)
      const servers = lookup.servers ? serverList(lookup.servers) : configured
      const problem = nameProblem(name)
      if (problem) return unavailable(name, type, noAnswer('malformed', problem))
      if (closed) return unavailable(name, type, noAnswer('cancelled'))
      if (servers.addresses.length === 0) return unavailable(name, type, noAnswer('no-server'))
      const aliases: string[] = []
      let ttlS = Number.MAX_SAFE_INTEGER
      let authenticated = true
      let authoritative = true
      for (;;) {
        if (lookup.deadline.signal.aborted) {
          return unavailable(
            name,
            type,
            noAnswer(lookup.deadline.ended() === 'late' ? 'timeout' : 'cancelled'),
          )
        }
        const from = ask(aliases.at(-1) ?? name, type, servers, lookup)
        const asked = from instanceof Promise ? outcome(await from, lookup.deadline) : from
        if (asked.state === 'unavailable') return unavailable(name, type, asked)
        if (asked.aliases.length > 0) aliases.push(...asked.aliases)
        ttlS = Math.min(ttlS, asked.ttlS)
        authenticated &&= asked.authenticated
        authoritative &&= asked.authoritative
        const { server } = asked
        const end = aliases.at(-1)
        if (
          end !== undefined &&
          (aliases.length > limits.dnsAliases || new Set([name, ...aliases]).size <= aliases.length)
        ) {
          return unavailable(name, type, { ...noAnswer('cname-loop', end), server })
        }
        if (asked.state === 'found') {
          // The values were read for this very type; only the shared map between callers has forgotten it.
          const values = asked.values as readonly ValueOf[T][]
          return { state: 'found', name, type, values, ttlS, server, aliases, authenticated, authoritative }
        }
        if (asked.state === 'absent') {
          const { reason } = asked
          return { state: 'absent', name, type, reason, ttlS, server, aliases, authenticated, authoritative }
        }
        const targetProblem = nameProblem(end ?? '')
        if (targetProblem) return unavailable(name, type, { ...noAnswer('malformed', targetProblem), server })
      }
    },
    setServers: servers => {
      configured = serverList(servers)
    },
    servers: () => configured.addresses,
    status: () => ({
      queriesInFlight: slots.taken(),
      network: network.state.state(configured.addresses.map(formatServerAddress)),
    }),
    close: () => {
      closed = true
      shared.close()
      sharedFresh.close()
      network.udp.close()
      network.tcp.close()
      cache.clear()
    },
  }
}

function nothing(): void {}

function outcome(joined: Joined<Asked>, deadline: Deadline): Asked {
  if (joined.kind === 'done') return joined.value
  return deadline.ended() === 'late' ? (joined.soFar ?? noAnswer('timeout')) : noAnswer('cancelled')
}

function serverList(addresses: readonly ServerAddress[]): ServerList {
  return { addresses, key: addresses.map(formatServerAddress).join(' ') }
}

function noAnswer(reason: UnavailableReason, detail: string | null = null): NoAnswer {
  return { state: 'unavailable', reason, server: null, detail }
}

function unavailable<T extends RecordType>(name: string, type: T, answer: NoAnswer): Unavailable<T> {
  return {
    state: 'unavailable',
    name,
    type,
    reason: answer.reason,
    server: answer.server,
    detail: answer.detail,
    ...(answer.referral ? { referral: answer.referral } : {}),
  }
}
