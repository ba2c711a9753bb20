import { Resolver } from 'node:dns'
import { isIP } from 'node:net'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { ServerAddress } from './resolve.ts'

const dnsPort = 53

/**
 * Reads `1.2.3.4`, `1.2.3.4:5353`, `::1` or `[::1]:53`. Fails with `resolver-address-invalid`; `detail.reason` is
 * `empty`, `name` (names would need a resolver to find the resolver), `port` or `syntax`.
 */
export function parseServerAddress(text: string): Result<ServerAddress, 'resolver-address-invalid'> {
  const typed = text.trim()
  const invalid = (reason: 'empty' | 'name' | 'port' | 'syntax') =>
    fail('resolver-address-invalid', { text: typed.slice(0, 100), reason })
  if (typed === '') return invalid('empty')
  if (isIP(typed) !== 0) return ok({ host: typed.toLowerCase(), port: dnsPort })
  const parts = /^\[(?<six>[^\]]*)\](?::(?<sixPort>.*))?$|^(?<four>[^:]*)(?::(?<fourPort>[^:]*))?$/.exec(
    typed,
  )?.groups
  if (!parts) return invalid('syntax')
  const host = parts['six'] ?? parts['four'] ?? ''
  const portText = parts['sixPort'] ?? parts['fourPort'] ?? String(dnsPort)
  if (isIP(host) !== (parts['six'] === undefined ? 4 : 6)) {
    const isName =
      /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(host) && /[a-z]/i.test(host) && /^\d+$/.test(portText)
    return invalid(isName ? 'name' : 'syntax')
  }
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0
  return port >= 1 && port <= 65_535 ? ok({ host: host.toLowerCase(), port }) : invalid('port')
}

/** The shortest form that `parseServerAddress` reads back: the port only when it is not 53. */
export function formatServerAddress(server: ServerAddress): string {
  if (server.port === dnsPort) return server.host
  return server.host.includes(':') ? `[${server.host}]:${server.port}` : `${server.host}:${server.port}`
}

/** The servers the operating system uses at this moment, each once, in its order. */
export function systemServers(): ServerAddress[] {
  const servers = new Map<string, ServerAddress>()
  // A new one reads the system's configuration afresh, which changes when a laptop changes networks.
  for (const text of new Resolver().getServers()) {
    const address = parseServerAddress(text)
    if (address.ok) servers.set(formatServerAddress(address.value), address.value)
  }
  return [...servers.values()]
}
