import { limits } from './limits.ts'

/** Control, format, surrogate, private and line-separating characters. */
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu
/** Shorter secrets would take ordinary words out of every line. */
const fewestCharacters = 4

/**
 * A server's words as one line that may be shown: no control characters, at most `most` characters, and none of
 * the secrets, not even as the base64 or the quoted string in which they were sent. Lines are read octet by octet, as
 * Latin-1; what was UTF-8 becomes UTF-8 here.
 */
export function evidenceOf(
  words: string,
  secrets: readonly string[],
  most: number = limits.evidenceCharacters,
): string {
  let line = asWritten(words)
  for (const form of secrets.flatMap(formsOf)) line = line.replaceAll(form, '…')
  line = line.replace(steering, ' ').replace(/ {2,}/g, ' ').trim()
  const characters = [...line]
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Octets that stand one for a character, as the text they are; everything else as it is. */
function asWritten(words: string): string {
  if (!/[\u0080-\u00ff]/.test(words) || /[^\0-\u00ff]/.test(words)) return words
  try {
    return utf8.decode(Buffer.from(words, 'latin1'))
  } catch {
    return words
  }
}

function formsOf(secret: string): string[] {
  if (secret.length < fewestCharacters) return []
  const quoted = secret.replace(/["\\]/g, '\\$&')
  // Inside a longer message, such as that of PLAIN, base64 looks different at each of its three offsets.
  const offsets = [0, 1, 2].map(offset => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]).toString('base64')
    const whole = encoded.replace(/=+$/, '')
    return whole.slice(offset === 0 ? 0 : offset + 1, whole.length - (encoded.endsWith('=') ? 1 : 0))
  })
  const forms = [
    secret,
    quoted,
    // A line that is cut within a character, or holds another encoding as well, stays octets.
    Buffer.from(secret).toString('latin1'),
    Buffer.from(quoted).toString('latin1'),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    ...offsets,
  ]
  return [...new Set(forms)]
    .filter(form => form.length >= fewestCharacters)
    .toSorted((a, b) => b.length - a.length)
}
