import { afterEach } from 'vitest'
import { type Deadline, startDeadline } from '#engine/net/deadline.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { createResolver, type Resolver, type ServerAddress } from '#engine/net/resolve.ts'
import type { Lookup, RecordType } from '#shared/model/lookup.ts'
import {
  type DnsQuestion,
  type DnsRecord,
  type DnsReply,
  type DnsServer,
  startDnsServer,
} from '../../helpers/dns-server.ts'

const cleanups: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

export async function server(
  script: (question: DnsQuestion) => DnsReply,
  host?: '127.0.0.1' | '::1',
): Promise<DnsServer> {
  const started = await startDnsServer(script, host)
  cleanups.push(started.close)
  return started
}

/** A resolver of the given servers, and `ask` to use it with. */
export function resolverOf(
  servers: readonly ServerAddress[],
  options: { now?: () => number; tryMs?: number } = {},
) {
  const log = createNetworkLog({ now: options.now ?? Date.now })
  const resolver: Resolver = createResolver({ servers, networkLog: log, ...options })
  cleanups.push(resolver.close)
  let sent = 0
  const ask = async <T extends RecordType>(
    name: string,
    type: T,
    asked: {
      deadlineMs?: number
      cancel?: AbortSignal
      fresh?: boolean
      servers?: readonly ServerAddress[]
    } = {},
  ): Promise<Lookup<T>> => {
    const deadline: Deadline = startDeadline(asked.deadlineMs ?? 10_000, asked.cancel)
    try {
      return await resolver.lookup(name, type, {
        deadline,
        purpose: 'audit',
        fresh: asked.fresh ?? false,
        onSent: () => sent++,
        ...(asked.servers ? { servers: asked.servers } : {}),
      })
    } finally {
      deadline.end()
    }
  }
  return { resolver, log, ask, sent: () => sent }
}

export const a = (name: string, data: string, ttl = 300): DnsRecord => ({ name, type: 'A', ttl, data })
export const alias = (name: string, data: string, ttl = 300): DnsRecord => ({
  name,
  type: 'CNAME',
  ttl,
  data,
})
export const soa = (name: string, minimum = 60, ttl = 600): DnsRecord => ({
  name,
  type: 'SOA',
  ttl,
  data: { mname: 'ns.test', rname: 'admin.test', serial: 1, refresh: 2, retry: 3, expire: 4, minimum },
})
