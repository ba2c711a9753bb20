/** Numbers in [0, 1), the same ones for the same keys. */
export type Random = () => number

/** A stream of numbers of its own for each list of keys (sfc32, seeded by FNV-1a and two rounds of murmur3's mix). */
export function randomOf(...keys: readonly (string | number)[]): Random {
  let hash = 0x811c9dc5
  for (const key of keys) {
    const text = typeof key === 'string' ? key : String(key)
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
    }
    // Between keys, so that ('a', 'bc') and ('ab', 'c') differ.
    hash = Math.imul(hash ^ 0x1f, 0x01000193)
  }
  let a = mix(hash)
  let b = mix(a ^ 0x9e3779b9)
  let c = mix(b ^ 0x85ebca6b)
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 4; round += 1) next()
  return next
}

function mix(value: number): number {
  let hash = value ^ (value >>> 16)
  hash = Math.imul(hash, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** A whole number from `least` to `most`, both included. */
export function wholeOf(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

/** One of a list that is not empty. */
export function pickOf<T>(random: Random, values: readonly [T, ...T[]] | readonly T[]): T {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined) throw new Error('Nothing to pick from')
  return value
}

/** A normal deviate by the method of Box and Muller. */
export function normalOf(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
