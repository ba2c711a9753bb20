import { decodeBase64 } from './base64.ts'
import { rsaModulusBits } from './read-der.ts'
import { dkimTagRules, readTagList, type Span, type Tag } from './tag-list.ts'

const dkimReasons = [
  'syntax',
  'duplicate-tag',
  'key-missing',
  'base64-invalid',
  'key-not-rsa',
  'ed25519-length',
  'key-type-unknown',
] as const
export type DkimReason = (typeof dkimReasons)[number]
export type DkimError = Span & { readonly reason: DkimReason }

export type DkimKey =
  | { readonly state: 'usable'; readonly type: 'rsa' | 'ed25519'; readonly bits: number }
  /** `p=` is there and empty: the key was withdrawn (RFC 6376 §3.6.1). */
  | { readonly state: 'revoked'; readonly type: 'rsa' | 'ed25519' | null }
  | {
      readonly state: 'invalid'
      readonly type: 'rsa' | 'ed25519' | null
      readonly errors: readonly DkimError[]
    }

export type DkimKeyRecord = {
  readonly tags: readonly Tag[]
  /** `v` as written, or null when it is not there. */
  readonly version: string | null
  /** `v` may be left out; if it is there it is first and exactly `DKIM1`. */
  readonly versionValid: boolean
  readonly key: DkimKey
  /** `h`, lower case, or null when every hash is acceptable. */
  readonly hashes: readonly string[] | null
  readonly services: readonly string[]
  readonly testing: boolean
  /** `t=s`: the identity must be the domain itself, not below it. */
  readonly strict: boolean
  readonly notes: string | null
}
export type DkimKeyParse =
  | { readonly ok: true; readonly record: DkimKeyRecord }
  | { readonly ok: false; readonly reason: 'not-dkim' }

/** Whether a text is meant as a key record: it has the tag `p`, or `v` with something like `DKIM1`. */
export function isDkimKey(text: string): boolean {
  if (/^[\s"]*v\s*=\s*DKIM/i.test(text)) return true
  return /(?:^|[;"\s])p\s*=/i.test(text) && !/^\s*v\s*=\s*(?:spf|dmarc)/i.test(text)
}

/**
 * Reads one DKIM key record (RFC 6376 §3.6.1, RFC 8301, RFC 8463). Never throws. The size of an RSA key is the
 * length of its modulus; that of an Ed25519 key is always 256.
 */
export function parseDkimKey(text: string): DkimKeyParse {
  if (!isDkimKey(text)) return { ok: false, reason: 'not-dkim' }
  const list = readTagList(text, dkimTagRules)
  const tagOf = (name: string) => list.tags.find(tag => tag.name === name)
  const words = (name: string) => {
    const value = tagOf(name)?.value
    return value === undefined
      ? null
      : value.split(':').map(word => word.replace(/[ \t\r\n]+/g, '').toLowerCase())
  }
  const errors: DkimError[] = list.errors
    .filter(error => error.reason !== 'empty-tag')
    .map(({ start, end, reason }) => ({
      start,
      end,
      reason: reason === 'duplicate' ? 'duplicate-tag' : 'syntax',
    }))
  const version = tagOf('v')
  const flags = words('t') ?? []
  return {
    ok: true,
    record: {
      tags: list.tags,
      version: version?.value ?? null,
      versionValid: version === undefined || (version.value === 'DKIM1' && list.tags[0] === version),
      key: readKey(tagOf('p'), tagOf('k'), errors, text.length),
      hashes: words('h'),
      services: words('s') ?? ['*'],
      testing: flags.includes('y'),
      strict: flags.includes('s'),
      notes: tagOf('n')?.value ?? null,
    },
  }
}

function readKey(
  key: Tag | undefined,
  type: Tag | undefined,
  errors: readonly DkimError[],
  length: number,
): DkimKey {
  const written = (type?.value ?? 'rsa').toLowerCase()
  const known = written === 'rsa' || written === 'ed25519' ? written : null
  const invalid = (reason: DkimReason, span: Span): DkimKey => ({
    state: 'invalid',
    type: known,
    errors: [...errors, { ...span, reason }].toSorted((a, b) => a.start - b.start),
  })
  if (key === undefined) {
    return errors.length > 0
      ? { state: 'invalid', type: known, errors }
      : invalid('key-missing', { start: 0, end: length })
  }
  if (errors.length > 0) return { state: 'invalid', type: known, errors }
  const text = key.value.replace(/[ \t\r\n]+/g, '')
  if (text === '') return { state: 'revoked', type: known }
  if (known === null) return invalid('key-type-unknown', type?.valueSpan ?? key.valueSpan)
  const octets = decodeBase64(text)
  if (octets === null) return invalid('base64-invalid', key.valueSpan)
  if (known === 'ed25519') {
    return octets.length === 32
      ? { state: 'usable', type: known, bits: 256 }
      : invalid('ed25519-length', key.valueSpan)
  }
  const bits = rsaModulusBits(octets)
  return bits === null ? invalid('key-not-rsa', key.valueSpan) : { state: 'usable', type: known, bits }
}
