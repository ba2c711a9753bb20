import { isPrivateAddress, parseIpv4, parseIpv6 } from '#shared/mail-auth/ip-address.ts'

/**
 * Whether an address that stands in somebody's DNS may be connected to: a public one. A record that names this machine or
 * the network behind it must not make us knock there, and at the documentation blocks (RFC 5737, 3849, 9637) nobody is.
 */
export function isContactable(address: string): boolean {
  if (isPrivateAddress(address)) return false
  const quad = parseIpv4(address)
  if (quad !== null) return !documentationBlocks.has(quad.slice(0, 3).join('.'))
  const groups = parseIpv6(address)
  if (groups === null) return false
  const [first = 0, second = 0] = groups
  return !(first === 0x2001 && second === 0xdb8) && !(first === 0x3fff && second < 0x1000)
}

const documentationBlocks: ReadonlySet<string> = new Set(['192.0.2', '198.51.100', '203.0.113'])
