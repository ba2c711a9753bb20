import { type ActiveList, activeLists, customList } from '#engine/blacklists/lists.ts'
import type { SelfTests } from '#engine/blacklists/self-test.ts'
import { createSweeper } from '#engine/blacklists/sweep.ts'
import type { Clock } from '#engine/platform.ts'
import type { BlacklistKind, BlacklistReport, ListResult, SelfTest } from '#shared/model/blacklist.ts'
import type { Ask } from '#shared/model/lookup.ts'
import type { Resolver } from '#engine/net/resolve.ts'
import { valueOf } from './engine.ts'

/** A list anyone may run, with the plainest rules. */
export function plainList(zone: string, kinds: readonly BlacklistKind[] = ['ip4']): ActiveList {
  return {
    ...customList({ zone, kinds: [...kinds], weight: 2, delistUrl: `https://${zone}/{target}` }),
    codes: [{ address: '127.0.0.2', says: 'listed', meaning: 'Sends spam.' }],
    queryZone: zone,
    hasKey: false,
  }
}

/** One of the lists Rookery ships. */
export function knownList(zone: string): ActiveList {
  const list = activeLists({ on: [zone], off: [], custom: [] }, {}).find(one => one.zone === zone)
  if (list === undefined) throw new Error(`No list ${zone}.`)
  return list
}

const keyOf = (list: ActiveList, kind: string) => `${list.zone} ${kind}`

export function memorySelfTests(): SelfTests & { readonly kept: Map<string, SelfTest> } {
  const kept = new Map<string, SelfTest>()
  return {
    kept,
    read: (list, kind) => kept.get(keyOf(list, kind)) ?? null,
    keep: (list, test) => void kept.set(keyOf(list, test.kind), test),
  }
}

/** Real time that does not wait: every pause is over at once, and is added to the time that is told. */
export function hastyClock(startAt = Date.UTC(2026, 10, 22, 12)): Clock {
  let now = startAt
  return {
    now: () => now,
    after: (delayMs, callback) => {
      now += delayMs
      const immediate = setImmediate(callback)
      return () => clearImmediate(immediate)
    },
  }
}

function resolverOf(ask: Ask, asked: string[] = []): Resolver {
  return {
    lookup: (name, type) => {
      asked.push(`${type} ${name}`)
      return ask(name, type)
    },
    setServers: () => {},
    servers: () => [{ host: '127.0.0.1', port: 53 }],
    status: () => ({ queriesInFlight: 0, network: 'online' }),
    close: () => {},
  }
}

/** Looks one target up on the lists and returns what each said, by zone. */
export async function lookUp(options: {
  ask: Ask
  lists: readonly ActiveList[]
  target: string
  kind?: BlacklistKind
  asked?: string[]
  selfTests?: SelfTests
  clock?: Clock
}): Promise<Map<string, ListResult>> {
  const { ask, lists, target, kind = 'ip4', asked = [] } = options
  const sweeper = createSweeper({
    resolver: resolverOf(ask, asked),
    clock: options.clock ?? hastyClock(),
    selfTests: options.selfTests ?? memorySelfTests(),
  })
  const stream = sweeper.sweep({
    targets: [{ target, kind, role: 'asked', shared: false }],
    lists,
    signal: new AbortController().signal,
  })
  let report: BlacklistReport | null = null
  while (report === null) {
    const step = await stream.next()
    if (step.done === true) report = valueOf(step.value)
  }
  return new Map(report.targets.flatMap(({ lists }) => lists.map(result => [result.zone, result])))
}
