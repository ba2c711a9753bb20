import { fail, type FailureCode, ok, type Result } from '#shared/failure.ts'
import { parseAddress, type ReadDomain } from '#shared/mail-auth/parse-address.ts'
import type { Discovery, DiscoveryEvent } from '#shared/model/discovery.ts'
import type { Ask } from '#shared/model/lookup.ts'
import { startDeadline } from '../../net/deadline.ts'
import { hostAddresses } from '../../net/host-addresses.ts'
import type { Endpoint } from '../../net/https.ts'
import { limits } from '../../net/limits.ts'
import type { NetworkLog } from '../../net/network-log.ts'
import type { Outside } from '../../net/outside.ts'
import type { Resolver } from '../../net/resolve.ts'
import { discoverMailbox } from '../discover.ts'
import { createGreetingProbe } from './probe-greeting.ts'

export type DiscoverySearch = {
  /**
   * Searches within `limits.discoveryMs`; leaving the stream or the signal ends every question. Fails as `parseAddress`
   * does, and with `cancelled`.
   */
  find(
    typed: string,
    asked?: {
      readonly signal?: AbortSignal | undefined
      readonly https?: boolean
      readonly probes?: boolean
    },
  ): AsyncGenerator<DiscoveryEvent, Result<Discovery>, void>
}

/** Discovery on the engine's resolver. `outside` null: nothing beside the resolver is contacted. */
export function createDiscoverySearch(options: {
  readonly resolver: Pick<Resolver, 'lookup'>
  readonly networkLog: NetworkLog
  readonly outside: Pick<Outside, 'https'> | null
  readonly readDomain: ReadDomain<FailureCode>
  /** For tests: whom the probe believes, and where it reaches an address. */
  readonly probing?: {
    readonly ca?: readonly string[]
    readonly endpointOf?: (address: string, port: number) => Endpoint | null
  }
}): DiscoverySearch {
  const { resolver, networkLog, outside, readDomain, probing } = options
  return {
    find: async function* (typed, { signal, https = true, probes = true } = {}) {
      const address = parseAddress(typed, readDomain)
      if (!address.ok) return address
      const leave = new AbortController()
      const deadline = startDeadline(limits.discoveryMs, signal, leave.signal)
      const purpose = 'discovery' as const
      const ask: Ask = (name, type) => resolver.lookup(name, type, { deadline, purpose, fresh: false })
      const addressesOf = (host: string) => hostAddresses(host, ask)
      try {
        const found = yield* discoverMailbox(address.value, {
          ask,
          fetchHttps:
            outside === null || !https
              ? null
              : (url, rule) => outside.https(url, rule, { deadline, purpose, addressesOf }),
          probe:
            outside === null || !probes
              ? null
              : createGreetingProbe({ networkLog, deadline, addressesOf, ...probing }),
          signal: signal ?? leave.signal,
        })
        return signal?.aborted ? fail('cancelled', {}, 'now') : ok(found)
      } finally {
        leave.abort()
        deadline.end()
      }
    },
  }
}
