import { limits } from './limits.ts'

/** A domain name as asked for: lower case, no trailing dot, a space as `\032` (RFC 1035 §5.1); the root is `.`. */
export function normaliseName(name: string): string {
  const lowerCase = name.toLowerCase()
  const lower = lowerCase.includes(' ') ? lowerCase.replaceAll(' ', '\\032') : lowerCase
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower
}

export type NameProblem = 'name-empty' | 'name-too-long' | 'label-empty' | 'label-too-long' | 'name-character'

/**
 * Why a normalised name cannot be asked for, or null when it can (RFC 1035 §2.3.4: 63 octets a label, 253 a name in
 * text). Octets outside printable ASCII and escapes are refused, but for the space, which a macro of SPF may bring into a
 * name: else a name from a record or a person never needs them.
 */
export function nameProblem(name: string): NameProblem | null {
  if (name === '.') return null
  if (name === '') return 'name-empty'
  if (name.length > 253) return 'name-too-long'
  if (!/^(?:[!-[\]-~]|\\032)+$/.test(name)) return 'name-character'
  let from = 0
  while (from <= name.length) {
    const dot = name.indexOf('.', from)
    const end = dot === -1 ? name.length : dot
    if (end === from) return 'label-empty'
    if (end - from > 63) return 'label-too-long'
    from = end + 1
  }
  return null
}

/** A name that was read before, and where it stands in the message. */
export type KnownName = { readonly name: string; readonly at: number }

/**
 * Reads a domain name at `offset` (RFC 1035 §4.1.4): lower case, without the trailing dot, odd octets escaped as in
 * RFC 1035 §5.1. `end` is where the message goes on. Null when it leaves the message, is over 255 octets, or its
 * pointers do not lead strictly backwards or are too many. A pointer straight to the `known` name is not read again.
 */
export function readName(
  message: Buffer,
  offset: number,
  known?: KnownName,
): { name: string; end: number } | null {
  if (known !== undefined && pointsTo(message, offset, known.at)) return { name: known.name, end: offset + 2 }
  const labels: string[] = []
  const end = walkName(message, offset, labels)
  return end < 0 ? null : { name: labels.length === 0 ? '.' : labels.join('.'), end }
}

/** Where the name at `offset` ends, or -1 when `readName` would not read it. */
export function nameEnd(message: Buffer, offset: number): number {
  return walkName(message, offset, null)
}

function pointsTo(message: Buffer, offset: number, target: number): boolean {
  return (
    target < offset && message[offset] === (0xc0 | (target >> 8)) && message[offset + 1] === (target & 0xff)
  )
}

function walkName(message: Buffer, offset: number, labels: string[] | null): number {
  let at = offset
  let end = -1
  let fragmentAt = offset
  let octets = 1
  let pointers = 0
  for (;;) {
    const length = message[at]
    if (length === undefined) return -1
    if (length === 0) break
    if (length >= 0xc0) {
      const low = message[at + 1]
      if (low === undefined || ++pointers > limits.dnsNamePointers) return -1
      if (end < 0) end = at + 2
      const target = ((length & 0x3f) << 8) | low
      if (target >= fragmentAt) return -1
      at = target
      fragmentAt = target
      continue
    }
    if (length > 63) return -1
    octets += length + 1
    if (octets > 255 || at + 1 + length > message.length) return -1
    labels?.push(labelAt(message, at + 1, at + 1 + length))
    at += length + 1
  }
  return end < 0 ? at + 1 : end
}

function labelAt(message: Buffer, from: number, to: number): string {
  const octets = message.toString('latin1', from, to)
  for (let at = from; at < to; at++) if (isPlain[message[at] ?? 0] === 0) return labelText(octets)
  return octets
}

/** Octets that stand for themselves in the names of answers. */
const isPlain = Uint8Array.from({ length: 256 }, (_, octet) => {
  const character = String.fromCharCode(octet)
  return /^[!-\-/-@[\]-~]$/.test(character) ? 1 : 0
})

/** One label, its octets as Latin-1 characters, as it stands in the names of answers: lower case, odd octets escaped. */
export function labelText(octets: string): string {
  if (/^[!-\-/-[\]-~]*$/.test(octets)) return octets.toLowerCase()
  let text = ''
  for (const octet of octets) {
    if (octet === '.' || octet === '\\') text += `\\${octet}`
    else if (octet > ' ' && octet < '\x7f') text += octet.toLowerCase()
    else text += `\\${String(octet.charCodeAt(0)).padStart(3, '0')}`
  }
  return text
}
