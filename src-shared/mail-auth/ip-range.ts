import { parseIpv4, parseIpv6 } from './ip-address.ts'

/** An address as its octets: 4 of them, or 16. */
export type IpAddress = { readonly family: 4 | 6; readonly octets: readonly number[] }

/** The addresses that share the first `prefix` bits with `network`. */
export type IpRange = { readonly network: IpAddress; readonly prefix: number }

/** Reads an address as it is written; an IPv4-mapped one stays IPv6. Null for text that is no address. */
export function readIpAddress(text: string): IpAddress | null {
  const quad = parseIpv4(text)
  if (quad !== null) return { family: 4, octets: quad }
  const groups = parseIpv6(text)
  return groups === null
    ? null
    : { family: 6, octets: groups.flatMap(group => [Math.floor(group / 256), group % 256]) }
}

/** The IPv4 address inside an IPv4-mapped one (RFC 4291 §2.5.5.2), which RFC 7208 §5 treats as IPv4; others unchanged. */
export function withoutMapping(address: IpAddress): IpAddress {
  const { family, octets } = address
  const isMapped =
    family === 6 &&
    octets.slice(0, 10).every(octet => octet === 0) &&
    octets[10] === 255 &&
    octets[11] === 255
  return isMapped ? { family: 4, octets: octets.slice(12) } : address
}

/** Whether an address lies in a range; never across families. */
export function isInRange(address: IpAddress, { network, prefix }: IpRange): boolean {
  if (address.family !== network.family) return false
  const whole = Math.floor(prefix / 8)
  for (let index = 0; index < whole; index += 1) {
    if (address.octets[index] !== network.octets[index]) return false
  }
  const rest = prefix % 8
  if (rest === 0) return true
  const mask = 256 - 2 ** (8 - rest)
  return ((address.octets[whole] ?? 0) & mask) === ((network.octets[whole] ?? 0) & mask)
}

/** Whether every address of `inner` lies in `outer`. */
export function coversRange(outer: IpRange, inner: IpRange): boolean {
  return inner.prefix >= outer.prefix && isInRange(inner.network, outer)
}

/** As people write it: dotted, or the short form of RFC 5952. */
export function formatIpAddress({ family, octets }: IpAddress): string {
  if (family === 4) return octets.join('.')
  const groups = groupsOf(octets)
  let best = { start: 0, length: 1 }
  for (let start = 0; start < 8; start += 1) {
    let length = 0
    while (groups[start + length] === 0) length += 1
    if (length > best.length) best = { start, length }
    start += length
  }
  const hex = groups.map(group => group.toString(16))
  if (best.length < 2) return hex.join(':')
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`
}

/** `192.0.2.1`, or for IPv6 its 32 hexadecimal digits, each followed by a dot but the last (RFC 7208 §7.3). */
export function dottedAddress({ family, octets }: IpAddress): string {
  if (family === 4) return octets.join('.')
  return octets
    .flatMap(octet => [octet >> 4, octet & 15])
    .map(digit => digit.toString(16).toUpperCase())
    .join('.')
}

/** The name that the PTR records of an address stand at (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseName(address: IpAddress): string {
  const parts = dottedAddress(address).toLowerCase().split('.').toReversed()
  return `${parts.join('.')}.${address.family === 4 ? 'in-addr' : 'ip6'}.arpa`
}

function groupsOf(octets: readonly number[]): number[] {
  return Array.from(
    { length: 8 },
    (_, index) => (octets[index * 2] ?? 0) * 256 + (octets[index * 2 + 1] ?? 0),
  )
}
