import { parseIpv4, parseIpv6 } from './ip-address.ts'
import { checkDomainSpec, checkMacroString, hasMacro, type TextCheck } from './spf-domain-spec.ts'
import type { Span } from './tag-list.ts'

export const spfMechanisms = ['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'] as const
export type SpfMechanism = (typeof spfMechanisms)[number]
export type SpfQualifier = '+' | '-' | '~' | '?'

const spfReasons = [
  'bad-character',
  'unknown-mechanism',
  'value-missing',
  'value-not-allowed',
  'modifier-as-mechanism',
  'qualifier-on-modifier',
  'modifier-duplicate',
  'address-invalid',
  'address-family',
  'prefix-length-invalid',
  'domain-invalid',
  'macro-invalid',
  'macro-only-in-exp',
] as const
export type SpfReason = (typeof spfReasons)[number]
export type SpfError = Span & { readonly reason: SpfReason; readonly term: string }

export type SpfDirective = {
  readonly kind: 'directive'
  readonly span: Span
  readonly text: string
  readonly qualifier: SpfQualifier
  readonly mechanism: SpfMechanism
  /** The domain-spec as written, or null where the record's own name is meant. */
  readonly domain: string | null
  /** The domain-spec holds a macro, so only a message can say which name it is. */
  readonly macro: boolean
  /** The address of `ip4` and `ip6`. */
  readonly address: string | null
  readonly prefix4: number | null
  readonly prefix6: number | null
  readonly nameSpan: Span
  readonly valueSpan: Span | null
}
export type SpfModifier = {
  readonly kind: 'modifier'
  readonly span: Span
  readonly text: string
  /** Lower case: `redirect`, `exp`, or one that RFC 7208 §6 says to ignore. */
  readonly name: string
  readonly value: string
  readonly macro: boolean
  readonly nameSpan: Span
  readonly valueSpan: Span
}
export type SpfTerm = SpfDirective | SpfModifier

export type SpfRecord = {
  readonly versionSpan: Span
  /** The terms that could be read, in order; terms with an error are left out. */
  readonly terms: readonly SpfTerm[]
  readonly errors: readonly SpfError[]
}
export type SpfParse =
  | { readonly ok: true; readonly record: SpfRecord }
  | { readonly ok: false; readonly reason: 'not-spf' }

/** Whether a text is an SPF record at all: `v=spf1`, then a space or the end (RFC 7208 §4.5). */
export function isSpf(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text)
}

/**
 * Reads one SPF record (RFC 7208 §4.6.1, §5, §6, §7.1). Never throws. Every error makes the whole record a
 * permanent error for receivers; the terms that could be read are kept, so that their cost can still be shown.
 */
export function parseSpf(text: string): SpfParse {
  if (!isSpf(text)) return { ok: false, reason: 'not-spf' }
  const terms: SpfTerm[] = []
  const errors: SpfError[] = []
  const modifiers = new Set<string>()
  for (const span of splitTerms(text)) {
    const term = readTerm(text, span)
    if ('reason' in term) {
      errors.push(term)
    } else if (term.kind === 'modifier' && isKnownModifier(term.name) && modifiers.has(term.name)) {
      errors.push({ ...span, reason: 'modifier-duplicate', term: term.text })
    } else {
      if (term.kind === 'modifier') modifiers.add(term.name)
      terms.push(term)
    }
  }
  return { ok: true, record: { versionSpan: { start: 0, end: 6 }, terms, errors } }
}

function splitTerms(text: string): Span[] {
  const spans: Span[] = []
  let at = 6
  while (at < text.length) {
    if (text[at] === ' ') {
      at += 1
      continue
    }
    const space = text.indexOf(' ', at)
    const end = space === -1 ? text.length : space
    spans.push({ start: at, end })
    at = end
  }
  return spans
}

function readTerm(text: string, span: Span): SpfTerm | SpfError {
  const term = text.slice(span.start, span.end)
  const error = (reason: SpfReason, where: Span = span): SpfError => ({ ...where, reason, term })
  if (!/^[\x21-\x7e]+$/.test(term)) return error('bad-character')
  const modifier = /^([A-Za-z][A-Za-z0-9._-]*)=/.exec(term)
  if (modifier !== null) return readModifier(text, span, modifier[1] ?? '', error)
  if (/^[+\-~?](?:redirect|exp)=/i.test(term)) return error('qualifier-on-modifier')
  const directive = /^([+\-~?]?)([A-Za-z0-9._-]*)/.exec(term)
  const mark = directive?.[1] ?? ''
  const name = (directive?.[2] ?? '').toLowerCase()
  if (isKnownModifier(name)) return error('modifier-as-mechanism')
  if (!isMechanism(name)) return error('unknown-mechanism')
  const nameSpan = { start: span.start + mark.length, end: span.start + mark.length + name.length }
  const value = readValue(name, text, { start: nameSpan.end, end: span.end })
  if ('reason' in value) return error(value.reason, value.start < value.end ? value : span)
  const qualifier = (mark === '' ? '+' : mark) as SpfQualifier
  return { kind: 'directive', span, text: term, qualifier, mechanism: name, nameSpan, ...value }
}

function readModifier(
  text: string,
  span: Span,
  writtenName: string,
  error: (reason: SpfReason, where?: Span) => SpfError,
): SpfModifier | SpfError {
  const name = writtenName.toLowerCase()
  const nameSpan = { start: span.start, end: span.start + writtenName.length }
  const valueSpan = { start: nameSpan.end + 1, end: span.end }
  if (isKnownModifier(name) && valueSpan.start === valueSpan.end) return error('value-missing')
  const check = isKnownModifier(name)
    ? checkDomainSpec(text, valueSpan.start, valueSpan.end)
    : checkMacroString(text, valueSpan.start, valueSpan.end)
  if (check !== 'ok') return error(check.reason, check)
  const value = text.slice(valueSpan.start, valueSpan.end)
  const term = text.slice(span.start, span.end)
  return { kind: 'modifier', span, text: term, name, value, macro: hasMacro(value), nameSpan, valueSpan }
}

type Value = Pick<SpfDirective, 'domain' | 'macro' | 'address' | 'prefix4' | 'prefix6' | 'valueSpan'>
type ValueError = Span & { readonly reason: SpfReason }
const noValue: Value = {
  domain: null,
  macro: false,
  address: null,
  prefix4: null,
  prefix6: null,
  valueSpan: null,
}

/** Reads what follows the name of a mechanism: `:domain`, `/24//64`, an address, or nothing. */
function readValue(mechanism: SpfMechanism, text: string, rest: Span): Value | ValueError {
  const isBare = rest.start === rest.end
  const hasColon = text[rest.start] === ':'
  if (mechanism === 'all') return isBare ? noValue : { ...rest, reason: 'value-not-allowed' }
  if (!isBare && !hasColon && text[rest.start] !== '/') return { ...rest, reason: 'unknown-mechanism' }
  const value = { start: rest.start + (hasColon ? 1 : 0), end: rest.end }
  if (mechanism === 'ip4' || mechanism === 'ip6') {
    if (!hasColon || value.start === value.end) return { ...rest, reason: 'value-missing' }
    return readAddress(mechanism, text, value)
  }
  const takesPrefix = mechanism === 'a' || mechanism === 'mx'
  const isOptional = takesPrefix || mechanism === 'ptr'
  if (isBare) return isOptional ? noValue : { ...rest, reason: 'value-missing' }
  if (!hasColon && !takesPrefix) return { ...rest, reason: 'value-not-allowed' }
  if (hasColon && value.start === value.end) return { ...rest, reason: 'value-missing' }
  const prefixes = takesPrefix ? readPrefixes(text, value) : { from: value.end, prefix4: null, prefix6: null }
  if ('reason' in prefixes) return prefixes
  const { from, prefix4, prefix6 } = prefixes
  if (!hasColon) {
    const isWhole = from === value.start
    return isWhole
      ? { ...noValue, prefix4, prefix6, valueSpan: value }
      : { ...value, reason: 'prefix-length-invalid' }
  }
  const check: TextCheck = checkDomainSpec(text, value.start, from)
  if (check !== 'ok') return check
  const domain = text.slice(value.start, from)
  return { domain, macro: hasMacro(domain), address: null, prefix4, prefix6, valueSpan: value }
}

function readAddress(mechanism: 'ip4' | 'ip6', text: string, span: Span): Value | ValueError {
  const slash = text.indexOf('/', span.start)
  const end = slash === -1 || slash >= span.end ? span.end : slash
  const address = text.slice(span.start, end)
  const isFour = parseIpv4(address) !== null
  const isSix = parseIpv6(address) !== null
  if (mechanism === 'ip4' ? isSix : isFour) return { ...span, reason: 'address-family' }
  if (!isFour && !isSix) return { ...span, reason: 'address-invalid' }
  const prefix = end === span.end ? null : prefixOf(text.slice(end + 1, span.end), isFour ? 32 : 128)
  if (prefix === undefined) return { start: end, end: span.end, reason: 'prefix-length-invalid' }
  const prefixes = isFour ? { prefix4: prefix, prefix6: null } : { prefix4: null, prefix6: prefix }
  return { domain: null, macro: false, address, ...prefixes, valueSpan: span }
}

/** Finds the dual-cidr-length at the end (RFC 7208 §5.6); a slash inside a macro is no prefix. */
function readPrefixes(
  text: string,
  span: Span,
): { from: number; prefix4: number | null; prefix6: number | null } | ValueError {
  const tail = /(?:\/(\d*))?(?:\/\/(\d*))?$/.exec(text.slice(span.start, span.end))
  const length = tail?.[0].length ?? 0
  const from = span.end - length
  const prefix4 = tail?.[1] === undefined ? null : prefixOf(tail[1], 32)
  const prefix6 = tail?.[2] === undefined ? null : prefixOf(tail[2], 128)
  if (prefix4 === undefined || prefix6 === undefined) {
    return { start: from, end: span.end, reason: 'prefix-length-invalid' }
  }
  return { from, prefix4, prefix6 }
}

function prefixOf(digits: string, longest: number): number | undefined {
  if (!/^(?:0|[1-9]\d{0,2})$/.test(digits)) return undefined
  const prefix = Number(digits)
  return prefix <= longest ? prefix : undefined
}

function isMechanism(name: string): name is SpfMechanism {
  return (spfMechanisms as readonly string[]).includes(name)
}

function isKnownModifier(name: string): boolean {
  return name === 'redirect' || name === 'exp'
}
