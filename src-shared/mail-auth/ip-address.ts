/** The four octets of a dotted quad, or null. No leading zeros, as RFC 7208 §5.6 wants it. */
export function parseIpv4(text: string): readonly number[] | null {
  if (text.length > 15) return null
  const parts = text.split('.')
  if (parts.length !== 4) return null
  const octets = parts.map(part => (/^(?:0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256))
  return octets.every(octet => octet <= 255) ? octets : null
}

/** The eight 16-bit groups of an IPv6 address (RFC 4291 §2.2), or null. No zone, no brackets. */
export function parseIpv6(text: string): readonly number[] | null {
  if (text.length > 45 || !text.includes(':')) return null
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = readGroups(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? readGroups(halves[1] ?? '', true) : []
  if (head === null || tail === null) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 1) return missing === 0 ? head : null
  return missing >= 1 ? [...head, ...Array.from({ length: missing }, () => 0), ...tail] : null
}

/** A dotted quad may stand for the last two groups of the whole address only. */
function readGroups(text: string, mayEndInQuad: boolean): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const quad = mayEndInQuad && index === parts.length - 1 ? parseIpv4(part) : null
      if (quad === null) return null
      const [a = 0, b = 0, c = 0, d = 0] = quad
      groups.push(a * 256 + b, c * 256 + d)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16))
    } else {
      return null
    }
  }
  return groups
}

/**
 * Whether an address cannot be reached from elsewhere on the Internet: this host, loopback, private, link-local,
 * shared, benchmark, multicast and reserved blocks (RFC 6890 §2.2, RFC 6598, RFC 4193). The documentation blocks
 * (RFC 5737, RFC 3849) count as reachable: they stand for public addresses. False for text that is no address.
 */
export function isPrivateAddress(text: string): boolean {
  const quad = parseIpv4(text)
  if (quad !== null) return isPrivateQuad(quad)
  const groups = parseIpv6(text)
  if (groups === null) return false
  const [first = 0, , , , , sixth = 0, seventh = 0, eighth = 0] = groups
  const leadsWithZeros = groups.slice(0, 5).every(group => group === 0)
  if (leadsWithZeros && (sixth === 0xffff || sixth === 0)) {
    if (sixth === 0 && seventh === 0) return eighth <= 1
    return isPrivateQuad([seventh >> 8, seventh & 255, eighth >> 8, eighth & 255])
  }
  return (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || (first & 0xff00) === 0xff00
}

function isPrivateQuad([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true
  if (a === 100) return b >= 64 && b <= 127
  if (a === 169) return b === 254
  if (a === 172) return b >= 16 && b <= 31
  if (a === 192) return b === 168 || (b === 0 && c === 0)
  return a === 198 && (b === 18 || b === 19)
}

/** Whether an address lies in a block written as `192.0.2.0/24` or `2001:db8::/32`; false for what is neither. */
export function isInRange(address: string, range: string): boolean {
  const slash = range.indexOf('/')
  const length = Number(range.slice(slash + 1))
  const [block, own, width] = [range.slice(0, slash), address].every(text => text.includes(':'))
    ? [parseIpv6(range.slice(0, slash)), parseIpv6(address), 16]
    : [parseIpv4(range.slice(0, slash)), parseIpv4(address), 8]
  if (slash < 0 || block === null || own === null || !Number.isInteger(length)) return false
  return block.every((part, index) => {
    const ignored = Math.min(width, Math.max(0, (index + 1) * width - length))
    return part >>> ignored === (own[index] ?? 0) >>> ignored
  })
}
