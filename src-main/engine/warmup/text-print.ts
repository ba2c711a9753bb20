const dayMs = 24 * 60 * 60_000

/** No text is used twice within this time, and none that is much like one. */
export const textRestMs = 60 * dayMs
/** From this likeness on, the share of common word triples, two texts count as one. */
export const tooAlike = 0.6

const signatureLength = 64
const shingleWords = 3
const bitsKept = 2
const valuesPerOctet = 8 / bitsKept
/** Two texts that have nothing in common agree in this share of the bits kept. */
const byChance = 2 ** -bitsKept

/** Octets of a print. */
export const printBytes = signatureLength / valuesPerOctet

/**
 * What is kept of a text: enough to know it and its like again, not enough to read it. The lowest two bits of each value
 * of the signature of its word triples (MinHash, Broder 1997; b-bit minwise hashing, Li and König 2010), so that a pool
 * of hundreds of mailboxes can keep those of two months. The same words always have the same print.
 */
export type TextPrint = Uint8Array

/** The print of a text, without punctuation and the size of letters counting. Pure. */
export function printOf(text: string): TextPrint {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const signature = new Uint32Array(signatureLength).fill(0xffff_ffff)
  const last = Math.max(1, words.length - shingleWords + 1)
  for (let index = 0; index < last; index += 1) {
    const base = hashOf(words.slice(index, index + shingleWords).join(' '))
    for (let place = 0; place < signatureLength; place += 1) {
      const value = permute(base, place)
      if (value < (signature[place] ?? 0)) signature[place] = value
    }
  }
  return printFrom(signature)
}

function printFrom(signature: Uint32Array): TextPrint {
  const print = new Uint8Array(printBytes)
  for (const [place, value] of signature.entries()) {
    const octet = Math.floor(place / valuesPerOctet)
    print[octet] = (print[octet] ?? 0) | ((value % 2 ** bitsKept) << (bitsKept * (place % valuesPerOctet)))
  }
  return print
}

/** How many of the values in two octets agree, by the octet in which they differ. */
const agreeing = Uint8Array.from({ length: 256 }, (_, difference) => {
  let same = 0
  for (let shift = 0; shift < 8; shift += bitsKept) {
    if ((difference >> shift) % 2 ** bitsKept === 0) same += 1
  }
  return same
})

/** How much two texts have in common, 0 to 1, to within about 0.08. `offset` is where the other print begins. */
export function likeness(one: TextPrint, other: Uint8Array, offset = 0): number {
  let same = 0
  for (let place = 0; place < printBytes; place += 1) {
    same += agreeing[(one[place] ?? 0) ^ (other[offset + place] ?? 0)] ?? 0
  }
  return Math.max(0, (same / signatureLength - byChance) / (1 - byChance))
}

/** Whether a text, or one much like it, is among those used; each array holds prints one behind the other. Pure. */
export function isUsed(print: TextPrint, used: readonly Uint8Array[]): boolean {
  return used.some(prints => {
    for (let offset = 0; offset + printBytes <= prints.length; offset += printBytes) {
      if (likeness(print, prints, offset) >= tooAlike) return true
    }
    return false
  })
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
