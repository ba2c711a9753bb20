/** One verdict, such as `spf=pass smtp.mailfrom=example.com`. */
export type MethodResult = {
  readonly method: string
  readonly result: string
  readonly reason: string | null
  /** `smtp.mailfrom`, `header.d` … and their values. */
  readonly properties: Readonly<Record<string, string>>
}

export type AuthenticationResults = {
  /** Who says so; anybody can write a field, so only that of the own receiver counts (RFC 8601 §5). */
  readonly authservId: string
  readonly results: readonly MethodResult[]
}

const mostResults = 50
const mostTokens = 2_000

type Token = { readonly text: string; readonly quoted: boolean }

/**
 * Reads the value of one Authentication-Results field (RFC 8601 §2.2), unfolded or not. Comments are left out, keywords
 * are lower case. Never throws; null when there is no authserv-id. A part that cannot be read costs only itself.
 */
export function parseAuthenticationResults(text: string): AuthenticationResults | null {
  const [head = [], ...parts] = splitParts(tokensOf(text))
  const authservId = head[0]?.text ?? ''
  if (authservId === '' || authservId === '=') return null
  const results = parts.flatMap(part => readResult(part) ?? []).slice(0, mostResults)
  return { authservId: authservId.toLowerCase(), results }
}

/** Words, quoted strings, `=` and `;`, without comments, which may be nested (RFC 5322 §3.2.2). */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length && tokens.length < mostTokens) {
    const character = text[at] ?? ''
    if (/\s/.test(character)) at++
    else if (character === '(') at = endOfComment(text, at)
    else if (character === '"') {
      const end = endOfQuoted(text, at)
      const inside = text.slice(at + 1, end)
      tokens.push({ text: inside.replace(/\\(.)/gs, '$1').replace(/\r?\n/g, ''), quoted: true })
      at = end + 1
    } else if (character === ';' || character === '=') {
      tokens.push({ text: character, quoted: false })
      at++
    } else {
      let end = at + 1
      while (end < text.length && !/[\s();="]/.test(text[end] ?? '')) end++
      tokens.push({ text: text.slice(at, end), quoted: false })
      at = end
    }
  }
  return tokens
}

function endOfComment(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '\\') at++
    else if (character === '(') depth++
    else if (character === ')' && --depth === 0) return at + 1
  }
  return text.length
}

function endOfQuoted(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at
  }
  return text.length
}

function splitParts(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (!token.quoted && token.text === ';') parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

/** `method = result`, then `reason = value` and `ptype.property = value`; `none` alone is no result. */
function readResult(tokens: readonly Token[]): MethodResult | null {
  const pairs: [string, string][] = []
  for (let at = 0; at + 2 < tokens.length + 1; at++) {
    const [name, equals, value] = tokens.slice(at, at + 3)
    if (name === undefined || value === undefined || equals?.quoted || equals?.text !== '=') continue
    // A value such as `header.b=abc==` has equals signs of its own.
    let end = at + 3
    let whole = value.text
    while (tokens[end] && !tokens[end]?.quoted && tokens[end]?.text === '=') {
      whole += '='
      end++
    }
    pairs.push([name.text.toLowerCase(), whole])
    at = end - 1
  }
  const [first, ...rest] = pairs
  if (first === undefined) return null
  // A method may carry its version: `dkim/1=pass`.
  const method = first[0].split('/')[0] ?? ''
  if (!/^[a-z][a-z0-9-]*$/.test(method) || !/^[a-z]+$/i.test(first[1])) return null
  return {
    method,
    result: first[1].toLowerCase(),
    reason: rest.find(([name]) => name === 'reason')?.[1] ?? null,
    properties: Object.fromEntries(rest.filter(([name]) => name.includes('.'))),
  }
}
