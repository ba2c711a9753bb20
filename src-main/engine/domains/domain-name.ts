import { isIP } from 'node:net'
import { domainToASCII, domainToUnicode } from 'node:url'
import { parse as parsePublicSuffix } from 'tldts'
import { fail, ok } from '#shared/failure.ts'
import type { Fail, FailureCode, FailureDetail, Result } from '#shared/failure.ts'

export type DomainName = {
  /** A-labels, lower case, no trailing dot (RFC 5890 §2.3.2.1). */
  readonly name: string
  /** As typed, without surrounding white space and the trailing dot. */
  readonly displayName: string
  /** The registrable domain by the ICANN section of the public suffix list. */
  readonly organisationalDomain: string
  /** `mail.<name>` when the registrable domain itself was typed, else null. */
  readonly suggestion: string | null
}

export type DomainNameFailure = Extract<FailureCode, `domain-${string}`>
type Refusal = Fail<DomainNameFailure>

/** RFC 1035 §2.3.4, without the trailing dot and the root's octet. */
const longestLabel = 63
const longestName = 253
/** Longer than any name typed with a scheme and path in front; stops work on what is no name at all. */
const longestInput = 2_000

/** Full stops that UTS 46 treats as one. */
const dots = /[.\u3002\uff0e\uff61]/u
/** Not part of a word in any script, with the few signs that RFC 5892 appendix A allows inside one. */
const notInWord =
  /[^\p{L}\p{M}\p{N}\p{So}\p{Join_Control}\u00ad\u00b7\u0375\u05f3\u05f4\u200b\u2060\u30fb\ufeff-]/u

/**
 * Reads a mail domain as a person typed it (RFC 1035 §2.3.1, UTS 46). Fails with the code of what is wrong; `detail`
 * holds the facts for the sentence (`label`, `length`, `limit`, `character`, `position` from 1, `suffix`, …) and, where it
 * is obvious, the corrected name as `suggestion`.
 */
export function parseDomainName(input: string): Result<DomainName, DomainNameFailure> {
  const typed = input.trim()
  if (typed === '') return fail('domain-empty')
  if (typed.length > longestInput)
    return fail('domain-too-long', { length: typed.length, limit: longestName })
  const refusal = refuseWrapping(typed)
  if (refusal !== null) return refusal
  return parseBareName(typed)
}

/** What is put around a name: a scheme, a mailbox, a path, a port; and what is an address instead of a name. */
function refuseWrapping(typed: string): Refusal | null {
  const scheme = /^(?:([a-z][a-z0-9+.-]*):)?\/\/(.*)$/is.exec(typed)
  if (scheme) return refuse('domain-has-scheme', { scheme: scheme[1] ?? '' }, afterAt(scheme[2] ?? ''))
  const mailto = /^mailto:(.*)$/is.exec(typed)
  const path = (mailto?.[1] ?? typed).search(/[/\\?#]/)
  const at = typed.lastIndexOf('@')
  if (at >= 0 && (path < 0 || mailto || at < path)) {
    return refuse(
      'domain-is-email',
      {},
      typed
        .slice(at + 1)
        .replace(/[?#].*$/s, '')
        .replace(/[\s>"'),;]+$/, ''),
    )
  }
  const address = typed.replace(/^\[(.*)\](?::\d*)?$/s, '$1')
  if (isIP(address.replace(/\/\d+$/, '')) !== 0) return fail('domain-is-address', { address })
  if (path >= 0) return refuse('domain-has-path', {}, typed.slice(0, path))
  const port = /^(.*):(\d+)$/s.exec(typed)
  if (port && isIP(port[1] ?? '') !== 0) return fail('domain-is-address', { address: port[1] ?? '' })
  if (port) return refuse('domain-has-port', { port: Number(port[2]) }, port[1] ?? '')
  if (/\s/.test(typed)) return refuse('domain-has-space', {}, withoutSpaces(typed))
  return null
}

function parseBareName(typed: string): Result<DomainName, DomainNameFailure> {
  const displayName = typed.replace(/[.\u3002\uff0e\uff61]$/u, '')
  const labels = displayName.split(dots)
  if (labels.some(label => label === '')) {
    return refuse('domain-empty-label', {}, labels.filter(label => label !== '').join('.'))
  }
  const encoded: string[] = []
  let position = 1
  for (const label of labels) {
    const result = encodeLabel(label, position)
    if (!result.ok) return result
    encoded.push(result.value)
    position += [...label].length + 1
  }
  const name = encoded.join('.')
  if (isNumeric(encoded.at(-1) ?? '')) return fail('domain-is-address', { address: name })
  if (name.length > longestName) return fail('domain-too-long', { length: name.length, limit: longestName })
  const { domain } = parsePublicSuffix(name, { allowPrivateDomains: false, validateHostname: false })
  if (domain === null) return fail('domain-is-public-suffix', { suffix: name })
  const suggestion = domain === name && name.length + 5 <= longestName ? `mail.${name}` : null
  return ok({ name, displayName, organisationalDomain: domain, suggestion })
}

/** One label to its A-label. `position` is where it starts in what was typed, in characters from 1. */
function encodeLabel(label: string, position: number): Result<string, DomainNameFailure> {
  const characters = [...label]
  const bad = characters.findIndex(character => notInWord.test(character))
  if (bad >= 0) {
    return fail('domain-bad-character', { character: characters[bad] ?? '', position: position + bad, label })
  }
  if (label.startsWith('-') || label.endsWith('-')) return fail('domain-bad-hyphen', { label })
  const plain = /^[a-z0-9-]+$/i.test(label)
  // A plain label needs no mapping, and one that is far too long must not be taken for a bad IDN.
  const encoded = plain && !/^xn--/i.test(label) ? label.toLowerCase() : encodeIdn(label)
  if (encoded === null) {
    return label.length > longestLabel && plain ? tooLong(label, label) : fail('domain-bad-idn', { label })
  }
  if (encoded.startsWith('-') || encoded.endsWith('-')) return fail('domain-bad-hyphen', { label })
  return encoded.length > longestLabel ? tooLong(label, encoded) : ok(encoded)
}

/** The A-label of a U-label, or of an A-label that decodes; null when UTS 46 refuses it. */
function encodeIdn(label: string): string | null {
  // Beside an ordinary label, or a label of digits would be read as an IPv4 address.
  const encoded = domainToASCII(`${label}.example`).replace(/\.example$/, '')
  if (!/^[a-z0-9-]+$/.test(encoded)) return null
  // An A-label that does not decode comes back from the decoder as it was.
  return encoded.startsWith('xn--') && domainToUnicode(`${encoded}.example`).startsWith('xn--')
    ? null
    : encoded
}

function tooLong(label: string, encoded: string): Refusal {
  return fail('domain-label-too-long', { label, length: encoded.length, limit: longestLabel })
}

function isNumeric(label: string): boolean {
  return /^(?:\d+|0x[0-9a-f]*)$/.test(label)
}

function afterAt(authority: string): string {
  const host = authority.replace(/[/\\?#].*$/s, '')
  return host.slice(host.lastIndexOf('@') + 1)
}

/** The pieces joined, unless two of them are names of their own: then nobody can tell which was meant. */
function withoutSpaces(typed: string): string {
  const pieces = typed.split(/\s+/)
  return pieces.filter(piece => parseDomainName(piece).ok).length > 1 ? '' : pieces.join('')
}

/** A failure that carries the corrected name, when what is left is a name or leads to one. */
function refuse(code: DomainNameFailure, detail: FailureDetail, rest: string): Refusal {
  const corrected = correct(rest)
  return fail(code, corrected === null ? detail : { ...detail, suggestion: corrected })
}

function correct(rest: string): string | null {
  const result = parseDomainName(rest)
  if (result.ok) return result.value.displayName
  const { suggestion } = result.failure.detail
  return typeof suggestion === 'string' ? suggestion : null
}
