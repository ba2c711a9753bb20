import { isPrivateAddress, parseIpv4, parseIpv6 } from '#shared/mail-auth/ip-address.ts'
import { parseSpf } from '#shared/mail-auth/parse-spf.ts'

/** Ranges up to this many addresses are taken for somebody's own servers; a larger one is a provider's. */
const smallRange = 8

/**
 * The addresses an SPF record itself names as senders, one by one: single hosts, and IPv4 ranges of at most eight
 * addresses. What an include brings belongs to somebody else. Sorted as they stand, at most `most`.
 */
export function sendingAddresses(record: string, most: number): string[] {
  const parsed = parseSpf(record)
  if (!parsed.ok) return []
  const addresses = parsed.record.terms.flatMap(term => {
    if (term.kind !== 'directive' || term.address === null || term.qualifier !== '+') return []
    return term.mechanism === 'ip4'
      ? range4(term.address, term.prefix4 ?? 32)
      : range6(term.address, term.prefix6)
  })
  return [...new Set(addresses)].filter(address => !isPrivateAddress(address)).slice(0, most)
}

function range4(address: string, prefix: number): string[] {
  const quad = parseIpv4(address)
  const size = 2 ** (32 - prefix)
  if (quad === null || size > smallRange) return []
  const [a = 0, b = 0, c = 0, d = 0] = quad
  const first = d - (d % size)
  return Array.from({ length: size }, (_, step) => `${a}.${b}.${c}.${first + step}`)
}

function range6(address: string, prefix: number | null): string[] {
  return (prefix ?? 128) === 128 && parseIpv6(address) !== null ? [address.toLowerCase()] : []
}

/** The name under which an address is looked up backwards (RFC 1035 §3.5, RFC 3596 §2.5); null for text that is no address. */
export function reverseName(address: string): string | null {
  const quad = parseIpv4(address)
  if (quad !== null) return `${quad.toReversed().join('.')}.in-addr.arpa`
  const groups = parseIpv6(address)
  if (groups === null) return null
  const digits = groups.map(group => group.toString(16).padStart(4, '0')).join('')
  return `${[...digits].toReversed().join('.')}.ip6.arpa`
}

/** Whether two texts are one address; IPv6 has many spellings. */
export function isSameAddress(a: string, b: string): boolean {
  const reversed = reverseName(a)
  return reversed !== null && reversed === reverseName(b)
}
