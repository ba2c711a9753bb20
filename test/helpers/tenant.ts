import { createNetworkLog } from '#engine/net/network-log.ts'
import { createTenantClient, type TenantClientOptions } from '#engine/sync/tenant-client.ts'
import { ok } from '#shared/failure.ts'
import { createTenantServer, type TenantServer, type TenantServerWishes } from '../lab/tenant-api/server.ts'
import { canary } from './canary.ts'
import { exchangeViolations } from './openapi.ts'

export const tenantToken = canary('tenant-token')

export const never = new AbortController().signal

const servers: TenantServer[] = []

/** A test server with a client of it. `endTenantWorlds` stops it and holds what went over the wire against the document. */
export async function tenantWorld(
  wishes: TenantServerWishes = {},
  options: Partial<TenantClientOptions> = {},
) {
  const server = await createTenantServer({ tenants: { 'tenant-1': tenantToken }, ...wishes })
  servers.push(server)
  return { server, ...tenantClientOf(server, options) }
}

/** Pauses take no time and are noted, and chance always gives the whole span. */
export function tenantClientOf(
  server: Pick<TenantServer, 'url' | 'token' | 'tenantId'>,
  options: Partial<TenantClientOptions> = {},
) {
  const pauses: number[] = []
  const networkLog = createNetworkLog({ now: Date.now })
  const client = createTenantClient({
    connection: () => ({ baseUrl: server.url, tenantId: server.tenantId }),
    readToken: async () => ok(server.token),
    networkLog,
    now: Date.now,
    environment: {},
    random: () => 1,
    pause: async pauseMs => void pauses.push(pauseMs),
    ...options,
  })
  return { client, networkLog, pauses }
}

/** Stops the servers; what kept from the document without being told to is returned. */
export async function endTenantWorlds(): Promise<string[]> {
  const violations: string[] = []
  for (const server of servers.splice(0)) {
    violations.push(...server.requests.filter(one => one.fault === null).flatMap(exchangeViolations))
    await server.stop()
  }
  return violations
}
