/** Control, format, surrogate, private and line-separating characters: what a record can use to steer a terminal. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu

/** Quick to rule out: every line cites sections (§), which only the one above knows to be harmless. */
const mayBeUnsafe = /[^ -~\xa0-\xac\xae-\xff]/

/** Text from the DNS or from a file, made safe for a terminal: each steering character becomes visible. */
export function printable(text: string): string {
  return text.replace(unsafe, character => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`)
}

/** One JSON value as one line of ASCII-safe controls: the same value when parsed, harmless when shown. */
export function jsonLine(value: unknown): string {
  const plain = JSON.stringify(value)
  if (!mayBeUnsafe.test(plain)) return `${plain}\n`
  const line = plain.replace(unsafe, character =>
    Array.from({ length: character.length }, (_, index) => escapeUnit(character.charCodeAt(index))).join(''),
  )
  return `${line}\n`
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
