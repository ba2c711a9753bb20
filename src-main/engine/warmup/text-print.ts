import { createHash } from 'node:crypto'

const dayMs = 24 * 60 * 60_000

/** No text is used twice within this time, and none that is much like one. */
export const textRestMs = 60 * dayMs
/** From this likeness on, the share of common word triples, two texts count as one. */
export const tooAlike = 0.6

const signatureLength = 64
const shingleWords = 3

/** What is kept of a text: enough to know it and its like again, not enough to read it. */
export type TextPrint = {
  readonly hash: string
  /** Signature of its word triples (MinHash, Broder 1997). */
  readonly signature: readonly number[]
  readonly at: number
}

/** The print of a text, without greeting, names or punctuation counting. Pure. */
export function printOf(text: string, at: number): TextPrint {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const signature = Array.from({ length: signatureLength }, () => 0xffff_ffff)
  const last = Math.max(1, words.length - shingleWords + 1)
  for (let index = 0; index < last; index += 1) {
    const base = hashOf(words.slice(index, index + shingleWords).join(' '))
    for (let place = 0; place < signatureLength; place += 1) {
      const value = permute(base, place)
      if (value < (signature[place] ?? 0)) signature[place] = value
    }
  }
  const hash = createHash('sha256').update(words.join(' ')).digest('hex').slice(0, 32)
  return { hash, signature, at }
}

/** How much two texts have in common, 0 to 1, to within about 0.06. */
export function likeness(one: TextPrint, other: TextPrint): number {
  let same = 0
  for (let place = 0; place < signatureLength; place += 1) {
    if (one.signature[place] === other.signature[place]) same += 1
  }
  return same / signatureLength
}

/** Whether a text was used, or one much like it, in the 60 days before `now`. Pure. */
export function isUsed(print: TextPrint, history: readonly TextPrint[], now: number): boolean {
  return history.some(
    earlier =>
      now - earlier.at < textRestMs && (earlier.hash === print.hash || likeness(earlier, print) >= tooAlike),
  )
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** Another order of all 32-bit numbers for each place. */
function permute(value: number, place: number): number {
  let hash = value ^ Math.imul(place + 1, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
