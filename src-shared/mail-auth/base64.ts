const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const notALetter = 0xff
const sextets = new Uint8Array(128).fill(notALetter)
for (let value = 0; value < alphabet.length; value++) sextets[alphabet.charCodeAt(value)] = value

/** Octets of a base64 text (RFC 4648 §4), or null: wrong letters, a wrong length or missing padding. White space is not skipped. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const octets = new Uint8Array((text.length / 4) * 3 - padding)
  let bits = 0
  let held = 0
  let next = 0
  const end = text.length - padding
  for (let at = 0; at < end; at++) {
    const sextet = sextets[text.charCodeAt(at)] ?? notALetter
    if (sextet === notALetter) return null
    held = ((held << 6) | sextet) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    octets[next] = (held >> bits) & 0xff
    next += 1
  }
  return next === octets.length ? octets : null
}
