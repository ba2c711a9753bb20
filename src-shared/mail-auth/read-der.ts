/** Octets of one DER element: its tag, its content, and where the next element begins. */
type Element = { readonly tag: number; readonly content: Uint8Array; readonly next: number }

const rsaEncryption = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]
const sequenceTag = 0x30
const integerTag = 0x02
const bitStringTag = 0x03
const objectTag = 0x06

/**
 * Bits of the modulus of an RSA public key in DER: a SubjectPublicKeyInfo (RFC 5280 §4.1) or a bare RSAPublicKey
 * (RFC 8017 §A.1.1). Null when it is neither, is cut short, or has something behind it.
 */
export function rsaModulusBits(octets: Uint8Array): number | null {
  const outer = readElement(octets, 0)
  if (outer === null || outer.tag !== sequenceTag || outer.next !== octets.length) return null
  const first = readElement(outer.content, 0)
  if (first === null) return null
  if (first.tag === integerTag) return modulusBits(outer.content)
  if (first.tag !== sequenceTag || !isRsa(first.content)) return null
  const key = readElement(outer.content, first.next)
  if (key === null || key.tag !== bitStringTag || key.next !== outer.content.length || key.content[0] !== 0)
    return null
  const inner = readElement(key.content, 1)
  if (inner === null || inner.tag !== sequenceTag || inner.next !== key.content.length) return null
  return modulusBits(inner.content)
}

function isRsa(algorithm: Uint8Array): boolean {
  const id = readElement(algorithm, 0)
  if (id === null || id.tag !== objectTag || id.content.length !== rsaEncryption.length) return false
  return rsaEncryption.every((octet, index) => id.content[index] === octet)
}

/** `n` and `e`, nothing else, both positive. */
function modulusBits(content: Uint8Array): number | null {
  const modulus = readElement(content, 0)
  if (modulus === null || modulus.tag !== integerTag) return null
  const exponent = readElement(content, modulus.next)
  if (exponent === null || exponent.tag !== integerTag || exponent.next !== content.length) return null
  if (exponent.content.length === 0 || exponent.content.every(octet => octet === 0)) return null
  const isNegative = (modulus.content[0] ?? 0x80) >= 0x80 || (exponent.content[0] ?? 0) >= 0x80
  const start = modulus.content.findIndex(octet => octet !== 0)
  if (isNegative || start === -1) return null
  const highest = modulus.content[start] ?? 0
  return (modulus.content.length - start - 1) * 8 + (32 - Math.clz32(highest))
}

function readElement(octets: Uint8Array, at: number): Element | null {
  const tag = octets[at]
  const first = octets[at + 1]
  if (tag === undefined || first === undefined) return null
  const lengthOctets = first < 0x80 ? 0 : first - 0x80
  // Length octets: none is the indefinite form, which DER forbids; more than 3 would be a key of 16 MiB.
  if (first === 0x80 || lengthOctets > 3) return null
  let length = lengthOctets === 0 ? first : 0
  for (let index = 0; index < lengthOctets; index += 1) length = length * 256 + (octets[at + 2 + index] ?? 0)
  const start = at + 2 + lengthOctets
  const next = start + length
  return next <= octets.length ? { tag, content: octets.subarray(start, next), next } : null
}

/** Octets that the outermost SEQUENCE announces and that are not there; null for octets that begin no SEQUENCE. */
export function derShortfall(octets: Uint8Array): number | null {
  const first = octets[1]
  if (octets[0] !== sequenceTag || first === undefined || first === 0x80 || first > 0x83) return null
  const lengthOctets = first < 0x80 ? 0 : first - 0x80
  if (octets.length < 2 + lengthOctets) return null
  let length = lengthOctets === 0 ? first : 0
  for (let index = 0; index < lengthOctets; index += 1) length = length * 256 + (octets[2 + index] ?? 0)
  return Math.max(0, 2 + lengthOctets + length - octets.length)
}
