import type { RecordType, TxtValue, ValueOf } from '#shared/model/lookup.ts'
import type { ZoneProblemReason } from '#shared/model/zone-problem.ts'
import { parseIpv4, parseIpv6 } from '#shared/mail-auth/ip-address.ts'
import { typeCodes } from './message.ts'
import { ipv6Text, octetsText, readRecordData } from './record-data.ts'
import { labelText } from './wire-name.ts'
import type { ZoneToken } from './zone-text.ts'

/** What was read, or why not; `token` is the piece to point at, null for the end of the entry. */
export type ZoneRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: ZoneProblemReason; readonly token: ZoneToken | null }

/** How a file writes what stands behind a backslash: decimal (RFC 1035 §5.1), or octal as Route 53 does. */
export type EscapeBase = 8 | 10

const good = <T>(value: T): ZoneRead<T> => ({ ok: true, value })
const bad = (reason: ZoneProblemReason, token: ZoneToken | null): ZoneRead<never> => ({
  ok: false,
  reason,
  token,
})

/** The octets of a token, one Latin-1 character each; null when an escape is broken (`\300` in decimal, `\` at the end). */
function decodeEscapes(text: string, base: EscapeBase): { octets: string; escaped: boolean[] } | null {
  const octets: string[] = []
  const escaped: boolean[] = []
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? ''
    if (character !== '\\') {
      const point = text.codePointAt(at) ?? 0
      const bytes = point < 0x80 ? character : Buffer.from(String.fromCodePoint(point)).toString('latin1')
      for (const byte of bytes) {
        octets.push(byte)
        escaped.push(false)
      }
      at += point > 0xffff ? 2 : 1
      continue
    }
    const digits = /^\d{3}/.exec(text.slice(at + 1, at + 4))?.[0]
    const code = digits === undefined ? Number.NaN : Number.parseInt(digits, base)
    if (digits !== undefined && (code > 255 || (base === 8 && /[89]/.test(digits)))) return null
    const next = text[at + 1]
    if (digits === undefined && (next === undefined || /\d/.test(next) || next > '~')) return null
    octets.push(digits === undefined ? (next ?? '') : String.fromCharCode(code))
    escaped.push(true)
    at += digits === undefined ? 2 : 4
  }
  return { octets: octets.join(''), escaped }
}

/**
 * Reads a domain name as in a master file (RFC 1035 §5.1): relative to `origin` unless it ends in a dot, `@` for the
 * origin itself. The result is as in answers: lower case, no trailing dot, the root `.`. Without an origin a name with
 * a dot in it counts as complete.
 */
export function readZoneName(
  token: ZoneToken,
  origin: string | null,
  base: EscapeBase = 10,
): ZoneRead<string> {
  if (token.text === '@' && !token.quoted)
    return origin === null ? bad('origin-missing', token) : good(origin)
  if (token.text === '.') return good('.')
  if (token.text === '') return bad('name-empty-label', token)
  const decoded = decodeEscapes(token.text, base)
  if (decoded === null) return bad('escape-broken', token)
  const labels: string[] = []
  let label = ''
  let absolute = false
  for (const [index, octet] of [...decoded.octets].entries()) {
    absolute = octet === '.' && decoded.escaped[index] === false
    if (!absolute) {
      if (octet > '~') return bad('name-character', token)
      label += octet
      continue
    }
    labels.push(label)
    label = ''
  }
  if (!absolute) labels.push(label)
  if (labels.includes('')) return bad('name-empty-label', token)
  if (labels.some(one => one.length > 63)) return bad('name-label-too-long', token)
  const relative = !absolute && (origin !== null || labels.length === 1)
  if (relative && origin === null) return bad('origin-missing', token)
  const below = !relative || origin === null || origin === '.' ? '' : `.${origin}`
  const octets = labels.reduce((sum, one) => sum + one.length + 1, 0) + (below === '' ? 1 : below.length + 1)
  return octets > 255 ? bad('name-too-long', token) : good(labels.map(labelText).join('.') + below)
}

/** Seconds as a number, or in units as `1h30m` (BIND's way); null for anything else. */
export function readTtl(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text)
  if (!/^(?:\d+[wdhms])+$/i.test(text)) return null
  let seconds = 0
  for (const [, count = '', unit = ''] of text.matchAll(/(\d+)([wdhms])/gi)) {
    seconds += Number(count) * (unitSeconds[unit.toLowerCase()] ?? 0)
  }
  return seconds
}

const unitSeconds: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 }

type Reader = {
  readonly tokens: readonly ZoneToken[]
  readonly origin: string | null
  readonly base: EscapeBase
}

/** Reads the data of a record of one type from the pieces after its type, all of them. */
export function readZoneData<T extends RecordType>(type: T, reader: Reader): ZoneRead<ValueOf[T]> {
  const [first] = reader.tokens
  if (first === undefined) return bad('data-missing', null)
  if (first.text === '\\#' && !first.quoted) return readGeneric(type, reader.tokens)
  const read: (reader: Reader) => ZoneRead<ValueOf[T]> = readers[type]
  return read(reader)
}

const readers: { readonly [T in RecordType]: (reader: Reader) => ZoneRead<ValueOf[T]> } = {
  A: ({ tokens }) => {
    const [token, extra] = tokens
    const quad = token === undefined ? null : parseIpv4(token.text)
    if (token === undefined || quad === null) return bad('data-address', token ?? null)
    return extra === undefined ? good(quad.join('.')) : bad('data-extra', extra)
  },
  AAAA: ({ tokens }) => {
    const [token, extra] = tokens
    const groups = token === undefined ? null : parseIpv6(token.text)
    if (token === undefined || groups === null) return bad('data-address', token ?? null)
    return extra === undefined ? good(ipv6Text(groups)) : bad('data-extra', extra)
  },
  CNAME: readOneName,
  NS: readOneName,
  PTR: readOneName,
  MX: reader => {
    const fields = readFields(reader, [number(0xffff), 'name'])
    return fields.ok
      ? good({ preference: fields.value.numbers[0] ?? 0, exchange: fields.value.names[0] ?? '' })
      : fields
  },
  SOA: reader => {
    const fields = readFields(reader, ['name', 'name', number(0xffff_ffff), 'time', 'time', 'time', 'time'])
    if (!fields.ok) return fields
    const [mname = '', rname = ''] = fields.value.names
    const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = fields.value.numbers
    return good({ mname, rname, serial, refresh, retry, expire, minimum })
  },
  TXT: readStrings,
  SPF: readStrings,
  CAA: reader => {
    const fields = readFields(reader, [number(255), 'word', 'text'])
    if (!fields.ok) return fields
    const [tag = '', value = ''] = fields.value.texts
    return good({ flags: fields.value.numbers[0] ?? 0, tag: tag.toLowerCase(), value })
  },
  TLSA: reader => {
    const fields = readFields(reader, [number(255), number(255), number(255), 'hex'])
    if (!fields.ok) return fields
    const [usage = 0, selector = 0, matchingType = 0] = fields.value.numbers
    return good({ usage, selector, matchingType, certificateHex: fields.value.texts[0] ?? '' })
  },
  DS: reader => {
    const fields = readFields(reader, [number(0xffff), number(255), number(255), 'hex'])
    if (!fields.ok) return fields
    const [keyTag = 0, algorithm = 0, digestType = 0] = fields.value.numbers
    return good({ keyTag, algorithm, digestType, digestHex: fields.value.texts[0] ?? '' })
  },
  DNSKEY: reader => {
    const fields = readFields(reader, [number(0xffff), number(255), number(255), 'base64'])
    if (!fields.ok) return fields
    const [flags = 0, , algorithm = 0] = fields.value.numbers
    return good({ flags, algorithm, keyBase64: fields.value.texts[0] ?? '' })
  },
  SRV: reader => {
    const fields = readFields(reader, [number(0xffff), number(0xffff), number(0xffff), 'name'])
    if (!fields.ok) return fields
    const [priority = 0, weight = 0, port = 0] = fields.value.numbers
    return good({ priority, weight, port, target: fields.value.names[0] ?? '' })
  },
}

type Field = 'name' | 'time' | 'word' | 'text' | 'hex' | 'base64' | { readonly most: number }
type Fields = { readonly names: string[]; readonly numbers: number[]; readonly texts: string[] }

function number(most: number): Field {
  return { most }
}

/** Reads one piece for each field; `hex` and `base64` take all that are left, as long data may be broken up. */
function readFields({ tokens, origin, base }: Reader, fields: readonly Field[]): ZoneRead<Fields> {
  const read: Fields = { names: [], numbers: [], texts: [] }
  for (const [index, field] of fields.entries()) {
    const token = tokens[index]
    if (token === undefined) return bad('data-missing', null)
    if (field === 'hex' || field === 'base64') {
      const text = tokens
        .slice(index)
        .map(one => one.text)
        .join('')
      const isRight = field === 'hex' ? /^(?:[\da-f]{2})+$/i.test(text) : /^[A-Za-z0-9+/]+={0,2}$/.test(text)
      if (!isRight) return bad(field === 'hex' ? 'data-hex' : 'data-base64', token)
      read.texts.push(field === 'hex' ? text.toLowerCase() : Buffer.from(text, 'base64').toString('base64'))
      return good(read)
    }
    if (field === 'name') {
      const name = readZoneName(token, origin, base)
      if (!name.ok) return name
      read.names.push(name.value)
    } else if (field === 'word' || field === 'text') {
      const decoded = decodeEscapes(token.text, base)
      if (decoded === null) return bad('escape-broken', token)
      read.texts.push(octetsText(Buffer.from(decoded.octets, 'latin1')))
    } else if (field === 'time') {
      const seconds = readTtl(token.text)
      if (seconds === null || seconds > 0xffff_ffff) return bad('data-time', token)
      read.numbers.push(seconds)
    } else {
      const value = /^\d{1,10}$/.test(token.text) ? Number(token.text) : Number.NaN
      if (!(value <= field.most)) return bad('data-number', token)
      read.numbers.push(value)
    }
  }
  const extra = tokens[fields.length]
  return extra === undefined ? good(read) : bad('data-extra', extra)
}

function readOneName(reader: Reader): ZoneRead<string> {
  const fields = readFields(reader, ['name'])
  return fields.ok ? good(fields.value.names[0] ?? '') : fields
}

/** Each piece is one character-string of at most 255 octets (RFC 1035 §3.3). */
function readStrings({ tokens, base }: Reader): ZoneRead<TxtValue> {
  const strings: string[] = []
  for (const token of tokens) {
    const decoded = decodeEscapes(token.text, base)
    if (decoded === null) return bad('escape-broken', token)
    if (decoded.octets.length > 255) return bad('string-too-long', token)
    strings.push(octetsText(Buffer.from(decoded.octets, 'latin1')))
  }
  return good({ strings })
}

/** `\# 4 0a000001`: the data of any type in hexadecimal (RFC 3597 §5). */
function readGeneric<T extends RecordType>(type: T, tokens: readonly ZoneToken[]): ZoneRead<ValueOf[T]> {
  const [, length, ...rest] = tokens
  const hex = rest.map(token => token.text).join('')
  if (length === undefined) return bad('data-missing', null)
  if (!/^(?:[\da-f]{2})*$/i.test(hex)) return bad('data-hex', rest[0] ?? null)
  const octets = Buffer.from(hex, 'hex')
  if (length.text !== String(octets.length) || octets.length > 65_535) return bad('data-length', length)
  const value = readRecordData(
    octets,
    { owner: '', typeCode: typeCodes[type], ttlS: 0, dataAt: 0, dataEnd: octets.length },
    type,
  )
  return value === null ? bad('data-length', length) : good(value)
}
