/** What each macro letter stands for (RFC 7208 §7.2): `s` the sender, `l` its local part, `o` its domain, … */
export type SpfMacroValues = Readonly<
  Record<'s' | 'l' | 'o' | 'd' | 'i' | 'p' | 'v' | 'h' | 'c' | 'r' | 't', string>
>

const expand = /%(?:([%_-])|\{([slodipvhcrt])(\d*)(r?)([.\-+,/_=]*)\})/gi

/**
 * Expands a macro-string that was checked before (`checkMacroString`): each `%{…}` is split at its delimiters, reversed
 * for `r`, cut to its last parts, joined by dots, and escaped as in a URL when the letter is upper case (RFC 7208 §7.3).
 */
export function expandMacros(text: string, values: SpfMacroValues): string {
  return text.replace(
    expand,
    (
      _whole,
      literal: string | undefined,
      letter: string | undefined,
      count: string,
      reversed: string,
      delimiters: string,
    ) => {
      if (literal !== undefined) return literal === '%' ? '%' : literal === '_' ? ' ' : '%20'
      const lower = (letter ?? '').toLowerCase() as keyof SpfMacroValues
      const value = transform(values[lower], count, reversed !== '', delimiters === '' ? '.' : delimiters)
      return lower === letter ? value : escapeUrl(value)
    },
  )
}

/** Whether a text holds one of these macro letters, in either case. */
export function usesMacro(text: string, letters: string): boolean {
  return [...text.matchAll(expand)].some(([, , letter]) => letters.includes(letter?.toLowerCase() ?? '\0'))
}

function transform(value: string, count: string, reversed: boolean, delimiters: string): string {
  const parts: string[] = []
  let part = ''
  for (const character of value) {
    if (delimiters.includes(character)) {
      parts.push(part)
      part = ''
    } else part += character
  }
  parts.push(part)
  const ordered = reversed ? parts.toReversed() : parts
  return (count === '' ? ordered : ordered.slice(-Number(count))).join('.')
}

/** Everything but the unreserved characters of RFC 3986 §2.3, by octet of its UTF-8 form. */
function escapeUrl(text: string): string {
  return text.replace(/[^A-Za-z0-9\-._~]/gu, character => {
    const isLone = /\p{Cs}/u.test(character)
    return encodeURIComponent(isLone ? '\ufffd' : character).replace(
      /[!'()*]/g,
      plain => `%${plain.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  })
}
