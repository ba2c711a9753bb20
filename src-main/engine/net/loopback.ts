import { parseIpv4, parseIpv6 } from '#shared/mail-auth/ip-address.ts'

/** Whether a host, as it stands in a URL, is this machine: 127.0.0.0/8, ::1, or `localhost` and what is below it (RFC 6761 §6.3). */
export function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  const quad = parseIpv4(name)
  if (quad !== null) return quad[0] === 127
  const groups = parseIpv6(name)
  return groups !== null && groups.slice(0, 7).every(group => group === 0) && groups[7] === 1
}
