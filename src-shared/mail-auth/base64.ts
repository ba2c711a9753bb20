const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const sextets = new Map(Array.from(alphabet, (letter, value) => [letter, value]))

/** Octets of a base64 text (RFC 4648 §4), or null: wrong letters, a wrong length or missing padding. White space is not skipped. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const octets = new Uint8Array((text.length / 4) * 3 - padding)
  let bits = 0
  let held = 0
  let next = 0
  for (const letter of text.slice(0, text.length - padding)) {
    const sextet = sextets.get(letter)
    if (sextet === undefined) return null
    held = ((held << 6) | sextet) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    octets[next] = (held >> bits) & 0xff
    next += 1
  }
  return next === octets.length ? octets : null
}
