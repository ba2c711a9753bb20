import { parseIpv4, isPrivateAddress } from '#shared/mail-auth/ip-address.ts'
import type {
  Blacklist,
  BlacklistCode,
  BlacklistReason,
  BlacklistWeight,
  ListingState,
  SelfTest,
} from '#shared/model/blacklist.ts'
import type { Lookup, UnavailableReason } from '#shared/model/lookup.ts'

/** What the addresses of one answer say, before anything is known about the list's health. */
export type Said =
  | {
      readonly kind: 'entry'
      readonly says: 'listed' | 'allowed' | 'neutral'
      readonly meaning: string
      readonly weight: BlacklistWeight
    }
  | { readonly kind: 'refused'; readonly reason: BlacklistReason; readonly meaning: string | null }
  | { readonly kind: 'outside'; readonly local: boolean }
  | { readonly kind: 'loopback-one' }
  | { readonly kind: 'undocumented' }

export type ListRules = Pick<Blacklist, 'codes' | 'weight'>

export type Reading = {
  readonly state: ListingState
  readonly codes: readonly string[]
  readonly meaning: string | null
  readonly reason: BlacklistReason | UnavailableReason | null
  readonly weight: BlacklistWeight
}

export type Health = Pick<SelfTest, 'state' | 'reason'>

/**
 * What one answer of a list means for the target that was asked about (RFC 5782 §2.1 and §5, and each list's own codes).
 * `health` is how the list passed its test through the same resolver: unless it passed, its answers mean nothing.
 * `rewrites` tells whether the resolver makes up answers for names that do not exist; null when that is not known.
 * `listed` comes only from a documented code of a list that passed. Pure.
 */
export function interpretListing(
  list: ListRules,
  health: Health,
  answer: Lookup<'A'>,
  rewrites: boolean | null,
): Reading {
  const nothing = { codes: [], meaning: null, weight: list.weight }
  if (health.state !== 'passed') {
    return { ...nothing, state: health.state, reason: (health.reason ?? null) as Reading['reason'] }
  }
  if (answer.state === 'unavailable') return { ...nothing, state: 'unavailable', reason: answer.reason }
  if (answer.state === 'absent') {
    return health.reason === 'no-test-entry'
      ? { ...nothing, state: 'unavailable', reason: 'no-test-entry' }
      : { ...nothing, state: 'not-listed', reason: null }
  }
  const codes = [...new Set(answer.values)].toSorted()
  const said = readAddresses(list, codes)
  const base = { ...nothing, codes }
  switch (said.kind) {
    case 'entry': {
      const { says, meaning, weight } = said
      if (says === 'listed') return { codes, state: 'listed', meaning, reason: null, weight }
      return { ...base, state: 'not-listed', meaning, reason: null }
    }
    case 'refused':
      return { ...base, state: 'refused', meaning: said.meaning, reason: said.reason }
    case 'outside':
      return { ...base, ...madeUp(said.local, rewrites) }
    case 'loopback-one':
      return { ...base, state: 'tampering', reason: 'loopback-one' }
    case 'undocumented':
      return { ...base, state: 'unavailable', reason: 'undocumented-code' }
  }
}

/** Who answered with an address that no list gives: something on the way, or whoever owns the list's name now. */
export function madeUp(
  local: boolean,
  rewrites: boolean | null,
): { state: 'tampering' | 'dead-zone'; reason: BlacklistReason } {
  if (rewrites === true) return { state: 'tampering', reason: 'resolver-rewrites' }
  if (local || rewrites === null) return { state: 'tampering', reason: 'answer-outside-loopback' }
  return { state: 'dead-zone', reason: 'parked' }
}

/** Whether telling a rewriting resolver from a parked zone needs a look at a name that does not exist. */
export function needsControl(answer: Lookup<'A'>): boolean {
  return (
    answer.state === 'found' && answer.values.some(value => !isLoopback(value) && !isPrivateAddress(value))
  )
}

/**
 * Reads the addresses of one answer. One that is no list's answer spoils all of it; then a refusal counts, then an entry
 * that harms, then any other entry. An address nobody documented says nothing.
 */
export function readAddresses(list: ListRules, addresses: readonly string[]): Said {
  const outside = addresses.filter(address => !isLoopback(address))
  if (outside.length > 0) return { kind: 'outside', local: outside.every(isPrivateAddress) }
  const said = addresses.map(address => readAddress(list, address))
  const refused = said.find(one => one.kind === 'refused')
  if (refused !== undefined) return refused
  const entries = said.flatMap(one => (one.kind === 'entry' ? [one] : []))
  const listed = entries.filter(entry => entry.says === 'listed')
  if (listed.length > 0) return joined(listed, 'listed')
  if (said.some(one => one.kind === 'loopback-one')) return { kind: 'loopback-one' }
  if (said.some(one => one.kind === 'undocumented')) return { kind: 'undocumented' }
  const neutral = entries.find(entry => entry.says === 'neutral')
  const [first] = entries
  if (first === undefined) return { kind: 'undocumented' }
  return joined(entries, neutral === undefined ? 'allowed' : 'neutral')
}

type Entry = Extract<Said, { kind: 'entry' }>

function joined(entries: readonly Entry[], says: Entry['says']): Entry {
  return {
    kind: 'entry',
    says,
    meaning: [...new Set(entries.map(entry => entry.meaning))].join(' '),
    weight: Math.max(0, ...entries.map(entry => entry.weight)) as BlacklistWeight,
  }
}

function readAddress(list: ListRules, address: string): Said {
  const octets = parseIpv4(address) ?? []
  const [, second = 0, third = 0, last = 0] = octets
  if (second === 255 && third === 255) {
    return { kind: 'refused', reason: errorReasons[last] ?? 'query-refused', meaning: null }
  }
  const exact = list.codes.find(code => 'address' in code && matches(octets, code.address))
  const isOne = address === '127.0.0.1'
  // A pattern wide enough to take in 127.0.0.1 was not written with it in mind.
  if (exact !== undefined && !(isOne && 'address' in exact && exact.address !== address))
    return saidBy(list, [exact])
  const bits =
    second === 0 && third === 0 ? list.codes.filter(code => 'bit' in code && (last & code.bit) !== 0) : []
  if (bits.length > 0) return saidBy(list, bits)
  return isOne ? { kind: 'loopback-one' } : { kind: 'undocumented' }
}

/** 127.255.255.x as Spamhaus and Validity use it; all lists are read so, because no list lists with it. */
const errorReasons: Readonly<Record<number, BlacklistReason>> = {
  252: 'wrong-zone',
  254: 'public-resolver',
  255: 'too-many-queries',
}

function saidBy(list: ListRules, codes: readonly BlacklistCode[]): Said {
  const refusal = codes.find(code => code.says === 'refused')
  if (refusal !== undefined) return { kind: 'refused', reason: 'query-refused', meaning: refusal.meaning }
  const listed = codes.filter(code => code.says === 'listed')
  const counted = listed.length > 0 ? listed : codes
  return {
    kind: 'entry',
    says:
      listed.length > 0 ? 'listed' : counted.every(code => code.says === 'allowed') ? 'allowed' : 'neutral',
    meaning: counted.map(code => code.meaning).join(' '),
    weight: Math.max(0, ...counted.map(code => code.weight ?? list.weight)) as BlacklistWeight,
  }
}

function matches(octets: readonly number[], pattern: string): boolean {
  return pattern.split('.').every((part, index) => {
    if (part === '*') return true
    const [from = '', to = from] = part.split('-')
    const octet = octets[index] ?? -1
    return octet >= Number(from) && octet <= Number(to)
  })
}

function isLoopback(address: string): boolean {
  return parseIpv4(address)?.[0] === 127
}

const gravity: readonly ListingState[] = [
  'listed',
  'refused',
  'tampering',
  'dead-zone',
  'unavailable',
  'not-listed',
]

/** Of the readings of several names of one target, the one to show: a listing first, then whatever keeps it open. */
export function gravest<R extends { readonly state: ListingState; readonly weight: BlacklistWeight }>(
  readings: readonly R[],
): R | undefined {
  return readings.toSorted(
    (a, b) => gravity.indexOf(a.state) - gravity.indexOf(b.state) || b.weight - a.weight,
  )[0]
}
