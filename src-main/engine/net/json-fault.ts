const pieces =
  /[{}[\]:,]|"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end'

/**
 * Where a text that `JSON.parse` refuses stops being JSON (RFC 8259), as an offset; its length when it only ends too
 * early. The messages of the parser do not always say.
 */
export function jsonFaultAt(text: string): number {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, pieces.lastIndex)) {
    pieces.lastIndex = at
    const piece = pieces.exec(text)?.[0]
    const next: Expected | null = piece === undefined ? null : step(expected, piece, open)
    if (next === null) return at
    expected = next
  }
  return text.length
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1
  return at
}

/** What may come after this piece, or null when the piece may not stand here. */
function step(expected: Expected, piece: string, open: ('{' | '[')[]): Expected | null {
  const inside = open.at(-1)
  if (piece === '}' || piece === ']') {
    const opener = piece === '}' ? '{' : '['
    const mayEnd = expected === 'comma-or-end' || expected === (piece === '}' ? 'key-or-end' : 'value-or-end')
    if (inside !== opener || !mayEnd) return null
    open.pop()
    return 'comma-or-end'
  }
  if (piece === ',') {
    if (expected !== 'comma-or-end' || inside === undefined) return null
    return inside === '{' ? 'key' : 'value'
  }
  if (piece === ':') return expected === 'colon' ? 'value' : null
  if (expected === 'key' || expected === 'key-or-end') return piece.startsWith('"') ? 'colon' : null
  if (expected !== 'value' && expected !== 'value-or-end') return null
  if (piece !== '{' && piece !== '[') return 'comma-or-end'
  open.push(piece)
  return piece === '{' ? 'key-or-end' : 'value-or-end'
}
