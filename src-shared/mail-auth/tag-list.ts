/** Where a piece of text stands: from `start` up to but not including `end`, in UTF-16 units. */
export type Span = { readonly start: number; readonly end: number }

/** One `name=value` of a tag list; spaces around both are outside their spans. */
export type Tag = {
  readonly name: string
  readonly value: string
  readonly nameSpan: Span
  readonly valueSpan: Span
}

export type TagListReason = 'empty-tag' | 'equals-missing' | 'name-invalid' | 'value-invalid' | 'duplicate'
export type TagListError = Span & { readonly reason: TagListReason; readonly tag: string | null }
export type TagList = { readonly tags: readonly Tag[]; readonly errors: readonly TagListError[] }

export type TagListRules = {
  readonly name: RegExp
  /** Must match a whole value, without the spaces around it. */
  readonly value: RegExp
}

/** RFC 6376 §3.2: folding white space inside a value is allowed, and is not taken out here. */
export const dkimTagRules: TagListRules = {
  name: /^[A-Za-z][A-Za-z0-9_]*$/,
  value: /^[\x21-\x3a\x3c-\x7e \t\r\n]*$/,
}

/** RFC 9989 §4.8. Digits in names are let through, so that an unknown tag is ignored rather than an error. */
export const dmarcTagRules: TagListRules = {
  name: /^[A-Za-z][A-Za-z0-9_]*$/,
  value: /^[\x20-\x3a\x3c-\x7e]+$/,
}

/**
 * Splits `a=1; b=2` as DKIM (RFC 6376 §3.2) and DMARC (RFC 9989 §4.8) write it. Never fails: what is wrong is in
 * `errors`, and the tags that could be read are kept in order, the first one of each name only.
 */
export function readTagList(text: string, rules: TagListRules): TagList {
  const tags: Tag[] = []
  const errors: TagListError[] = []
  const seen = new Set<string>()
  let from = 0
  while (from <= text.length) {
    const semicolon = text.indexOf(';', from)
    const to = semicolon === -1 ? text.length : semicolon
    const span = trimSpan(text, from, to)
    const isLast = semicolon === -1
    from = to + 1
    if (span.start === span.end) {
      if (!isLast) errors.push({ start: span.start, end: to, reason: 'empty-tag', tag: null })
      continue
    }
    const read = readTag(text, span, rules)
    if ('reason' in read) {
      errors.push(read)
    } else if (seen.has(read.name)) {
      errors.push({ ...span, reason: 'duplicate', tag: read.name })
    } else {
      seen.add(read.name)
      tags.push(read)
    }
  }
  return { tags, errors }
}

function readTag(text: string, span: Span, rules: TagListRules): Tag | TagListError {
  const offset = text.slice(span.start, span.end).indexOf('=')
  const equals = span.start + offset
  if (offset === -1) return { ...span, reason: 'equals-missing', tag: null }
  const nameSpan = trimSpan(text, span.start, equals)
  const name = text.slice(nameSpan.start, nameSpan.end)
  if (!rules.name.test(name)) return { ...span, reason: 'name-invalid', tag: name }
  const valueSpan = trimSpan(text, equals + 1, span.end)
  const value = text.slice(valueSpan.start, valueSpan.end)
  if (!rules.value.test(value)) return { ...span, reason: 'value-invalid', tag: name }
  return { name, value, nameSpan, valueSpan }
}

/** The span without the spaces, tabs and line ends at its ends. */
export function trimSpan(text: string, from: number, to: number): Span {
  let start = from
  let end = to
  while (start < end && isSpace(text.charCodeAt(start))) start += 1
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1
  return { start, end }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a
}
