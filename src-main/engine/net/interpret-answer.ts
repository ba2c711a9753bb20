import type { RecordType, Referral, UnavailableReason, ValueOf } from '#shared/model/lookup.ts'
import { limits } from './limits.ts'
import { type Message, type Question, typeCodes } from './message.ts'
import { readRecordData, readSoaMinimum } from './record-data.ts'

type Told = {
  /** The CNAME targets this message led through, in order. */
  readonly aliases: readonly string[]
  readonly ttlS: number
  readonly authenticated: boolean
  readonly authoritative: boolean
}

/** What one message says about a question. `elsewhere`: its aliases lead to a name that must be asked for separately. */
export type Step<T extends RecordType = RecordType> =
  | (Told & { readonly state: 'found'; readonly values: readonly ValueOf[T][] })
  | (Told & { readonly state: 'absent'; readonly reason: 'nxdomain' | 'nodata' })
  | (Told & { readonly state: 'elsewhere' })
  | {
      readonly state: 'unavailable'
      readonly reason: UnavailableReason
      readonly detail: string | null
      readonly referral?: Referral
    }

const rcodeReasons: Readonly<Record<number, UnavailableReason>> = {
  1: 'format-error',
  2: 'servfail',
  4: 'not-implemented',
  5: 'refused',
}

/**
 * Reads the answer to `question` out of a complete message. Aliases are followed inside the message (RFC 1034 §3.6.2);
 * NXDOMAIN belongs to the end of the chain (RFC 6604 §2.1); absence is told from a referral as in RFC 2308 §2.2.
 */
export function interpretAnswer<T extends RecordType>(
  message: Message,
  question: Question & { readonly type: T },
): Step<T> {
  if (message.rcode !== 0 && message.rcode !== 3) {
    const reason = rcodeReasons[message.rcode]
    if (reason) return { state: 'unavailable', reason, detail: message.explanation }
    const words = message.explanation === null ? '' : `, ${message.explanation}`
    return { state: 'unavailable', reason: 'other-rcode', detail: `rcode ${message.rcode}${words}` }
  }
  const chain = followAliases(message, question)
  if ('state' in chain) return chain
  const { authenticated, authoritative } = message
  const told = { aliases: chain.aliases, authenticated, authoritative }
  const values: ValueOf[T][] = []
  let ttlS = chain.ttlS
  const typeCode = typeCodes[question.type]
  for (const record of message.answers) {
    if (record.typeCode !== typeCode || record.owner !== chain.end) continue
    const value = readRecordData(message.bytes, record, question.type)
    if (value === null) return malformed('record-data')
    values.push(value)
    ttlS = Math.min(ttlS, record.ttlS)
  }
  if (values.length > 0) {
    if (message.rcode === 3) return malformed('nxdomain-with-records')
    return { ...told, state: 'found', values, ttlS }
  }
  const soa = message.authority.find(
    record => record.typeCode === typeCodes.SOA && isAtOrAbove(record.owner, chain.end),
  )
  const minimumS = soa === undefined ? 0 : readSoaMinimum(message.bytes, soa)
  if (minimumS === null) return malformed('record-data')
  // RFC 2308 §5: the smaller of the SOA's own TTL and its MINIMUM; without an SOA it must not be cached.
  const negativeTtlS = Math.min(chain.ttlS, soa === undefined ? 0 : Math.min(soa.ttlS, minimumS))
  if (message.rcode === 3) return { ...told, state: 'absent', reason: 'nxdomain', ttlS: negativeTtlS }
  if (soa) return { ...told, state: 'absent', reason: 'nodata', ttlS: negativeTtlS }
  if (chain.aliases.length > 0) return { ...told, state: 'elsewhere', ttlS: chain.ttlS }
  const referral = authoritative ? null : readReferral(message, chain.end)
  if (referral) return { state: 'unavailable', reason: 'refused', detail: 'referral', referral }
  return { ...told, state: 'absent', reason: 'nodata', ttlS: negativeTtlS }
}

/** The nameservers of a zone at or above `name` that the authority section points to; null when it points nowhere. */
function readReferral(message: Message, name: string): Referral | null {
  const records = message.authority.filter(record => record.typeCode === typeCodes.NS)
  const zone = records[0]?.owner
  if (zone === undefined) return null
  const hosts = records.flatMap(record => {
    const host = record.owner === zone ? readRecordData(message.bytes, record, 'NS') : null
    return host === null ? [] : [host]
  })
  return { zone, hosts: isAtOrAbove(zone, name) ? [...new Set(hosts)].toSorted() : [] }
}

type Unusable = Extract<Step, { state: 'unavailable' }>

function malformed(detail: string): Unusable {
  return { state: 'unavailable', reason: 'malformed', detail }
}

function followAliases(
  message: Message,
  question: Question,
): Unusable | { end: string; aliases: string[]; ttlS: number } {
  const aliases: string[] = []
  let end = question.name
  let ttlS = Number.MAX_SAFE_INTEGER
  if (question.type === 'CNAME' || message.answers.length === 0) return { end, aliases, ttlS }
  for (;;) {
    const owner = end
    const record = message.answers.find(
      record => record.typeCode === typeCodes.CNAME && record.owner === owner,
    )
    if (record === undefined) return { end, aliases, ttlS }
    const target = readRecordData(message.bytes, record, 'CNAME')
    if (target === null) return malformed('record-data')
    if (target === question.name || aliases.includes(target) || aliases.length >= limits.dnsAliases) {
      return { state: 'unavailable', reason: 'cname-loop', detail: target }
    }
    aliases.push(target)
    ttlS = Math.min(ttlS, record.ttlS)
    end = target
  }
}

function isAtOrAbove(zone: string, name: string): boolean {
  return zone === '.' || zone === name || name.endsWith(`.${zone}`)
}
