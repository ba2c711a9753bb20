import type { RecordType } from '#shared/model/lookup.ts'
import { recordTypes } from '#shared/model/lookup.ts'
import type { ZoneProblem, ZoneProblemReason } from '#shared/model/zone-problem.ts'
import { limits } from './limits.ts'
import { typeCodes } from './message.ts'
import type { ZoneRecord } from './zone.ts'
import { checkAliases, type PlacedRecord } from './zone-aliases.ts'
import { readTtl, readZoneData, readZoneName, type ZoneRead } from './zone-data.ts'
import { unreadable, withoutDuplicates, type ZoneFile } from './zone-records.ts'
import { readRoute53 } from './zone-route53.ts'
import { problemAt, type ZoneEntry, zoneEntries, type ZoneToken } from './zone-text.ts'

export type ZoneFileOptions = {
  /** The zone it is for, when the file itself does not say: lower case, no trailing dot. */
  readonly origin?: string | null
}

/** BIND's own fallback is the SOA's minimum; a file without either gets what most providers use. */
const fallbackTtlS = 3_600
const longestTtlS = 0x7fff_ffff

/**
 * Reads a master file (RFC 1035 §5), Cloudflare's and Route 53's exports and pasted `dig` answers. What cannot be
 * read is a problem with its line and column; the name it is about becomes silent (`zone-unreadable`), so that nothing
 * rests on what was left out. A file speaks for the zones whose SOA it holds; without any, for its `$ORIGIN`, the zone
 * that Cloudflare names in a comment, or `options.origin`; a file with none of these only has single records.
 */
export function parseZoneFile(text: string, options: ZoneFileOptions = {}): ZoneFile {
  if (text.length > limits.zoneFileCharacters) return unreadable('master', 'too-large')
  if (text.includes('\0')) return unreadable('master', 'not-text')
  if (/^\uFEFF?\s*[[{]/.test(text)) return readRoute53(text)
  return readMaster(text, options)
}

type State = {
  readonly placed: PlacedRecord[]
  readonly others: { name: string; type: string }[]
  readonly silent: { name: string; type: RecordType | null; reason: 'zone-unreadable' | 'not-in-zone' }[]
  readonly problems: ZoneProblem[]
  origin: string | null
  /** The first origin the file gave, for files without an SOA. */
  stated: string | null
  owner: string | null
  defaultTtlS: number | null
  lastTtlS: number | null
  cloudflareZone: string | null
  /** What `dig` printed: single answers, whatever the file is called. */
  isAnswer: boolean
}

function readMaster(text: string, { origin = null }: ZoneFileOptions): ZoneFile {
  const state: State = {
    placed: [],
    others: [],
    silent: [],
    problems: [],
    origin: writesFullNames(text, origin) ? null : origin,
    stated: origin,
    owner: null,
    defaultTtlS: null,
    lastTtlS: null,
    cloudflareZone: null,
    isAnswer: false,
  }
  let complete = true
  for (const entry of zoneEntries(text)) {
    if (state.problems.length >= limits.zoneProblems || state.placed.length >= limits.zoneRecords) {
      const reason = state.placed.length >= limits.zoneRecords ? 'too-many-records' : 'not-text'
      state.problems.push(problemAt(entry.tokens[0] ?? { line: 1, column: 1 }, reason))
      complete = false
      break
    }
    if (entry.comment !== null && state.placed.length === 0) readHeader(state, entry.comment)
    if (entry.tokens.length > 0 || entry.problem !== null) readOne(state, entry)
  }
  const format = state.cloudflareZone === null ? 'master' : 'cloudflare'
  const checked = checkAliases(state.placed, format)
  const apexes = checked.records.flatMap(record => (record.type === 'SOA' ? [record.name] : []))
  const zones = apexes.length > 0 ? [...new Set(apexes)] : statedZone(state, checked.records)
  return {
    format,
    zones,
    records: withoutDuplicates(checked.records),
    others: state.others,
    silent: [...state.silent, ...checked.silent],
    problems: [...state.problems, ...checked.problems].toSorted(
      (a, b) => a.line - b.line || a.column - b.column,
    ),
    complete,
  }
}

/** Without an SOA: the zone that was named, as long as the records are of it. */
function statedZone({ stated, isAnswer }: State, records: readonly ZoneRecord[]): string[] {
  if (stated === null || isAnswer) return []
  return records.some(({ name }) => name === stated || name.endsWith(`.${stated}`)) ? [stated] : []
}

/** A file whose first owner is the zone itself without the final dot writes all its names out, origin or not. */
function writesFullNames(text: string, origin: string | null): boolean {
  if (origin === null) return false
  const first = /^(?![;$\s])(\S+)/m.exec(text)?.[1]
  return first?.toLowerCase() === origin
}

/** Cloudflare's export names its zone in the comment at its head, and writes the SOA's owner without the final dot. */
function readHeader(state: State, comment: string): void {
  if (/^;+ <<>> DiG /.test(comment)) state.isAnswer = true
  const zone = /^;+\s*Domain:\s*(\S+?)\.?\s*$/i.exec(comment)?.[1]?.toLowerCase()
  if (zone === undefined || state.cloudflareZone !== null) return
  state.cloudflareZone = zone
  state.stated = zone
  state.origin = null
}

function readOne(state: State, entry: ZoneEntry): void {
  const [first] = entry.tokens
  if (first !== undefined && !first.quoted && first.text.startsWith('$') && !entry.blank) {
    return readDirective(state, first, entry)
  }
  const rest = entry.blank ? entry.tokens : entry.tokens.slice(1)
  const owner = entry.blank ? state.owner : readOwner(state, first)
  if (owner === null) {
    if (entry.problem !== null) state.problems.push(entry.problem)
    else if (entry.blank && first !== undefined) state.problems.push(problemAt(first, 'owner-missing'))
    return
  }
  state.owner = owner
  readRecord(state, owner, rest, entry)
}

function readOwner(state: State, token: ZoneToken | undefined): string | null {
  if (token === undefined) return null
  const name = readZoneName(token, state.origin)
  if (name.ok) return name.value
  state.problems.push(problemAt(token, name.reason))
  // The lines below without a name of their own would go to the wrong one.
  state.owner = null
  return null
}

function readDirective(state: State, directive: ZoneToken, entry: ZoneEntry): void {
  const name = directive.text.toUpperCase()
  const [, value, extra] = entry.tokens
  const tell = (reason: ZoneProblemReason, token: ZoneToken = directive) =>
    state.problems.push(problemAt(token, reason))
  if (name === '$INCLUDE') return void tell('include-refused')
  if (name !== '$ORIGIN' && name !== '$TTL') return void tell('directive-unknown')
  if (entry.problem !== null) return void state.problems.push(entry.problem)
  if (value === undefined) return void tell('directive-incomplete')
  if (extra !== undefined) return void tell('data-extra', extra)
  if (name === '$TTL') {
    const ttlS = readTtl(value.text)
    if (ttlS === null) return void tell('data-time', value)
    if (ttlS > longestTtlS) return void tell('ttl-too-large', value)
    state.defaultTtlS = ttlS
    return
  }
  const origin = readZoneName(value, state.origin)
  if (!origin.ok) return void tell(origin.reason, value)
  state.origin = origin.value
  if (origin.value !== '.') state.stated ??= origin.value
}

const knownTypes: ReadonlySet<string> = new Set(recordTypes)
const typesByCode = new Map(Object.entries(typeCodes).map(([type, code]) => [code, type]))
/** Types of the IANA registry, and of providers, that nothing here asks for. */
const otherTypes = new Set(
  `AFSDB APL CDNSKEY CDS CERT CSYNC DHCID DNAME EUI48 EUI64 HINFO HIP HTTPS IPSECKEY KEY KX LOC NAPTR NSEC NSEC3
  NSEC3PARAM OPENPGPKEY RP RRSIG SIG SMIMEA SSHFP SVCB URI X25 ISDN RT NSAP GPOS PX NULL WKS MB MG MR MINFO
  ZONEMD AVC DLV TA CAA ALIAS ANAME URL URL301 REDIRECT`.split(/\s+/),
)
/** They stand for the addresses of another name, which the file does not hold. */
const addressTypes = new Set(['ALIAS', 'ANAME', 'URL', 'URL301', 'REDIRECT'])

function readRecord(state: State, owner: string, tokens: readonly ZoneToken[], entry: ZoneEntry): void {
  const head = readHead(tokens)
  const refuse = (reason: ZoneProblemReason, token: ZoneToken | null, type: RecordType | null) => {
    const at = token ?? entry.tokens.at(-1) ?? { line: 1, column: 1 }
    state.problems.push(problemAt(at, reason))
    state.silent.push({ name: owner, type, reason: 'zone-unreadable' })
  }
  const known = head.ok && knownTypes.has(head.value.type) ? (head.value.type as RecordType) : null
  if (entry.problem !== null) {
    state.problems.push(entry.problem)
    state.silent.push({ name: owner, type: known, reason: 'zone-unreadable' })
    return
  }
  // A misspelt type before a quoted string can hardly be another one than TXT.
  if (!head.ok) return refuse(head.reason, head.token, tokens.some(token => token.quoted) ? 'TXT' : null)
  const { type, ttlS, data } = head.value
  if (ttlS !== null && ttlS > longestTtlS) return refuse('ttl-too-large', tokens[0] ?? null, known)
  if (ttlS !== null) state.lastTtlS = ttlS
  if (known === null) {
    state.others.push({ name: owner, type })
    if (addressTypes.has(type)) {
      for (const address of ['A', 'AAAA'] as const)
        state.silent.push({ name: owner, type: address, reason: 'not-in-zone' })
    }
    return
  }
  const value = readZoneData(known, { tokens: data, origin: state.origin, base: 10 })
  if (!value.ok) return refuse(value.reason, value.token, known)
  const soa = known === 'SOA' ? (value.value as { minimum: number }) : null
  const recordTtlS = ttlS ?? state.defaultTtlS ?? state.lastTtlS ?? soa?.minimum ?? fallbackTtlS
  // RFC 1035 §5.1 takes the last TTL for a record without one; before the first, BIND takes the SOA's minimum.
  if (soa !== null) state.lastTtlS ??= soa.minimum
  const record = { name: ownerOf(state, owner, known), type: known, ttlS: recordTtlS, value: value.value }
  const place = entry.tokens[0] ?? { line: 1, column: 1 }
  state.placed.push({ record: record as ZoneRecord, line: place.line, column: place.column })
}

/** A name written without its final dot in Cloudflare's export is complete all the same. */
function ownerOf(state: State, owner: string, type: RecordType): string {
  return type === 'SOA' && state.cloudflareZone !== null ? state.cloudflareZone : owner
}

type Head = { readonly type: string; readonly ttlS: number | null; readonly data: readonly ZoneToken[] }

/** TTL and class in either order, then the type (RFC 1035 §5.1). Types by number as in RFC 3597 §5. */
function readHead(tokens: readonly ZoneToken[]): ZoneRead<Head> {
  let ttlS: number | null = null
  for (const [index, token] of tokens.entries()) {
    const text = token.text.toUpperCase()
    const seconds: number | null = ttlS === null && !token.quoted ? readTtl(text) : null
    if (seconds !== null) ttlS = seconds
    else if (/^(?:CH|HS|CS|CLASS(?!1$)\d+)$/.test(text)) return { ok: false, reason: 'class-other', token }
    else if (text !== 'IN' && text !== 'CLASS1') {
      const code = /^TYPE(\d{1,5})$/.exec(text)?.[1]
      const type = code === undefined ? text : (typesByCode.get(Number(code)) ?? text)
      const isType = !token.quoted && (code !== undefined || knownTypes.has(type) || otherTypes.has(type))
      return isType
        ? { ok: true, value: { type, ttlS, data: tokens.slice(index + 1) } }
        : { ok: false, reason: 'type-unknown', token }
    }
  }
  return { ok: false, reason: 'type-missing', token: null }
}
