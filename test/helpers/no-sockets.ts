/**
 * Preloaded into a child process (`node --import`): whatever would open a socket, listen on one or ask a name server ends
 * the process with code 99 and the name of what was called. Pipes to the parent are not made by any of these.
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

forbid(dgram, ['createSocket', 'Socket'], 'dgram')
forbid(net, ['connect', 'createConnection', 'createServer'], 'net')
forbid(net.Socket.prototype, ['connect'], 'net.Socket')
forbid(net.Server.prototype, ['listen'], 'net.Server')
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
  forbid(
    owner,
    [...names].filter(name => asking.test(name)),
    label,
  )
}
forbid(globalThis, ['fetch', 'WebSocket'], 'globalThis')
syncBuiltinESMExports()
