import { limits } from './limits.ts'

/** A domain name as asked for: lower case, no trailing dot, a space as `\032` (RFC 1035 §5.1); the root is `.`. */
export function normaliseName(name: string): string {
  const lower = name.toLowerCase().replaceAll(' ', '\\032')
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
  for (const label of name.split('.')) {
    if (label === '') return 'label-empty'
    if (label.length > 63) return 'label-too-long'
  }
  return null
}

/**
 * Reads a domain name at `offset` (RFC 1035 §4.1.4): lower case, without the trailing dot, odd octets escaped as in
 * RFC 1035 §5.1. `end` is where the message goes on. Null when it leaves the message, is over 255 octets, or its
 * pointers do not lead strictly backwards or are too many.
 */
export function readName(message: Buffer, offset: number): { name: string; end: number } | null {
  const labels: string[] = []
  let at = offset
  let end = -1
  let fragmentAt = offset
  let octets = 1
  let pointers = 0
  for (;;) {
    const length = message[at]
    if (length === undefined) return null
    if (length === 0) break
    if (length >= 0xc0) {
      const low = message[at + 1]
      if (low === undefined || ++pointers > limits.dnsNamePointers) return null
      if (end < 0) end = at + 2
      const target = ((length & 0x3f) << 8) | low
      if (target >= fragmentAt) return null
      at = target
      fragmentAt = target
      continue
    }
    if (length > 63) return null
    octets += length + 1
    if (octets > 255 || at + 1 + length > message.length) return null
    labels.push(labelText(message.toString('latin1', at + 1, at + 1 + length)))
    at += length + 1
  }
  return { name: labels.length === 0 ? '.' : labels.join('.'), end: end < 0 ? at + 1 : end }
}

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
