import { decodeBase64 } from './base64.ts'
import { isDkimKey, parseDkimKey } from './parse-dkim-key.ts'
import { derShortfall } from './read-der.ts'

/** What goes wrong when a key record is pasted by hand. */
const dkimPasteFaults = ['quotes', 'backslashes', 'truncated', 'split'] as const
export type DkimPasteFault = (typeof dkimPasteFaults)[number]

export type DkimMend = {
  readonly fault: DkimPasteFault
  /** The record as it should be, or null when a part of the key is missing. */
  readonly expected: string | null
}

/** A TXT string is full at 255 octets (RFC 1035 §3.3); a box that takes no more cuts the key there. */
const fullString = 255

/**
 * Recognises a key record that was damaged on its way into DNS: quotation marks (curly ones too) or backslashes in the value, a
 * key that ends too early, or one whose rest stands in another of the `beside` texts. Null for a record that is usable, and for
 * one that is wrong in another way. Pure.
 */
export function mendDkimKey(text: string, beside: readonly string[] = []): DkimMend | null {
  if (!isDkimKey(text) || isUsable(text)) return null
  const fault = /\\/.test(text) ? 'backslashes' : quotationMarks.test(text) ? 'quotes' : null
  if (fault !== null) {
    const expected = withoutMarks(text)
    if (isUsable(expected)) return { fault, expected }
  }
  for (const rest of beside) {
    const joined = text.trimEnd() + rest.trim()
    if (/^[A-Za-z0-9+/=\s]+;?\s*$/.test(rest) && isUsable(joined)) return { fault: 'split', expected: joined }
  }
  return isCutOff(text) ? { fault: 'truncated', expected: null } : null
}

const quotationMarks = /["'\u00ab\u00bb\u2018-\u201f]/

/** `"` between two pieces of a key is where a zone file changes strings; the space beside it belongs to neither. */
function withoutMarks(text: string): string {
  return text
    .replaceAll(/\\[nrt]/g, '')
    .replaceAll(/\\/g, '')
    .replaceAll(/["'\u00ab\u00bb\u2018-\u201f]+\s*["'\u00ab\u00bb\u2018-\u201f]*/g, '')
    .replaceAll(/;\s*;/g, ';')
    .trim()
}

function isUsable(text: string): boolean {
  const parsed = parseDkimKey(text)
  return parsed.ok && parsed.record.versionValid && parsed.record.key.state === 'usable'
}

function isCutOff(text: string): boolean {
  const parsed = parseDkimKey(text)
  if (!parsed.ok) return false
  const key = parsed.record.tags.find(tag => tag.name === 'p')?.value.replaceAll(/\s+/g, '') ?? ''
  const type = parsed.record.key.type
  if (key === '' || type === 'ed25519' || !/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return false
  if (text.length === fullString || key.length === fullString) return true
  // Whole groups of four letters are enough to read how long the key says it is.
  const octets = decodeBase64(key.slice(0, key.length - (key.length % 4)))
  return octets !== null && (derShortfall(octets) ?? 0) > 0
}
