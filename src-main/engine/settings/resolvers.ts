import { fail, ok, type Result } from '#shared/failure.ts'
import { startDeadline } from '../net/deadline.ts'
import { limits } from '../net/limits.ts'
import type { Resolver, ServerAddress } from '../net/resolve.ts'
import { formatServerAddress, parseServerAddress, systemServers } from '../net/server-address.ts'

/** Servers as typed, in the form they are kept in, each once. The first that cannot be read fails all of them. */
export function normaliseResolvers(texts: readonly string[]): Result<string[], 'resolver-address-invalid'> {
  const servers = new Set<string>()
  for (const [index, text] of texts.entries()) {
    const parsed = parseServerAddress(text)
    if (!parsed.ok) return fail('resolver-address-invalid', { ...parsed.failure.detail, index })
    servers.add(formatServerAddress(parsed.value))
  }
  return ok([...servers])
}

/** Asks these servers from now on; none means those of the operating system. */
export function applyResolvers(resolver: Resolver, texts: readonly string[]): void {
  const servers = texts.flatMap(text => {
    const parsed = parseServerAddress(text)
    return parsed.ok ? [parsed.value] : []
  })
  const wanted = servers.length > 0 ? servers : systemServers()
  if (listOf(wanted) !== listOf(resolver.servers())) resolver.setServers(wanted)
}

export type ResolverTest = {
  server: string
  state: 'answers' | 'unavailable'
  reason: string | null
  tookMs: number
}

/**
 * Asks one server for the root's nameservers, which every resolver can answer and which tells nobody anything. Absent
 * is an answer too; refused is not, for such a server would refuse the audits as well.
 */
export async function testResolver(
  resolver: Resolver,
  text: string,
  signal: AbortSignal | undefined,
): Promise<ResolverTest> {
  const parsed = parseServerAddress(text)
  if (!parsed.ok) return { server: text, state: 'unavailable', reason: parsed.failure.code, tookMs: 0 }
  const deadline = startDeadline(limits.dnsTryMs * limits.dnsTriesPerServer, signal)
  const askedAt = performance.now()
  const answer = await resolver.lookup('.', 'NS', {
    deadline,
    purpose: 'settings-test',
    servers: [parsed.value],
    fresh: true,
  })
  deadline.end()
  const unavailable = answer.state === 'unavailable'
  return {
    server: formatServerAddress(parsed.value),
    state: unavailable ? 'unavailable' : 'answers',
    reason: unavailable ? answer.reason : null,
    tookMs: performance.now() - askedAt,
  }
}

function listOf(servers: readonly ServerAddress[]): string {
  return servers.map(formatServerAddress).join(' ')
}
