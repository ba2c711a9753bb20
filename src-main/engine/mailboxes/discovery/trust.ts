import { parse as parsePublicSuffix } from 'tldts'
import type { ServerAddress } from '#shared/model/connection.ts'
import type { DistrustReason } from '#shared/model/discovery.ts'
import { isSameProvider } from './providers.ts'

/** The registrable domain a host stands in, by the ICANN section of the public suffix list; null for none. */
export function organisationOf(host: string): string | null {
  return parsePublicSuffix(host, { allowPrivateDomains: false, validateHostname: false }).domain
}

/**
 * Why servers that a domain's records or pages name are not taken without a person's word, null when they are: they are
 * somebody else's, and the domain's own mail does not go there either (RFC 6186 §6), or the password would travel in
 * the clear. `mxHosts` empty for unknown.
 */
export function distrustOf(
  domain: string,
  servers: readonly (ServerAddress | null)[],
  mxHosts: readonly string[],
): DistrustReason | null {
  const given = servers.flatMap(server => server ?? [])
  if (given.some(({ security }) => security === 'plain')) return 'not-encrypted'
  return given.every(({ host }) => isOfDomain(host, domain, mxHosts)) ? null : 'other-organisation'
}

function isOfDomain(host: string, domain: string, mxHosts: readonly string[]): boolean {
  const organisation = organisationOf(host)
  if (organisation === null) return false
  if (organisation === organisationOf(domain)) return true
  return mxHosts.some(mx => organisationOf(mx) === organisation || isSameProvider(host, mx))
}
