/**
 * Preloaded into a child process (`node --import`): whatever would open a socket, listen on one or ask a name server ends
 * the process with code 99 and the name of what was called. Pipes to the parent are not made by any of these. With
 * `LOOPBACK_ONLY` in the environment, TCP from and to 127.0.0.1 is let through, and nothing else.
 */
import dgram from 'node:dgram'
import dns from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'

function forbid(owner: object, names: readonly string[], label: string): void {
  for (const name of names) {
    // Not an arrow: some of these are called with `new`.
    const value: unknown = function forbidden() {
      process.stderr.write(`a socket was used: ${label}.${name}\n`)
      process.exit(99)
    }
    Object.defineProperty(owner, name, { value, configurable: true, writable: true })
  }
}

/**
 * Lets a call through whose address is 127.0.0.1: as a word, or of a name whose look-up, which is ours, gives no other.
 */
function guardAddresses(owner: object, name: string, label: string): void {
  const real: unknown = Reflect.get(owner, name)
  if (typeof real !== 'function') throw new Error(`there is no ${label}.${name}`)
  const value = function guarded(this: unknown, ...args: unknown[]): unknown {
    const addresses = args.flat().flatMap(addressesIn)
    if (addresses.length === 0 || addresses.some(address => address !== '127.0.0.1')) {
      process.stderr.write(`a socket left the loopback: ${label}.${name} ${addresses.join(' ')}\n`)
      process.exit(99)
    }
    return Reflect.apply(real, this, args)
  }
  Object.defineProperty(owner, name, { value, configurable: true, writable: true })
}

function addressesIn(given: unknown): string[] {
  if (typeof given === 'string') return [given]
  if (typeof given !== 'object' || given === null || !('host' in given)) return []
  const { host } = given
  if (!('lookup' in given) || typeof given.lookup !== 'function') return [String(host)]
  const found: string[] = []
  given.lookup(host, { all: true }, (_error: unknown, all: readonly { address: string }[]) =>
    found.push(...all.map(({ address }) => address)),
  )
  return found
}

forbid(dgram, ['createSocket', 'Socket'], 'dgram')
const isLoopbackOpen = process.env['LOOPBACK_ONLY'] !== undefined
if (!isLoopbackOpen) {
  forbid(net, ['connect', 'createConnection', 'createServer'], 'net')
  forbid(net.Socket.prototype, ['connect'], 'net.Socket')
  forbid(net.Server.prototype, ['listen'], 'net.Server')
} else {
  guardAddresses(net.Socket.prototype, 'connect', 'net.Socket')
  guardAddresses(net.Server.prototype, 'listen', 'net.Server')
  guardAddresses(dns, 'lookup', 'dns')
}
forbid(tls, ['connect', 'createServer'], 'tls')
forbid(http, ['request', 'get', 'createServer'], 'http')
forbid(https, ['request', 'get', 'createServer'], 'https')
const asking = /^(?:lookup|resolve|reverse|setServers)/
for (const [owner, label] of [
  [dns, 'dns'],
  [dns.promises, 'dns.promises'],
  // Making one and reading the system's servers from it asks nobody.
  [dns.Resolver.prototype, 'dns.Resolver'],
  [dns.promises.Resolver.prototype, 'dns.promises.Resolver'],
] as const) {
  const names = new Set([...Object.keys(owner), ...Object.keys(Object.getPrototypeOf(owner) ?? {})])
  // A server that listens at an address looks it up, which asks nobody.
  const isLetThrough = (name: string) => owner === dns && name === 'lookup' && isLoopbackOpen
  forbid(
    owner,
    [...names].filter(name => asking.test(name) && !isLetThrough(name)),
    label,
  )
}
forbid(globalThis, ['fetch', 'WebSocket'], 'globalThis')
syncBuiltinESMExports()
