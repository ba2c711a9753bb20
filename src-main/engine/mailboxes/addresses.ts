import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Purpose } from '#shared/model/settings.ts'
import { codeOf } from '../net/classify.ts'
import type { HostAddresses } from '../net/https.ts'
import type { Resolver } from '../net/resolve.ts'
import type { AddressesOf } from './options.ts'

/**
 * Addresses of mail servers: an IP address is its own, `localhost` is this machine (RFC 6761 §6.3), a name without a dot
 * or under `.local` is asked of the system, which knows the hosts file and mDNS, and any other of our resolver.
 */
export function mailAddresses(resolver: Resolver, purpose: Purpose = 'connection-test'): AddressesOf {
  return async (host, deadline) => {
    const known = withoutAsking(host)
    if (known !== null) return known
    if (!host.includes('.') || host.endsWith('.local')) return systemAddresses(host)
    const options = { deadline, purpose }
    const [four, six] = await Promise.all([
      resolver.lookup(host, 'A', options),
      resolver.lookup(host, 'AAAA', options),
    ])
    const addresses = [four, six].flatMap(answer => (answer.state === 'found' ? answer.values : []))
    if (addresses.length > 0) return { state: 'found', addresses }
    const open = [four, six].find(answer => answer.state === 'unavailable')
    return open?.state === 'unavailable' ? { state: 'unavailable', reason: open.reason } : { state: 'absent' }
  }
}

/** What needs no question: addresses and this machine; null for every other name. */
export function withoutAsking(host: string): HostAddresses | null {
  if (isIP(host) !== 0) return { state: 'found', addresses: [host] }
  return /^(?:.+\.)?localhost$/i.test(host) ? { state: 'found', addresses: ['127.0.0.1', '::1'] } : null
}

async function systemAddresses(host: string): Promise<HostAddresses> {
  try {
    const found = await lookup(host, { all: true })
    return { state: 'found', addresses: found.map(({ address }) => address) }
  } catch (error) {
    return error instanceof Error && codeOf(error) === 'ENOTFOUND'
      ? { state: 'absent' }
      : { state: 'unavailable', reason: 'servfail' }
  }
}
