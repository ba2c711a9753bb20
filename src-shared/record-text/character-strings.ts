/** Octets in one character-string (RFC 1035 §3.3). */
const longestString = 255

/** A TXT value cut into character-strings of at most 255 octets, never inside a character; joined they give the value. */
export function characterStrings(text: string): string[] {
  const parts: string[] = []
  let part = ''
  let octets = 0
  for (const character of text) {
    const length = octetsOf(character)
    if (octets + length > longestString) {
      parts.push(part)
      part = ''
      octets = 0
    }
    part += character
    octets += length
  }
  return [...parts, part]
}

/** UTF-8 octets of one character (RFC 3629 §3). */
function octetsOf(character: string): number {
  const point = character.codePointAt(0) ?? 0
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x1_0000 ? 3 : 4
}

/** The strings in quotes, one after the other, as many value boxes want them. */
export function quotedStrings(text: string): string {
  return characterStrings(text)
    .map(part => `"${part.replaceAll(/["\\]/g, String.raw`\$&`)}"`)
    .join(' ')
}
